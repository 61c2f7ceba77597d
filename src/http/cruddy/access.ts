import { keyResource } from '../../operations/access/key-resource.ts';
import { createKey, revokeKey } from '../../operations/access/keys.ts';
import { createKeySchema } from '../../operations/access/schemas.ts';
import { createGroup } from '../../operations/groups/create.ts';
import { deleteGroup } from '../../operations/groups/delete.ts';
import { groupResource } from '../../operations/groups/resource.ts';
import { createGroupSchema, updateGroupSchema } from '../../operations/groups/schemas.ts';
import { updateGroup } from '../../operations/groups/update.ts';
import { createUser } from '../../operations/users/create.ts';
import { deleteUser } from '../../operations/users/delete.ts';
import { userResource } from '../../operations/users/resource.ts';
import { createUserSchema, updateUserSchema } from '../../operations/users/schemas.ts';
import { updateUser } from '../../operations/users/update.ts';
import type { Family } from './family.ts';
import { addNoun } from './resource-routes.ts';

/** Users, groups and API keys. */
export function addAccessRoutes(family: Family): void {
  addNoun(family, {
    resource: userResource,
    path: '/users',
    create: { schema: createUserSchema, verb: createUser },
    update: { schema: updateUserSchema, verb: updateUser },
    remove: deleteUser,
  });
  addNoun(family, {
    resource: groupResource,
    path: '/groups',
    create: { schema: createGroupSchema, verb: createGroup },
    update: { schema: updateGroupSchema, verb: updateGroup },
    remove: deleteGroup,
  });
  addNoun(family, {
    resource: keyResource,
    path: '/api_keys',
    create: { schema: createKeySchema, verb: createKey },
    remove: revokeKey,
  });
}
