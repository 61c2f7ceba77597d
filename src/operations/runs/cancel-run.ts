import { and, eq } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { runs } from '../../store/schema/runs.ts';
import { cancelTask } from '../../tasks/change-task.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { lockReportTask, releaseNext } from './finish-run.ts';
import { type RunRow, requireRunEdit } from './internal.ts';
import { runHooks } from './run-hooks.ts';

/**
 * Cancel a run: a QUEUED one ends at once, a RUNNING one as soon as its workers have let go. What was delivered stays
 * delivered.
 * @throws BroadsheetError `not_found`, `forbidden`, or `conflict` when the run has ended.
 */
export async function cancelRun({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const seen = await requireRunEdit(inner, input.id);
    if (!(await cancelQueued(inner, seen, at))) await cancelRunning(inner, input.id, at);
    await audit(inner, { action: 'run.cancel', objectKind: 'run', objectId: input.id, at });
  });
}

async function cancelQueued(ctx: Ctx, run: RunRow, at: Date): Promise<boolean> {
  if (run.state !== 'QUEUED') return false;
  if (run.taskId) await lockReportTask(ctx, run.taskId);
  const [canceled] = await ctx.db
    .update(runs)
    .set({ state: 'CANCELED', reason: 'canceled', updatedAt: at, finishedAt: at })
    .where(and(eq(runs.id, run.id), eq(runs.state, 'QUEUED')))
    .returning({ id: runs.id });
  if (!canceled) return false;
  ctx.metrics.runs.inc({ state: 'CANCELED' });
  if (run.taskId) await releaseNext(ctx, run.taskId);
  return true;
}

async function cancelRunning(ctx: Ctx, id: string, at: Date): Promise<void> {
  const [run] = await ctx.db.select().from(runs).where(eq(runs.id, id));
  if (run?.state !== 'RUNNING' || run.taskInstanceId === null) {
    throw new BroadsheetError('conflict', `a run in the state ${run?.state} can't be canceled`);
  }
  await cancelTask(ctx.db, runHooks(ctx), { taskId: run.taskInstanceId, at });
}
