import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Claim } from '../store/claim-subtask.ts';
import type { Db } from '../store/database.ts';
import { type SubtaskState, subtasks, type TaskState, taskInstances } from '../store/schema/tasks.ts';
import type { Finishing, StepResult, SubtaskRow, TaskHooks, TaskRow } from './handlers.ts';
import { becomeUndone, undoParents } from './roll-back.ts';
import { insertSteps } from './submit-task.ts';
import { finishSubtask, lockTask, makeReady, releaseChildren } from './subtask-changes.ts';

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
 * A FAILED task may be rolled back (operation ROLLBACK), and then only further back: every step that is not PENDING is
 * undone by its handler's `rollback`, the last ones first.
 *
 *   SUCCESSFUL, FAILED ──all children PENDING──▶ READY ──claim──▶ RUNNING ──undone──▶ PENDING
 *                                                  ▲                 │
 *                       tries left, `again`,       ├─────────────────┤
 *                       shutdown (handed back) ────┘                 ├─failed, no tries left─▶ FAILED
 *                                                                    └─cancel─▶ CANCELING ───▶─┘
 *   FAILED ──rollback again──▶ READY,  FAILED ──skip (ROLLBACK_SKIP)──▶ PENDING
 *
 * The same rule gives the task its state: FAILED while a step's rollback is, SUCCESSFUL with all steps PENDING at the
 * end. Its claims and fences are those of running, so that a lost worker's rollback is taken over as well.
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
export async function settleStep(db: Db, hooks: TaskHooks, settlement: Settlement): Promise<Settled> {
  try {
    return await db.transaction(async (tx) => {
      const { task, subtask } = await lockClaimed(tx, settlement.claim);
      const state = await applyResult(tx, task, subtask, settlement);
      await settlement.also?.(tx);
      await settleTask(tx, hooks, task.id, settlement.at);
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
    return makeReady(tx, task, subtask, { at, delaySeconds: retryIn, error: result, attemptsLeft, isRetry: true });
  }
  if (task.operation === 'ROLLBACK') {
    await becomeUndone(tx, subtask, { at });
    await result.commit?.({ tx, at, addSteps: refuseSteps });
    await undoParents(tx, task, subtask.id, at);
    return 'PENDING';
  }
  await finishSubtask(tx, subtask, { state: 'SUCCESSFUL', error: null }, at);
  const addSteps: Finishing['addSteps'] = (steps) =>
    insertSteps(tx, { taskId: task.id, queue: task.queue, steps, at, afterSubtaskId: subtask.id });
  await result.commit?.({ tx, at, addSteps });
  await releaseChildren(tx, task, subtask.id, at);
  return 'SUCCESSFUL';
}

const refuseSteps: Finishing['addSteps'] = () => Promise.reject(new Error('a rollback adds no steps'));

/** Bring the task's state in line with its subtasks', and tell whoever cares. The caller holds the task's lock. */
export async function settleTask(tx: Db, hooks: TaskHooks, taskId: number, at: Date): Promise<TaskState> {
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
  if (changed && changed.operation !== 'ROLLBACK') {
    if (state === 'RUNNING') await hooks.reopened[changed.kind]?.(tx, changed, at, []);
    else await hooks.finished[changed.kind]?.(tx, changed, at);
  }
  return state;
}
