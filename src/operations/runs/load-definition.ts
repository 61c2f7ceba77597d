import { asc, eq, sql } from 'drizzle-orm';
import type { ReportDefinition } from '../../definition/definition.ts';
import { parseReport } from '../../definition/parse-report.ts';
import { BroadsheetError } from '../../errors.ts';
import { dashboards, reports, reportTasks, widgets } from '../../store/schema/definitions.ts';
import { runs } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { weightOf } from '../resources/answer-size.ts';
import type { Principal } from '../sources/rights.ts';
import { principalsOf } from './principals.ts';

export interface LoadedRun {
  readonly run: typeof runs.$inferSelect;
  /** Null for a generation on demand, and when the task was deleted meanwhile. */
  readonly task: typeof reportTasks.$inferSelect | null;
  readonly definition: ReportDefinition;
  /** What the stored definition says that could not be understood. */
  readonly warnings: readonly string[];
  /** In whose names its sources are read; the first is whom the run is made for. */
  readonly principals: readonly Principal[];
  /** Whose document it becomes: the task's owner, else the report's. */
  readonly ownerId: string | null;
}

/**
 * Everything that a run prints from, as it is stored now.
 * @throws BroadsheetError `not_found` when the run is gone, `unprocessable` when its report is, when the task's owner
 * may no longer see it, or when its widgets are too large.
 */
export async function loadDefinition(ctx: Ctx, runId: string): Promise<LoadedRun> {
  const [row] = await ctx.db
    .select({ run: runs, task: reportTasks, report: reports, dashboard: dashboards })
    .from(runs)
    .leftJoin(reportTasks, eq(reportTasks.id, runs.taskId))
    .leftJoin(reports, eq(reports.id, runs.reportId))
    .leftJoin(dashboards, eq(dashboards.id, reports.dashboardId))
    .where(eq(runs.id, runId));
  if (!row) throw new BroadsheetError('not_found', 'run not found');
  if (!row.report) throw new BroadsheetError('unprocessable', 'the report was deleted');
  const { run, task, report, dashboard } = row;
  const principals = await principalsOf(ctx, { task, report, dashboard });
  const parts = dashboard ? await widgetsOf(ctx, dashboard.id) : [];
  const { definition, warnings } = parseReport({ report, dashboard, widgets: parts });
  return { run, task, definition, warnings, principals, ownerId: (task ?? report).ownerId };
}

async function widgetsOf(ctx: Ctx, dashboardId: string) {
  const held = eq(widgets.dashboardId, dashboardId);
  const bytes = sql<number | null>`sum(${weightOf([widgets.config, widgets.settings])})`;
  const [weight] = await ctx.db.select({ bytes }).from(widgets).where(held);
  if ((weight?.bytes ?? 0) > ctx.config.ANSWER_LIMIT_BYTES)
    throw new BroadsheetError('unprocessable', 'the widgets of the dashboard are too large to be printed together');
  return ctx.db.select().from(widgets).where(held).orderBy(asc(widgets.createdAt));
}
