import { widgets } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { dashboardResource, sharedDashboards } from '../dashboards/resource.ts';
import { reread } from '../resources/get.ts';
import { lockForEdit } from '../resources/lock.ts';
import type { Model } from '../resources/resource.ts';
import { checkWidgetContent } from './check-content.ts';
import { widgetResource } from './resource.ts';
import type { CreateWidgetInput } from './schemas.ts';

/** Who edits the dashboard; SQL series need the right `sql`. */
export async function createWidget({ ctx, input }: { ctx: Ctx; input: CreateWidgetInput }): Promise<Model> {
  const content = { config: input.config ?? {}, settings: input.settings ?? {} };
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    await lockForEdit(inner, sharedDashboards, dashboardResource.noun, input.dashboard_id);
    checkWidgetContent(ctx.actor, content);
    const [row] = await inner.db
      .insert(widgets)
      .values({ name: input.name, ...content, dashboardId: input.dashboard_id, createdAt: at, updatedAt: at })
      .returning({ id: widgets.id });
    if (!row) throw new Error('an insert returned no row');
    const detail = { dashboard_id: input.dashboard_id };
    await audit(inner, { action: 'widget.create', objectKind: 'widget', objectId: row.id, at, detail });
    return reread(inner, widgetResource, row.id);
  });
}
