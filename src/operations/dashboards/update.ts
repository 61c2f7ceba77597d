import { eq } from 'drizzle-orm';
import { dashboards } from '../../store/schema/definitions.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { lockForEdit } from '../resources/lock.ts';
import type { Model } from '../resources/resource.ts';
import { finishDashboard } from './internal.ts';
import { dashboardResource, sharedDashboards } from './resource.ts';
import type { UpdateDashboardInput } from './schemas.ts';

/** Its owner and admins. Keys that are absent stay as they are. */
export async function updateDashboard({ ctx, input }: { ctx: Ctx; input: UpdateDashboardInput }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    await lockForEdit(inner, sharedDashboards, dashboardResource.noun, input.id);
    await inner.db
      .update(dashboards)
      .set({ name: input.name, config: input.config, traceId: input.trace_id, updatedAt: at })
      .where(eq(dashboards.id, input.id));
    return finishDashboard(inner, input.id, input, 'dashboard.update', at);
  });
}
