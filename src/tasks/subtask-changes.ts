import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../store/database.ts';
import {
  type SubtaskOperation,
  type SubtaskState,
  subtaskEdges,
  subtasks,
  taskInstances,
} from '../store/schema/tasks.ts';
import type { SubtaskRow, TaskRow } from './handlers.ts';
import { sendJobs } from './jobs.ts';

/* The single changes that the states of settle-step.ts and roll-back.ts are made of. */

/** Take the lock under which a task and its subtasks change. */
export async function lockTask(tx: Db, taskId: number): Promise<TaskRow | undefined> {
  const [task] = await tx.select().from(taskInstances).where(eq(taskInstances.id, taskId)).for('update');
  return task;
}

/** Give a subtask its end. */
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
  readonly operation?: SubtaskOperation;
  /** It is a further run of the step, after a failure or by hand. */
  readonly isRetry?: boolean;
}

/** Make a subtask READY and send its job. */
export async function makeReady(
  tx: Db,
  task: TaskRow,
  subtask: SubtaskRow,
  { at, delaySeconds, error, attemptsLeft, operation, isRetry }: MakeReady,
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
      ...(isRetry ? { runTime: sql`${subtasks.runTime} + 1` } : {}),
    })
    .where(eq(subtasks.id, subtask.id));
  const job = { kind: 'subtask', subtaskId: subtask.id } as const;
  await sendJobs(tx, [{ queue: task.queue, job, lane: subtask.lane, delaySeconds }]);
  return 'READY';
}

/** A parent has succeeded: children without open parents become READY. */
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
