import { eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { users } from '../../store/schema/access.ts';
import { requireRole } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { keepAnAdmin } from './keep-an-admin.ts';
import { userResource } from './resource.ts';

/** Admins only. Keys and memberships go with the user; what it owned stays, and is the admins' from then on. */
export async function deleteUser({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await keepAnAdmin(inner, input.id);
    const [row] = await inner.db
      .delete(users)
      .where(eq(users.id, input.id))
      .returning({ id: users.id, username: users.username });
    if (!row) throw notFound(`${userResource.noun} not found`);
    const detail = { username: row.username };
    await audit(inner, { action: 'user.delete', objectKind: 'user', objectId: row.id, at, detail });
  });
}
