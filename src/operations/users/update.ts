import { and, eq, ne } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { groups, users } from '../../store/schema/access.ts';
import { requireRole } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { reread } from '../resources/get.ts';
import { replaceLinks } from '../resources/links.ts';
import type { Model } from '../resources/resource.ts';
import { groupsOfUser, usernameTaken } from './create.ts';
import { keepAnAdmin } from './keep-an-admin.ts';
import { userResource } from './resource.ts';
import type { UpdateUserInput } from './schemas.ts';

/** Admins only. @throws BroadsheetError `conflict` when the username is taken, or no admin would be left. */
export async function updateUser({ ctx, input }: { ctx: Ctx; input: UpdateUserInput }): Promise<Model> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const loses = input.disabled === true || (input.roles && !input.roles.includes('admin'));
    if (loses) await keepAnAdmin(inner, input.id);
    if (input.username !== undefined) await requireFreeName(inner, input.id, input.username);
    const [row] = await inner.db
      .update(users)
      .set({
        username: input.username,
        email: input.email,
        firstName: input.first_name,
        lastName: input.last_name,
        roles: input.roles && [...new Set(input.roles)],
        disabled: input.disabled,
        updatedAt: at,
      })
      .where(eq(users.id, input.id))
      .returning({ id: users.id });
    if (!row) throw notFound(`${userResource.noun} not found`);
    const linked = input._relations?.groups;
    if (linked) await replaceLinks(inner, groupsOfUser, { table: groups, id: groups.id }, row.id, linked);
    const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
    await audit(inner, { action: 'user.update', objectKind: 'user', objectId: row.id, at, detail });
    return reread(inner, userResource, row.id, { bare: Boolean(input._relations) });
  });
}

/** The polite answer; two admins taking one name at the same moment are kept apart by the UNIQUE constraint. */
async function requireFreeName(ctx: Ctx, id: string, username: string): Promise<void> {
  const taken = ctx.db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.username, username), ne(users.id, id)));
  if ((await taken).length > 0) throw usernameTaken();
}
