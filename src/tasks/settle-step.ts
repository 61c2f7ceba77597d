import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Claim } from '../store/claim-subtask.ts';
import type { Db } from '../store/database.ts';
import { type SubtaskState, subtaskEdges, subtasks, type TaskState, taskInstances } from '../store/schema/tasks.ts';
import type { Finishers, Finishing, StepResult, SubtaskRow, TaskRow } from './handlers.ts';
import { sendJobs } from './jobs.ts';
import { insertSteps } from './submit-task.ts';

/*
 * A subtask:
 *
 *   PENDING ──all parents SUCCESSFUL──▶ READY ──claim──▶ RUNNING ──done──▶ SUCCESSFUL
 *                                         ▲                │ │
 *                                         │                │ └─failed, no tries left─▶ FAILED
 *          failed with tries left, `again`,                │                            │ ▲
 *          shutdown (handed back) ─────────┴───────────────┤              retry ▶ READY ┘ │
 *                                                          │              skip  ▶ SUCCESSFUL
 *                                                          └─cancel─▶ CANCELING ──stopped─┤
 *   READY ──cancel──────────────────────────────────────────────────────────────────────▶─┘
 *
 *   RUNNING of a lost worker ──claim──▶ RUNNING of another one, attempt + 1.
 *
 * A task is RUNNING while a subtask is READY, RUNNING or CANCELING; then FAILED if one is FAILED, else SUCCESSFUL.
 * PENDING subtasks behind a FAILED one stay PENDING (as OCP shows them).
 *
 * Every change takes the lock of the task's row first, then changes subtasks by conditional UPDATEs. A claim alone
 * does without the lock: it is one statement on one row. What becomes READY is sent in the same transaction.
 */

export interface Settlement {
  readonly claim: Claim;
  readonly result: StepResult | { readonly kind: 'handed back' };
  readonly at: Date;
  /** What a failure means: the number of seconds to the next try, or null for final. */
  readonly retryIn: number | null;
  /** Runs in the transaction that settles: e.g. completes the job that delivered the step. */
  readonly also?: (tx: Db) => Promise<void>;
}

export type Settled = SubtaskState | 'fenced';

class Fenced extends Error {}

/**
 * Settle a claimed step in one transaction, behind its fence: a claim that was taken over changes nothing (`fenced`).
 * A step that was canceled meanwhile becomes FAILED, whatever it came to, and its effects are not committed.
 */
export async function settleStep(db: Db, finishers: Finishers, settlement: Settlement): Promise<Settled> {
  try {
    return await db.transaction(async (tx) => {
      const { task, subtask } = await lockClaimed(tx, settlement.claim);
      const state = await applyResult(tx, task, subtask, settlement);
      await settlement.also?.(tx);
      await settleTask(tx, finishers, task.id, settlement.at);
      return state;
    });
  } catch (error) {
    if (error instanceof Fenced) return 'fenced';
    throw error;
  }
}

async function lockClaimed(tx: Db, claim: Claim): Promise<{ task: TaskRow; subtask: SubtaskRow }> {
  const mine = and(
    eq(subtasks.id, claim.id),
    eq(subtasks.attempt, claim.attempt),
    eq(subtasks.workerId, claim.workerId),
  );
  const [found] = await tx.select({ taskId: subtasks.taskInstanceId }).from(subtasks).where(mine);
  const task = found && (await lockTask(tx, found.taskId));
  const held = inArray(subtasks.state, ['RUNNING', 'CANCELING']);
  const [subtask] = await tx.select().from(subtasks).where(and(mine, held)).for('update');
  if (!task || !subtask) throw new Fenced();
  return { task, subtask };
}

/** Take the lock under which a task and its subtasks change. */
export async function lockTask(tx: Db, taskId: number): Promise<TaskRow | undefined> {
  const [task] = await tx.select().from(taskInstances).where(eq(taskInstances.id, taskId)).for('update');
  return task;
}

async function applyResult(tx: Db, task: TaskRow, subtask: SubtaskRow, settlement: Settlement): Promise<SubtaskState> {
  const { result, at, retryIn } = settlement;
  if (subtask.state === 'CANCELING') {
    return finishSubtask(tx, subtask, { state: 'FAILED', error: { code: 'canceled', message: 'canceled' } }, at);
  }
  if (result.kind === 'handed back') return makeReady(tx, task, subtask, { at, delaySeconds: 0 });
  if (result.kind === 'again') {
    return makeReady(tx, task, subtask, { at, delaySeconds: result.afterSeconds, error: result });
  }
  if (result.kind === 'failed') {
    if (retryIn === null) return finishSubtask(tx, subtask, { state: 'FAILED', error: result }, at);
    const attemptsLeft = subtask.attemptsLeft - 1;
    return makeReady(tx, task, subtask, { at, delaySeconds: retryIn, error: result, attemptsLeft });
  }
  await finishSubtask(tx, subtask, { state: 'SUCCESSFUL', error: null }, at);
  const addSteps: Finishing['addSteps'] = (steps) =>
    insertSteps(tx, { taskId: task.id, queue: task.queue, steps, at, afterSubtaskId: subtask.id });
  await result.commit?.({ tx, at, addSteps });
  await releaseChildren(tx, task, subtask.id, at);
  return 'SUCCESSFUL';
}

/** Give a subtask its end. The caller holds the task's lock. */
export async function finishSubtask(
  tx: Db,
  subtask: Pick<SubtaskRow, 'id'>,
  end: { state: 'SUCCESSFUL' | 'FAILED'; error: { code: string; message: string } | null },
  at: Date,
): Promise<SubtaskState> {
  const error = end.error && { code: end.error.code, message: end.error.message };
  await tx
    .update(subtasks)
    .set({ state: end.state, error, workerId: null, updatedAt: at, finishedAt: at, readyAt: null })
    .where(eq(subtasks.id, subtask.id));
  return end.state;
}

export interface MakeReady {
  readonly at: Date;
  readonly delaySeconds: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly attemptsLeft?: number;
  readonly operation?: 'RETRY';
}

/** Make a subtask READY and send its job. The caller holds the task's lock. */
export async function makeReady(
  tx: Db,
  task: TaskRow,
  subtask: SubtaskRow,
  { at, delaySeconds, error, attemptsLeft, operation }: MakeReady,
): Promise<SubtaskState> {
  await tx
    .update(subtasks)
    .set({
      state: 'READY',
      workerId: null,
      updatedAt: at,
      finishedAt: null,
      readyAt: delaySeconds > 0 ? new Date(at.getTime() + delaySeconds * 1000) : null,
      error: error ? { code: error.code, message: error.message } : null,
      ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
      ...(operation === undefined ? {} : { operation }),
    })
    .where(eq(subtasks.id, subtask.id));
  const job = { kind: 'subtask', subtaskId: subtask.id } as const;
  await sendJobs(tx, [{ queue: task.queue, job, lane: subtask.lane, delaySeconds }]);
  return 'READY';
}

/** A parent has succeeded: children without open parents become READY. The caller holds the task's lock. */
export async function releaseChildren(tx: Db, task: TaskRow, parentId: number, at: Date): Promise<void> {
  const children = tx
    .select({ id: subtaskEdges.childId })
    .from(subtaskEdges)
    .where(eq(subtaskEdges.parentId, parentId));
  const released = await tx
    .update(subtasks)
    .set({
      pendingParents: sql`${subtasks.pendingParents} - 1`,
      state: sql`case when ${subtasks.pendingParents} = 1 then 'READY' else ${subtasks.state} end`,
      updatedAt: at,
    })
    .where(and(inArray(subtasks.id, children), eq(subtasks.state, 'PENDING')))
    .returning({ id: subtasks.id, state: subtasks.state, lane: subtasks.lane });
  const ready = released.filter((child) => child.state === 'READY');
  await sendJobs(
    tx,
    ready.map((child) => ({
      queue: task.queue,
      job: { kind: 'subtask' as const, subtaskId: child.id },
      lane: child.lane,
    })),
  );
}

/** Bring the task's state in line with its subtasks', and tell whoever cares. The caller holds the task's lock. */
export async function settleTask(tx: Db, finishers: Finishers, taskId: number, at: Date): Promise<TaskState> {
  const counts = await tx
    .select({ state: subtasks.state, n: sql<number>`count(*)::int` })
    .from(subtasks)
    .where(eq(subtasks.taskInstanceId, taskId))
    .groupBy(subtasks.state);
  const has = (...states: SubtaskState[]): boolean => counts.some((row) => states.includes(row.state));
  const state = has('READY', 'RUNNING', 'CANCELING') ? 'RUNNING' : has('FAILED') ? 'FAILED' : 'SUCCESSFUL';
  const [changed] = await tx
    .update(taskInstances)
    .set({ state, updatedAt: at, finishedAt: state === 'RUNNING' ? null : at })
    .where(and(eq(taskInstances.id, taskId), sql`${taskInstances.state} <> ${state}`))
    .returning();
  if (changed && state !== 'RUNNING') await finishers[changed.kind]?.(tx, changed, at);
  return state;
}
