import { eq } from 'drizzle-orm';
import { reports } from '../../store/schema/definitions.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { checkReportInput, finishReport, lockReportForEdit } from './internal.ts';
import type { UpdateReportInput } from './schemas.ts';

/** Its owner and admins. Absent keys stay as they are; null takes the dashboard or the category away. */
export async function updateReport({ ctx, input }: { ctx: Ctx; input: UpdateReportInput }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const before = await lockReportForEdit(inner, input.id);
    const stays = input.dashboard_id?.toLowerCase() === before.dashboardId;
    const { dashboard_id: dashboardId, ...others } = input;
    await checkReportInput(inner, stays ? others : input);
    await inner.db
      .update(reports)
      .set({
        name: input.name,
        config: input.config,
        settings: input.settings,
        isSystem: input.is_system,
        dashboardId,
        categoryId: input.category_id,
        updatedAt: at,
      })
      .where(eq(reports.id, input.id));
    return finishReport(inner, input.id, input, 'report.update', at);
  });
}
