import { asc, eq } from 'drizzle-orm';
import type { Db } from '../store/database.ts';
import { subtaskLog, subtasks } from '../store/schema/tasks.ts';

export interface LogLine {
  readonly subtaskId: number;
  readonly attempt: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly detail?: Record<string, unknown>;
}

/** Add a line to a step's log. */
export async function writeStepLog(db: Db, line: LogLine, at: Date): Promise<void> {
  await db.insert(subtaskLog).values({ ...line, detail: line.detail ?? {}, at });
}

/** The log of all steps of a task, in the order it was written; at most `limit` lines. */
export async function readTaskLog(db: Db, taskId: number, limit: number) {
  return db
    .select({
      at: subtaskLog.at,
      subtaskId: subtaskLog.subtaskId,
      step: subtasks.name,
      attempt: subtaskLog.attempt,
      level: subtaskLog.level,
      message: subtaskLog.message,
      detail: subtaskLog.detail,
    })
    .from(subtaskLog)
    .innerJoin(subtasks, eq(subtasks.id, subtaskLog.subtaskId))
    .where(eq(subtasks.taskInstanceId, taskId))
    .orderBy(asc(subtaskLog.id))
    .limit(limit);
}
