import { and, asc, eq, inArray, ne } from 'drizzle-orm';
import { reportTasks } from '../../store/schema/definitions.ts';
import { type DeliveryState, deliveries, documents, type RunState, runs } from '../../store/schema/runs.ts';
import { subtasks } from '../../store/schema/tasks.ts';
import type { TaskRow } from '../../tasks/handlers.ts';
import { sendJobs } from '../../tasks/jobs.ts';
import { submitTask } from '../../tasks/submit-task.ts';
import { mainOf } from '../archive/main-document.ts';
import type { Ctx } from '../context.ts';
import type { NoticeCause } from '../deliveries/post.ts';
import { isHeld, isPartial } from './archive-document.ts';
import { NOTICE_TASK, NOTICE_TIMEOUT_SECONDS, SEND_NOTICE } from './parts.ts';

type RunRow = typeof runs.$inferSelect;
interface Verdict {
  readonly state: RunState;
  readonly reason: string | null;
  readonly error: { code: string; message: string } | null;
  readonly causes: readonly NoticeCause[];
}

const NOTICE_ATTEMPTS = 5;

/**
 * A run's task has ended: give the run its state, let the task's next waiting run begin, and order notices. Joins the
 * transaction in which the task ended (`ctx.db`).
 */
export async function finishRun({ ctx, input }: { ctx: Ctx; input: { task: TaskRow; at: Date } }): Promise<void> {
  const { task, at } = input;
  const runId = String(task.context.run_id);
  const [found] = await ctx.db.select({ taskId: runs.taskId }).from(runs).where(eq(runs.id, runId));
  if (found?.taskId) await lockReportTask(ctx, found.taskId);
  const [run] = await ctx.db
    .select()
    .from(runs)
    .where(and(eq(runs.id, runId), eq(runs.state, 'RUNNING')))
    .for('update');
  if (!run) return;
  const { state, reason, error, causes } = await verdictOf(ctx, run, task);
  if (state === 'CANCELED') await cancelDeliveries(ctx, run.id, at);
  await ctx.db
    .update(runs)
    .set({ state, reason, error, timings: timingsOf(run, at), updatedAt: at, finishedAt: at })
    .where(eq(runs.id, run.id));
  ctx.metrics.runs.inc({ state });
  ctx.log.info({ run_id: run.id, state, reason }, 'run finished');
  await orderNotices(ctx, run, causes, at);
  if (run.taskId) await releaseNext(ctx, run.taskId);
}

/** Under this lock firings of a task and ends of its runs see each other: nobody waits for a run that is gone. */
export async function lockReportTask(ctx: Ctx, taskId: string): Promise<void> {
  await ctx.db.select({ id: reportTasks.id }).from(reportTasks).where(eq(reportTasks.id, taskId)).for('update');
}

/** Send the job of the run that may begin next. The task's row is locked. */
export async function releaseNext(ctx: Ctx, taskId: string): Promise<void> {
  const next = await nextInLine(ctx, taskId);
  if (next) await sendJobs(ctx.db, [{ queue: next.instance, job: { kind: 'run', runId: next.id } }]);
}

/** The oldest run of a task that waits, unless another one is going. */
export async function nextInLine(ctx: Ctx, taskId: string): Promise<{ id: string; instance: string } | null> {
  const open = await ctx.db
    .select({ id: runs.id, state: runs.state, instance: runs.instance })
    .from(runs)
    .where(and(eq(runs.taskId, taskId), inArray(runs.state, ['QUEUED', 'RUNNING']), ne(runs.trigger, 'test')))
    .orderBy(asc(runs.scheduledFor));
  return open.some((run) => run.state === 'RUNNING') ? null : (open[0] ?? null);
}

async function verdictOf(ctx: Ctx, run: RunRow, task: TaskRow): Promise<Verdict> {
  const steps = await ctx.db
    .select({ error: subtasks.error })
    .from(subtasks)
    .where(and(eq(subtasks.taskInstanceId, task.id), eq(subtasks.state, 'FAILED')));
  if (steps.some((step) => step.error?.code === 'canceled')) return verdict('CANCELED', 'canceled');
  const [document] = await ctx.db.select({ id: documents.id }).from(documents).where(mainOf(run.id));
  if (!document) return verdict('FAILED', null, ['FAILED'], steps[0]?.error ?? null);
  const ledger = await ctx.db.select({ state: deliveries.state }).from(deliveries).where(eq(deliveries.runId, run.id));
  if (ledger.length === 0 && (await wasHeld(ctx, run))) {
    return verdict('HELD', 'the report is partial, and its task holds partial reports', ['HELD']);
  }
  return verdictOfLedger(
    run,
    ledger.map((row) => row.state),
    steps[0]?.error ?? null,
  );
}

function verdictOfLedger(run: RunRow, states: readonly DeliveryState[], error: Verdict['error']): Verdict {
  const count = (...wanted: DeliveryState[]): number => states.filter((state) => wanted.includes(state)).length;
  const lost = states.length - count('SENT', 'UNCERTAIN');
  const uncertain = count('UNCERTAIN');
  const causes: NoticeCause[] = uncertain > 0 ? ['UNCERTAIN'] : [];
  if (states.length > 0 && lost === states.length) {
    return verdict('FAILED', 'no recipient could be reached', ['FAILED'], error);
  }
  const reasons = [
    ...(lost > 0 ? [`${lost} of ${states.length} deliveries failed`] : []),
    ...(uncertain > 0 ? [`${uncertain} of ${states.length} deliveries are uncertain`] : []),
    ...(isPartial(run.widgets) ? ['some widgets failed'] : []),
  ];
  if (lost > 0) causes.push('REFUSED');
  return verdict(
    reasons.length > 0 ? 'PARTIAL' : 'SUCCESSFUL',
    reasons.join('; ') || null,
    causes,
    lost > 0 ? error : null,
  );
}

const verdict = (
  state: RunState,
  reason: string | null,
  causes: readonly NoticeCause[] = [],
  error: Verdict['error'] = null,
): Verdict => ({ state, reason, error, causes });

async function wasHeld(ctx: Ctx, run: RunRow): Promise<boolean> {
  if (run.taskId === null) return false;
  const [task] = await ctx.db.select().from(reportTasks).where(eq(reportTasks.id, run.taskId));
  return task !== undefined && isHeld({ task }, run);
}

/** `deliver`: from the archive to the end; `total`: from the beginning to the end. */
function timingsOf(run: RunRow, at: Date): Record<string, number> {
  const total = run.startedAt ? at.getTime() - run.startedAt.getTime() : 0;
  const archived = run.timings.archive === undefined ? null : run.updatedAt;
  return { ...run.timings, ...(archived ? { deliver: at.getTime() - archived.getTime() } : {}), total };
}

async function cancelDeliveries(ctx: Ctx, runId: string, at: Date): Promise<void> {
  await ctx.db
    .update(deliveries)
    .set({ state: 'CANCELED', updatedAt: at })
    .where(and(eq(deliveries.runId, runId), inArray(deliveries.state, ['PENDING', 'RETRYING'])));
}

/** A notice is a task of its own, ordered with the verdict: a crash cannot lose it, and its mail holds up nobody. */
async function orderNotices(ctx: Ctx, run: RunRow, causes: readonly NoticeCause[], at: Date): Promise<void> {
  for (const cause of causes) {
    const step = {
      key: 'notice',
      name: `Send notice: ${cause}`,
      handler: SEND_NOTICE,
      input: { run_id: run.id, cause },
      attempts: NOTICE_ATTEMPTS,
      timeoutSeconds: NOTICE_TIMEOUT_SECONDS,
      prohibitRollback: true,
    };
    const about = { kind: NOTICE_TASK, queue: run.instance, context: { run_id: run.id } };
    const notice = { name: 'Send notice', type: 'SYS_SCHEDULED' as const, ...about };
    await submitTask(ctx.db, { ...notice, steps: [step] }, { at });
  }
}
