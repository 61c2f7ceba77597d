import { groups } from '../../store/schema/access.ts';
import { requireRole } from '../access/rights.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { finishGroup, groupColumns } from './internal.ts';
import type { CreateGroupInput } from './schemas.ts';

/** Admins only. */
export async function createGroup({ ctx, input }: { ctx: Ctx; input: CreateGroupInput }): Promise<Model> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .insert(groups)
      .values({ ...groupColumns(input), name: input.name, createdAt: at, updatedAt: at })
      .returning({ id: groups.id });
    if (!row) throw new Error('an insert returned no row');
    return finishGroup(inner, row.id, input, 'group.create', at);
  });
}
