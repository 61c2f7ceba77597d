import { eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { groups } from '../../store/schema/access.ts';
import { requireRole } from '../access/rights.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { finishGroup, groupColumns } from './internal.ts';
import { groupResource } from './resource.ts';
import type { UpdateGroupInput } from './schemas.ts';

/** Admins only. */
export async function updateGroup({ ctx, input }: { ctx: Ctx; input: UpdateGroupInput }): Promise<Model> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .update(groups)
      .set({ ...groupColumns(input), name: input.name, updatedAt: at })
      .where(eq(groups.id, input.id))
      .returning({ id: groups.id });
    if (!row) throw notFound(`${groupResource.noun} not found`);
    return finishGroup(inner, row.id, input, 'group.update', at);
  });
}
