import { eq } from 'drizzle-orm';
import { dashboards, reports } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { visibleBlockers } from '../reports/visible-blockers.ts';
import { refuseIfBlocked } from '../resources/blocked.ts';
import { lockForEdit } from '../resources/lock.ts';
import { dashboardResource, sharedDashboards } from './resource.ts';

/** Its owner and admins; its widgets go with it. @throws BroadsheetError `blocked` while reports are made from it. */
export async function deleteDashboard({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await lockForEdit(inner, sharedDashboards, dashboardResource.noun, input.id);
    refuseIfBlocked({ reports: await visibleBlockers(inner, eq(reports.dashboardId, input.id)) });
    await inner.db.delete(dashboards).where(eq(dashboards.id, input.id));
    await audit(inner, { action: 'dashboard.delete', objectKind: 'dashboard', objectId: input.id, at });
  });
}
