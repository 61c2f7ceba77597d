import { and, asc, eq, inArray, ne, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../store/database.ts';
import { type SubtaskState, subtaskEdges, subtasks } from '../store/schema/tasks.ts';
import type { SubtaskRow, TaskRow } from './handlers.ts';
import { makeReady } from './subtask-changes.ts';

/*
 * Rolling back (states: settle-step.ts): steps go back in reverse order. A step becomes READY when all its children are
 * PENDING, and PENDING when its rollback is done. The caller holds the task's lock.
 */

/** Let these steps be undone: SUCCESSFUL or FAILED ones whose children are all PENDING. */
export async function makeReadyToUndo(tx: Db, task: TaskRow, steps: readonly SubtaskRow[], at: Date): Promise<void> {
  for (const step of steps) {
    await makeReady(tx, task, step, { at, delaySeconds: 0, attemptsLeft: step.maxAttempts, operation: 'ROLLBACK' });
  }
  const succeeded = steps.filter((step) => step.state === 'SUCCESSFUL').map((step) => step.id);
  if (succeeded.length > 0) await raisePendingParents(tx, succeeded, at);
}

/** A parent that was SUCCESSFUL is so no more. */
async function raisePendingParents(tx: Db, parentIds: readonly number[], at: Date): Promise<void> {
  const lost = tx
    .select({ id: subtaskEdges.childId, n: sql<number>`count(*)::int`.as('n') })
    .from(subtaskEdges)
    .where(inArray(subtaskEdges.parentId, [...parentIds]))
    .groupBy(subtaskEdges.childId)
    .as('lost');
  await tx
    .update(subtasks)
    .set({ pendingParents: sql`${subtasks.pendingParents} + ${lost.n}`, updatedAt: at })
    .from(lost)
    .where(eq(subtasks.id, lost.id));
}

export interface Undone {
  readonly at: Date;
  /** It was left as it is by hand. */
  readonly skipped?: boolean;
}

/** A step is undone. Call `undoParents` afterwards. */
export async function becomeUndone(
  tx: Db,
  subtask: Pick<SubtaskRow, 'id'>,
  { at, skipped }: Undone,
): Promise<SubtaskState> {
  const operation = skipped ? 'ROLLBACK_SKIP' : 'ROLLBACK';
  await tx
    .update(subtasks)
    .set({ state: 'PENDING', operation, error: null, workerId: null, updatedAt: at, finishedAt: null, readyAt: null })
    .where(eq(subtasks.id, subtask.id));
  return 'PENDING';
}

/** The next steps to undo, now that this one is: its parents without a child that is not PENDING. */
export async function undoParents(tx: Db, task: TaskRow, childId: number, at: Date): Promise<void> {
  const parents = tx.select({ id: subtaskEdges.parentId }).from(subtaskEdges).where(eq(subtaskEdges.childId, childId));
  const child = alias(subtasks, 'child');
  const standing = tx
    .select({ id: child.id })
    .from(subtaskEdges)
    .innerJoin(child, eq(child.id, subtaskEdges.childId))
    .where(and(eq(subtaskEdges.parentId, subtasks.id), ne(child.state, 'PENDING')));
  const ready = await tx
    .select()
    .from(subtasks)
    .where(and(inArray(subtasks.id, parents), eq(subtasks.state, 'SUCCESSFUL'), notExists(standing)))
    .orderBy(asc(subtasks.id));
  await makeReadyToUndo(tx, task, ready, at);
}

/** Steps of a task that nothing stands on: those to be undone first. All subtasks of the task are given. */
export async function standingLast(tx: Db, steps: readonly SubtaskRow[]): Promise<SubtaskRow[]> {
  const standing = steps.filter((step) => step.state !== 'PENDING');
  const ids = standing.map((step) => step.id);
  const edges = await tx
    .select({ parentId: subtaskEdges.parentId })
    .from(subtaskEdges)
    .where(inArray(subtaskEdges.childId, ids));
  const carrying = new Set(edges.map((edge) => edge.parentId));
  return standing.filter((step) => !carrying.has(step.id));
}

/** Whether the task may not be rolled back: it says so, or a step that has begun cannot be undone. */
export const isRollbackProhibited = (
  task: Pick<TaskRow, 'prohibitRollback'>,
  steps: readonly Pick<SubtaskRow, 'state' | 'prohibitRollback'>[],
): boolean =>
  task.prohibitRollback ||
  steps.some((step) => step.prohibitRollback && step.state !== 'PENDING' && step.state !== 'READY');
