import { eq, sql } from 'drizzle-orm';
import { apiKeys } from '../../store/schema/access.ts';
import { modelFields, type Resource } from '../resources/resource.ts';
import { SHORT_USER } from '../resources/shapes.ts';
import { isAdmin } from './rights.ts';

/** API keys, without anything of the key itself. A user sees its own, admins see all. */
export const keyResource: Resource = {
  name: 'api_keys',
  noun: 'key',
  table: apiKeys,
  id: apiKeys.id,
  fields: {
    ...modelFields(apiKeys),
    name: { column: apiKeys.name, type: 'string' },
    user_id: { column: apiKeys.userId, type: 'uuid' },
    revoked_at: { column: apiKeys.revokedAt, type: 'date' },
  },
  relations: { user: { kind: 'one', target: 'users', key: 'user_id', shape: SHORT_USER } },
  visible: (actor) =>
    isAdmin(actor) ? undefined : actor.userId === null ? sql`false` : eq(apiKeys.userId, actor.userId),
};
