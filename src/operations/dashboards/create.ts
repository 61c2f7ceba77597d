import { dashboards } from '../../store/schema/definitions.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { finishDashboard } from './internal.ts';
import type { CreateDashboardInput } from './schemas.ts';

/** Anybody; the actor owns it. */
export async function createDashboard({ ctx, input }: { ctx: Ctx; input: CreateDashboardInput }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .insert(dashboards)
      .values({
        name: input.name,
        config: input.config ?? {},
        traceId: input.trace_id ?? null,
        ownerId: ctx.actor.userId,
        createdAt: at,
        updatedAt: at,
      })
      .returning({ id: dashboards.id });
    if (!row) throw new Error('an insert returned no row');
    return finishDashboard(inner, row.id, input, 'dashboard.create', at);
  });
}
