import { eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { groups } from '../../store/schema/access.ts';
import { requireRole } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { groupResource } from './resource.ts';

/** Admins only. What was shared with the group is shared with its members no more. */
export async function deleteGroup({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .delete(groups)
      .where(eq(groups.id, input.id))
      .returning({ id: groups.id, name: groups.name });
    if (!row) throw notFound(`${groupResource.noun} not found`);
    const detail = { name: row.name };
    await audit(inner, { action: 'group.delete', objectKind: 'group', objectId: row.id, at, detail });
  });
}
