import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { reportTasks } from '../../store/schema/definitions.ts';
import { type RunState, runs } from '../../store/schema/runs.ts';
import { subtasks, taskInstances } from '../../store/schema/tasks.ts';
import type { Job } from '../../tasks/jobs.ts';
import { type InlineWorker, startInlineWorker } from '../../tasks/work-inline.ts';
import type { Ctx } from '../context.ts';
import { expandRun } from './expand-run.ts';
import { nextInLine } from './finish-run.ts';
import type { RunRow } from './internal.ts';
import type { RunParts } from './parts.ts';
import { createRunHandlers } from './run-handlers.ts';

/** `createRun` sends the run's job this much later when its caller works the run itself: the job is the safety net. */
export const INLINE_DELAY_SECONDS = 15;

const POLL_MS = 300;
const ENDED: readonly RunState[] = ['SUCCESSFUL', 'PARTIAL', 'HELD', 'FAILED', 'CANCELED', 'SKIPPED'];

export interface InlineWork {
  readonly ctx: Ctx;
  readonly parts: RunParts;
  readonly database: Pick<Database, 'sql' | 'db'>;
  readonly input: { readonly runId: string };
}

/**
 * Work a run to its end in this process, without a job, for one-shot commands. It has the same fences as a worker: if
 * the run's job was created with INLINE_DELAY_SECONDS and this process dies, a worker of the service goes on with it;
 * if a worker has the run already, this only waits for it. A run that waits for an earlier one of its task is waited
 * for as well. Jobs that turn out to be needless are taken out of their queue, so that none is left where no service
 * ever runs. On abort the step in hand is handed back and the abort's reason thrown.
 * @returns the state in which the run ended.
 */
export async function workRunInline({ ctx, parts, database, input }: InlineWork): Promise<RunState> {
  const presence = { id: randomUUID(), host: hostname(), pid: process.pid, instances: [] };
  const handlers = createRunHandlers(ctx, parts);
  const worker = await startInlineWorker({ database, handlers, clock: ctx.clock, log: ctx.log, presence });
  ctx.signal.addEventListener('abort', worker.stopSteps);
  try {
    for (;;) {
      ctx.signal.throwIfAborted();
      const state = await turn(ctx, worker, input.runId);
      if (state) return state;
    }
  } finally {
    ctx.signal.removeEventListener('abort', worker.stopSteps);
    await worker.close();
  }
}

/** Some steps, or a pause; the run's state when it has ended. */
async function turn(ctx: Ctx, worker: InlineWorker, runId: string): Promise<RunState | null> {
  const [run] = await ctx.db.select().from(runs).where(eq(runs.id, runId));
  if (!run) return 'CANCELED';
  if (ENDED.includes(run.state)) {
    const tasks = await tasksOf(ctx, runId);
    for (const taskId of tasks) await worker.workSteps(taskId);
    await worker.drop(run.instance, [{ kind: 'run', runId }, ...(await endedSteps(ctx, tasks))]);
    return run.state;
  }
  if (run.state === 'QUEUED' && (await mayBegin(ctx, run))) await expandRun({ ctx, input: { runId } });
  const worked = run.taskInstanceId !== null && (await worker.workSteps(run.taskInstanceId));
  if (!worked) await sleep(POLL_MS, undefined, { signal: ctx.signal }).catch(() => undefined);
  return null;
}

/** A run that waits for an earlier one of its task does not begin. */
async function mayBegin(ctx: Ctx, run: RunRow): Promise<boolean> {
  if (run.taskId === null || run.trigger === 'test') return true;
  const [task] = await ctx.db
    .select({ policy: reportTasks.overlapPolicy })
    .from(reportTasks)
    .where(eq(reportTasks.id, run.taskId));
  return task?.policy === 'parallel' || (await nextInLine(ctx, run.taskId))?.id === run.id;
}

/** The run's own task and its notices'. */
async function tasksOf(ctx: Ctx, runId: string): Promise<number[]> {
  const found = await ctx.db
    .select({ id: taskInstances.id })
    .from(taskInstances)
    .where(sql`${taskInstances.context}->>'run_id' = ${runId}`);
  return found.map((task) => task.id);
}

async function endedSteps(ctx: Ctx, taskIds: readonly number[]): Promise<Job[]> {
  const steps = await ctx.db
    .select({ id: subtasks.id })
    .from(subtasks)
    .where(and(inArray(subtasks.taskInstanceId, [...taskIds]), inArray(subtasks.state, ['SUCCESSFUL', 'FAILED'])));
  return steps.map((step) => ({ kind: 'subtask', subtaskId: step.id }));
}
