import { eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { widgets } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { dashboardResource, sharedDashboards } from '../dashboards/resource.ts';
import { lockForEdit } from '../resources/lock.ts';
import { widgetResource } from './resource.ts';

/** Who edits its dashboard. A page that still names it says so when it is printed. */
export async function deleteWidget({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .select({ dashboardId: widgets.dashboardId })
      .from(widgets)
      .where(eq(widgets.id, input.id))
      .for('update');
    if (!row) throw notFound(`${widgetResource.noun} not found`);
    await lockForEdit(inner, sharedDashboards, dashboardResource.noun, row.dashboardId);
    await inner.db.delete(widgets).where(eq(widgets.id, input.id));
    const detail = { dashboard_id: row.dashboardId };
    await audit(inner, { action: 'widget.delete', objectKind: 'widget', objectId: input.id, at, detail });
  });
}
