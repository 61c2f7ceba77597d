import { eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { widgets } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { dashboardResource, sharedDashboards } from '../dashboards/resource.ts';
import { reread } from '../resources/get.ts';
import { lockForEdit } from '../resources/lock.ts';
import type { Model } from '../resources/resource.ts';
import { checkWidgetContent } from './check-content.ts';
import { widgetResource } from './resource.ts';
import type { UpdateWidgetInput } from './schemas.ts';

/** Who edits its dashboard, and the dashboard it moves to; new SQL needs the right `sql`. */
export async function updateWidget({ ctx, input }: { ctx: Ctx; input: UpdateWidgetInput }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [before] = await inner.db.select().from(widgets).where(eq(widgets.id, input.id)).for('update');
    if (!before) throw notFound(`${widgetResource.noun} not found`);
    await lockForEdit(inner, sharedDashboards, dashboardResource.noun, before.dashboardId);
    if (input.dashboard_id !== undefined) {
      await lockForEdit(inner, sharedDashboards, dashboardResource.noun, input.dashboard_id);
    }
    const next = { config: input.config ?? before.config, settings: input.settings ?? before.settings };
    checkWidgetContent(ctx.actor, next, before);
    await inner.db
      .update(widgets)
      .set({
        name: input.name,
        config: input.config,
        settings: input.settings,
        dashboardId: input.dashboard_id,
        updatedAt: at,
      })
      .where(eq(widgets.id, input.id));
    const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
    await audit(inner, { action: 'widget.update', objectKind: 'widget', objectId: input.id, at, detail });
    return reread(inner, widgetResource, input.id);
  });
}
