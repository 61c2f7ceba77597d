import { and, asc, eq } from 'drizzle-orm';
import type { ReportDefinition } from '../../definition/definition.ts';
import { parseReport } from '../../definition/parse-report.ts';
import { BroadsheetError } from '../../errors.ts';
import { groupUsers, users } from '../../store/schema/access.ts';
import { dashboards, reports, reportTasks, widgets } from '../../store/schema/definitions.ts';
import { runs } from '../../store/schema/runs.ts';
import { anonymousActor } from '../access/authenticate.ts';
import type { Actor, Ctx } from '../context.ts';

export interface LoadedRun {
  readonly run: typeof runs.$inferSelect;
  /** Null for a generation on demand, and when the task was deleted meanwhile. */
  readonly task: typeof reportTasks.$inferSelect | null;
  readonly definition: ReportDefinition;
  /** What the stored definition says that could not be understood. */
  readonly warnings: readonly string[];
  /** Whose rights the report is read with: the task's owner, else the report's. */
  readonly owner: Actor;
  readonly ownerId: string | null;
}

/**
 * Everything that a run prints from, as it is stored now.
 * @throws BroadsheetError `not_found` when the run is gone, `unprocessable` when its report is.
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
  const parts = dashboard
    ? await ctx.db.select().from(widgets).where(eq(widgets.dashboardId, dashboard.id)).orderBy(asc(widgets.createdAt))
    : [];
  const { definition, warnings } = parseReport({ report, dashboard, widgets: parts });
  const ownerId = (task ?? report).ownerId;
  return { run, task, definition, warnings, owner: await ownerOf(ctx, ownerId), ownerId };
}

/** An owner who was deleted or disabled has no rights left, and so has the report. */
async function ownerOf(ctx: Ctx, ownerId: string | null): Promise<Actor> {
  if (ownerId === null) return anonymousActor;
  const [user] = await ctx.db
    .select({ email: users.email, roles: users.roles })
    .from(users)
    .where(and(eq(users.id, ownerId), eq(users.disabled, false)));
  if (!user) return anonymousActor;
  const groups = await ctx.db
    .select({ groupId: groupUsers.groupId })
    .from(groupUsers)
    .where(eq(groupUsers.userId, ownerId));
  return { userId: ownerId, ...user, groupIds: groups.map((group) => group.groupId) };
}
