import { and, eq } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { documents, type RunState, runs } from '../../store/schema/runs.ts';
import { subtasks } from '../../store/schema/tasks.ts';
import { appendSteps, retryTask } from '../../tasks/change-task.ts';
import { sendJobs } from '../../tasks/jobs.ts';
import { mainOf } from '../archive/main-document.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { prepareDeliveries } from '../deliveries/prepare.ts';
import { deliverSteps, linkSteps, recipientsOf } from './archive-document.ts';
import { type RunRow, requireRunEdit } from './internal.ts';
import { loadDefinition } from './load-definition.ts';
import { MAKE_DOCUMENT } from './parts.ts';
import { runHooks } from './run-hooks.ts';

const RETRYABLE: readonly RunState[] = ['FAILED', 'PARTIAL', 'CANCELED', 'HELD'];

/**
 * Go on with a run that did not end well: its failed steps are done again, and only those. A document that was archived
 * is not made again, a recipient who has the mail (or may have it: UNCERTAIN) gets no second one. A HELD run is let go:
 * its document is delivered as it is.
 * @throws BroadsheetError `not_found`, `forbidden`, or `conflict` when there is nothing to retry.
 */
export async function retryRun({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await requireRunEdit(inner, input.id);
    const [run] = await inner.db.select().from(runs).where(eq(runs.id, input.id)).for('update');
    if (!run || !RETRYABLE.includes(run.state)) throw nothingToRetry(run?.state);
    if (run.state === 'HELD') await letGo(inner, run, at);
    else if (run.taskInstanceId === null) await queueAgain(inner, run);
    else await retryFailedSteps(inner, run, at);
    const state = run.taskInstanceId === null ? 'QUEUED' : 'RUNNING';
    await inner.db
      .update(runs)
      .set({ state, reason: null, error: null, finishedAt: null, updatedAt: at })
      .where(eq(runs.id, run.id));
    await audit(inner, { action: 'run.retry', objectKind: 'run', objectId: run.id, at, detail: { from: run.state } });
  });
}

const nothingToRetry = (state: RunState | undefined): BroadsheetError =>
  new BroadsheetError('conflict', `a run in the state ${state} has nothing to retry`);

/** Canceled before it had begun. */
async function queueAgain(ctx: Ctx, run: RunRow): Promise<void> {
  await sendJobs(ctx.db, [{ queue: run.instance, job: { kind: 'run', runId: run.id } }]);
}

async function retryFailedSteps(ctx: Ctx, run: RunRow, at: Date): Promise<void> {
  const taskId = run.taskInstanceId as number;
  const failed = await ctx.db
    .select({ id: subtasks.id })
    .from(subtasks)
    .where(and(eq(subtasks.taskInstanceId, taskId), eq(subtasks.state, 'FAILED')));
  if (failed.length === 0) throw nothingToRetry(run.state);
  await retryTask(ctx.db, runHooks(ctx), { taskId, at });
}

async function letGo(ctx: Ctx, run: RunRow, at: Date): Promise<void> {
  const [document] = await ctx.db.select({ id: documents.id }).from(documents).where(mainOf(run.id));
  const taskId = run.taskInstanceId;
  if (!document || taskId === null) throw nothingToRetry(run.state);
  const recipients = recipientsOf(await loadDefinition(ctx, run.id));
  const prepared = await prepareDeliveries({ ctx, input: { runId: run.id, documentId: document.id, recipients, at } });
  if (prepared.length === 0) throw new BroadsheetError('conflict', 'the task has no recipients');
  const [made] = await ctx.db
    .select({ id: subtasks.id })
    .from(subtasks)
    .where(and(eq(subtasks.taskInstanceId, taskId), eq(subtasks.handler, MAKE_DOCUMENT)));
  if (!made) throw nothingToRetry(run.state);
  await linkSteps(ctx.db, await appendSteps(ctx.db, { taskId, subtaskId: made.id, at }, deliverSteps(prepared)));
}
