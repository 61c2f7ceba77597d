import { and, eq } from 'drizzle-orm';
import { forbidden, notFound } from '../../errors.ts';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { runs } from '../../store/schema/runs.ts';
import { mayEdit } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { visibleReports } from '../reports/resource.ts';
import { visibleRuns } from './resource.ts';

export type RunRow = typeof runs.$inferSelect;

/** @throws BroadsheetError `not_found`, or `forbidden` when the run exists but the actor can't see it. */
export async function requireVisibleRun(ctx: Ctx, id: string): Promise<RunRow> {
  const [run] = await ctx.db.select().from(runs).where(eq(runs.id, id));
  if (!run) throw notFound('run not found');
  const seen = visibleRuns(ctx.actor);
  if (!seen) return run;
  const found = await ctx.db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.id, id), seen));
  if (found.length === 0) throw forbidden();
  return run;
}

/**
 * A run may be canceled and retried by the owners of its task and of its report, by admins, and by who asked for it, as
 * long as its report is theirs to see: a retry makes a new document.
 * @throws BroadsheetError `not_found` or `forbidden`.
 */
export async function requireRunEdit(ctx: Ctx, id: string): Promise<RunRow> {
  const [row] = await ctx.db
    .select({ run: runs, taskOwner: reportTasks.ownerId, reportOwner: reports.ownerId })
    .from(runs)
    .leftJoin(reportTasks, eq(reportTasks.id, runs.taskId))
    .leftJoin(reports, eq(reports.id, runs.reportId))
    .where(eq(runs.id, id));
  if (!row) throw notFound('run not found');
  const { run, taskOwner, reportOwner } = row;
  if ([taskOwner, reportOwner].some((owner) => mayEdit(ctx.actor, owner))) return run;
  const asked = run.requestedBy !== null && run.requestedBy === ctx.actor.userId;
  if (asked && run.reportId !== null && (await isReportSeen(ctx, run.reportId))) return run;
  throw forbidden();
}

async function isReportSeen(ctx: Ctx, reportId: string): Promise<boolean> {
  const found = ctx.db
    .select({ id: reports.id })
    .from(reports)
    .where(and(eq(reports.id, reportId), visibleReports(ctx.actor)));
  return (await found).length > 0;
}
