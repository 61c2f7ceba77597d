import { eq } from 'drizzle-orm';
import { forbidden, notFound } from '../../errors.ts';
import { runs } from '../../store/schema/runs.ts';
import { isAdmin, requireVisible } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { loadTask } from '../report-tasks/load-task.ts';
import { sharedReports } from '../reports/resource.ts';

export type RunRow = typeof runs.$inferSelect;

/**
 * A run, for who may see its ledger (whoever asked for the run, or sees its task or report) or have a delivery tried
 * again (who may edit the task).
 * @throws BroadsheetError `not_found`, `forbidden`
 */
export async function requireRun(ctx: Ctx, runId: string, right: 'see' | 'edit'): Promise<RunRow> {
  const [run] = await ctx.db.select().from(runs).where(eq(runs.id, runId));
  if (!run) throw notFound('run not found');
  const asked = ctx.actor.userId !== null && run.requestedBy === ctx.actor.userId;
  if (isAdmin(ctx.actor) || (right === 'see' && asked)) return run;
  if (run.taskId !== null) await loadTask(ctx, run.taskId, right);
  else if (right === 'see' && run.reportId !== null) await requireVisible(ctx, sharedReports, run.reportId);
  else throw forbidden();
  return run;
}
