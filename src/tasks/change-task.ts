import { and, asc, eq, ne } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../errors.ts';
import type { Db } from '../store/database.ts';
import { execute } from '../store/execute.ts';
import { subtasks, type TaskOperation, taskInstances } from '../store/schema/tasks.ts';
import type { NewStep, SubtaskRow, TaskHooks, TaskRow } from './handlers.ts';
import { becomeUndone, isRollbackProhibited, makeReadyToUndo, standingLast, undoParents } from './roll-back.ts';
import { settleTask } from './settle-step.ts';
import { insertSteps } from './submit-task.ts';
import { finishSubtask, lockTask, makeReady, releaseChildren } from './subtask-changes.ts';

/*
 * What people may do to a task by hand: the guards are OCP's, the states stand in settle-step.ts. All of these run in
 * the caller's transaction and begin with the lock of the task's row. A refusal is a `conflict` whose `detail.rule` is
 * task_state (with `state`) or task_no_rollback.
 */

/** Channel that tells workers to look for steps to stop; the payload is the subtask's id. Only a hint. */
export const CANCEL_CHANNEL = 'broadsheet_cancel';

export interface Change {
  readonly taskId: number;
  readonly at: Date;
}

export interface SubtaskChange extends Change {
  readonly subtaskId: number;
}

/**
 * Run all FAILED steps of a FAILED task again, with their tries given back.
 * @throws BroadsheetError `not_found`, or `conflict` when the task is not FAILED or is being rolled back.
 */
export async function retryTask(tx: Db, hooks: TaskHooks, { taskId, at }: Change): Promise<TaskRow> {
  const task = await lockedTask(tx, taskId);
  if (task.state !== 'FAILED' || task.operation === 'ROLLBACK') throw refused(task.id, task.state);
  const failed = await subtasksOf(tx, taskId, 'FAILED');
  for (const subtask of failed) await again(tx, task, subtask, at);
  const reopened = await reopen(tx, task, { at, operation: 'RETRY' });
  await hooks.reopened[task.kind]?.(tx, reopened, at, failed);
  return reopened;
}

/**
 * Undo what a FAILED task has done, the last steps first. A rollback that failed goes on by the same call.
 * @throws BroadsheetError `not_found`, or `conflict` when the task is not FAILED, or may not be rolled back.
 */
export async function rollbackTask(tx: Db, { taskId, at }: Change): Promise<TaskRow> {
  const task = await lockedTask(tx, taskId);
  if (task.state !== 'FAILED') throw refused(task.id, task.state);
  const steps = await subtasksOf(tx, taskId);
  if (isRollbackProhibited(task, steps)) {
    throw new BroadsheetError('conflict', `Task ${taskId} can not rollback`, { rule: 'task_no_rollback', id: taskId });
  }
  await tx
    .update(subtasks)
    .set({ operation: 'ROLLBACK' })
    .where(and(eq(subtasks.taskInstanceId, taskId), ne(subtasks.state, 'PENDING')));
  const reopened = await reopen(tx, task, { at, operation: 'ROLLBACK' });
  await makeReadyToUndo(tx, reopened, await standingLast(tx, steps), at);
  return reopened;
}

/**
 * Run one FAILED step again.
 * @throws BroadsheetError `not_found`, or `conflict` when the step is not FAILED or the task is being rolled back.
 */
export async function retrySubtask(tx: Db, hooks: TaskHooks, change: SubtaskChange): Promise<TaskRow> {
  const task = await lockedTask(tx, change.taskId);
  const subtask = await failedSubtask(tx, change);
  if (task.operation === 'ROLLBACK') throw refused(subtask.id, subtask.state);
  await again(tx, task, subtask, change.at);
  const reopened = await reopen(tx, task, change);
  await hooks.reopened[task.kind]?.(tx, reopened, change.at, [subtask]);
  return reopened;
}

/**
 * Add steps behind a SUCCESSFUL one: the task is RUNNING again. Answers their ids by key.
 * @throws BroadsheetError `not_found`, or `conflict` when the task is being, or was, rolled back.
 */
export async function appendSteps(
  tx: Db,
  { taskId, subtaskId, at }: SubtaskChange,
  steps: readonly NewStep[],
): Promise<ReadonlyMap<string, number>> {
  const task = await lockedTask(tx, taskId);
  if (task.operation === 'ROLLBACK') throw refused(task.id, task.state);
  const ids = await insertSteps(tx, { taskId, queue: task.queue, steps, at, afterSubtaskId: subtaskId });
  await reopen(tx, task, { at });
  return ids;
}

/**
 * Let a FAILED step count as SUCCESSFUL, or as undone while the task is being rolled back: what waits for it begins.
 * @throws BroadsheetError `not_found`, or `conflict` when the step is not FAILED.
 */
export async function skipSubtask(tx: Db, hooks: TaskHooks, change: SubtaskChange): Promise<void> {
  const { at } = change;
  const task = await lockedTask(tx, change.taskId);
  const subtask = await failedSubtask(tx, change);
  if (task.operation === 'ROLLBACK') {
    await becomeUndone(tx, subtask, { at, skipped: true });
    await undoParents(tx, task, subtask.id, at);
  } else {
    await setOperation(tx, subtask.id, 'SKIP');
    await finishSubtask(tx, subtask, { state: 'SUCCESSFUL', error: null }, at);
    await releaseChildren(tx, task, subtask.id, at);
  }
  await settleTask(tx, hooks, task.id, at);
}

/**
 * Stop a task: READY steps become FAILED (`canceled`) at once, RUNNING ones CANCELING until their worker has let go.
 * @throws BroadsheetError `not_found`, or `conflict` when the task is not RUNNING.
 */
export async function cancelTask(tx: Db, hooks: TaskHooks, { taskId, at }: Change): Promise<void> {
  const task = await lockedTask(tx, taskId);
  if (task.state !== 'RUNNING') throw refused(task.id, task.state);
  for (const subtask of await subtasksOf(tx, taskId, 'READY')) await cancelReady(tx, subtask, at);
  for (const subtask of await subtasksOf(tx, taskId, 'RUNNING')) await cancelRunning(tx, subtask, at);
  await settleTask(tx, hooks, taskId, at);
}

/**
 * Stop one RUNNING step: it ends FAILED (`canceled`).
 * @throws BroadsheetError `not_found`, or `conflict` when the step is not RUNNING.
 */
export async function cancelSubtask(tx: Db, change: SubtaskChange): Promise<void> {
  await lockedTask(tx, change.taskId);
  const subtask = await lockedSubtask(tx, change);
  if (subtask.state !== 'RUNNING') throw refused(subtask.id, subtask.state);
  await cancelRunning(tx, subtask, change.at);
}

async function cancelReady(tx: Db, subtask: SubtaskRow, at: Date): Promise<void> {
  await setOperation(tx, subtask.id, 'CANCEL');
  await finishSubtask(tx, subtask, { state: 'FAILED', error: { code: 'canceled', message: 'canceled' } }, at);
}

async function cancelRunning(tx: Db, subtask: SubtaskRow, at: Date): Promise<void> {
  await tx
    .update(subtasks)
    .set({ state: 'CANCELING', operation: 'CANCEL', updatedAt: at })
    .where(eq(subtasks.id, subtask.id));
  await execute(tx, 'select pg_notify($1::text, $2::text)', [CANCEL_CHANNEL, String(subtask.id)]);
}

async function again(tx: Db, task: TaskRow, subtask: SubtaskRow, at: Date): Promise<void> {
  const attemptsLeft = subtask.maxAttempts;
  await makeReady(tx, task, subtask, { at, delaySeconds: 0, attemptsLeft, operation: 'RETRY', isRetry: true });
}

async function reopen(
  tx: Db,
  task: TaskRow,
  { at, operation }: { at: Date; operation?: TaskOperation },
): Promise<TaskRow> {
  const [reopened] = await tx
    .update(taskInstances)
    .set({ state: 'RUNNING', updatedAt: at, finishedAt: null, ...(operation === undefined ? {} : { operation }) })
    .where(eq(taskInstances.id, task.id))
    .returning();
  return reopened ?? task;
}

async function setOperation(tx: Db, subtaskId: number, operation: 'SKIP' | 'CANCEL'): Promise<void> {
  await tx.update(subtasks).set({ operation }).where(eq(subtasks.id, subtaskId));
}

async function lockedTask(tx: Db, taskId: number): Promise<TaskRow> {
  const task = await lockTask(tx, taskId);
  if (!task) throw notFound('task not found', { rule: 'task_not_found', id: taskId });
  return task;
}

/** In id order, so that two changes at once never wait for each other crosswise. */
async function subtasksOf(tx: Db, taskId: number, state?: SubtaskRow['state']): Promise<SubtaskRow[]> {
  return tx
    .select()
    .from(subtasks)
    .where(and(eq(subtasks.taskInstanceId, taskId), state === undefined ? undefined : eq(subtasks.state, state)))
    .orderBy(asc(subtasks.id))
    .for('update');
}

async function lockedSubtask(tx: Db, { taskId, subtaskId }: SubtaskChange): Promise<SubtaskRow> {
  const [subtask] = await tx
    .select()
    .from(subtasks)
    .where(and(eq(subtasks.id, subtaskId), eq(subtasks.taskInstanceId, taskId)))
    .for('update');
  if (!subtask) throw notFound('subtask not found', { rule: 'task_not_found', id: subtaskId });
  return subtask;
}

async function failedSubtask(tx: Db, change: SubtaskChange): Promise<SubtaskRow> {
  const subtask = await lockedSubtask(tx, change);
  if (subtask.state !== 'FAILED') throw refused(subtask.id, subtask.state);
  return subtask;
}

const refused = (id: number, state: string): BroadsheetError =>
  new BroadsheetError('conflict', `This operation is not supported for the ${id} task in the ${state} state`, {
    rule: 'task_state',
    id,
    state,
  });
