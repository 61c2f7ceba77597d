import { BroadsheetError } from '../../errors.ts';
import { groups, groupUsers, users } from '../../store/schema/access.ts';
import { requireRole } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { reread } from '../resources/get.ts';
import { replaceLinks } from '../resources/links.ts';
import type { Model } from '../resources/resource.ts';
import { userResource } from './resource.ts';
import type { CreateUserInput } from './schemas.ts';

/** The groups of a user as a link set. */
export const groupsOfUser = { table: groupUsers, objectId: groupUsers.userId, memberId: groupUsers.groupId };

export const usernameTaken = (): BroadsheetError => new BroadsheetError('conflict', 'username is already taken');

/** Admins only. @throws BroadsheetError `conflict` when the username is taken. */
export async function createUser({ ctx, input }: { ctx: Ctx; input: CreateUserInput }): Promise<Model> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .insert(users)
      .values({
        username: input.username,
        email: input.email,
        firstName: input.first_name ?? '',
        lastName: input.last_name ?? '',
        roles: [...new Set(input.roles ?? [])],
        disabled: input.disabled ?? false,
        createdAt: at,
        updatedAt: at,
      })
      .onConflictDoNothing({ target: users.username })
      .returning({ id: users.id });
    if (!row) throw usernameTaken();
    const linked = input._relations?.groups;
    if (linked) await replaceLinks(inner, groupsOfUser, { table: groups, id: groups.id }, row.id, linked);
    await audit(inner, { action: 'user.create', objectKind: 'user', objectId: row.id, at });
    return reread(inner, userResource, row.id, { bare: Boolean(input._relations) });
  });
}
