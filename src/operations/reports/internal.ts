import { eq } from 'drizzle-orm';
import { forbidden, notFound } from '../../errors.ts';
import { reportCategories, reports } from '../../store/schema/definitions.ts';
import { isAdmin, requireEdit, requireVisible } from '../access/rights.ts';
import { audit } from '../audit.ts';
import type { Ctx } from '../context.ts';
import { dashboardResource, sharedDashboards } from '../dashboards/resource.ts';
import { categoryResource } from '../report-categories/resource.ts';
import { checkPictureField } from '../resources/check-picture.ts';
import { reread } from '../resources/get.ts';
import { shareWith } from '../resources/links.ts';
import type { Model } from '../resources/resource.ts';
import { reportResource, sharedReports } from './resource.ts';
import type { CreateReportInput, UpdateReportInput } from './schemas.ts';

/**
 * Lock a report for a change by the actor: its owner, admins; system reports admins only.
 * @throws BroadsheetError `not_found` "report not found", `forbidden`.
 */
export async function lockReportForEdit(ctx: Ctx, id: string): Promise<typeof reports.$inferSelect> {
  const [report] = await ctx.db.select().from(reports).where(eq(reports.id, id)).for('update');
  if (!report) throw notFound(`${reportResource.noun} not found`);
  requireEdit(ctx.actor, report.isSystem ? null : report.ownerId);
  return report;
}

/**
 * What a report may refer to and hold: a dashboard that the actor sees, a category that exists, images that can be
 * printed; the system mark from an admin.
 */
export async function checkReportInput(ctx: Ctx, input: CreateReportInput | UpdateReportInput): Promise<void> {
  if (input.is_system && !isAdmin(ctx.actor)) throw forbidden();
  for (const band of ['header', 'footer', 'cover']) checkPictureField(input, ['settings', band, 'image']);
  if (input.dashboard_id) {
    await requireVisible(ctx, sharedDashboards, input.dashboard_id, `${dashboardResource.noun} not found`);
  }
  if (input.category_id) {
    const found = ctx.db
      .select({ id: reportCategories.id })
      .from(reportCategories)
      .where(eq(reportCategories.id, input.category_id))
      .for('key share');
    if ((await found).length === 0) throw notFound(`${categoryResource.noun} not found`);
  }
}

/** The common end of create and update: who it is shared with, audit row, answer. */
export async function finishReport(
  ctx: Ctx,
  id: string,
  input: CreateReportInput | UpdateReportInput,
  action: string,
  at: Date,
): Promise<Model> {
  await shareWith(ctx, sharedReports, id, { users: input._relations?.users, groups: input._relations?.groups });
  const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
  await audit(ctx, { action, objectKind: 'report', objectId: id, at, detail });
  return reread(ctx, reportResource, id, { bare: Boolean(input._relations) });
}
