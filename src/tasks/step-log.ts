import { asc, desc, eq } from 'drizzle-orm';
import type { Db } from '../store/database.ts';
import { subtaskLog, subtasks } from '../store/schema/tasks.ts';
import { maskText, maskValue } from './mask-secrets.ts';

export interface LogLine {
  readonly subtaskId: number;
  readonly attempt: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly detail?: Record<string, unknown>;
}

/** A line as people read it. */
export interface ReadLine {
  readonly at: Date;
  readonly attempt: number;
  readonly level: LogLine['level'];
  readonly message: string;
  readonly detail: Record<string, unknown>;
}

/** Add a line to a step's log, without the secrets in it. */
export async function writeStepLog(db: Db, line: LogLine, at: Date): Promise<void> {
  await db.insert(subtaskLog).values({ ...line, ...masked(line), at });
}

/** The log of all steps of a task, in the order it was written; at most `limit` lines. */
export async function readTaskLog(db: Db, taskId: number, limit: number) {
  const lines = await db
    .select({ subtaskId: subtaskLog.subtaskId, step: subtasks.name, ...lineFields })
    .from(subtaskLog)
    .innerJoin(subtasks, eq(subtasks.id, subtaskLog.subtaskId))
    .where(eq(subtasks.taskInstanceId, taskId))
    .orderBy(asc(subtaskLog.id))
    .limit(limit);
  return lines.map((line) => ({ ...line, ...masked(line) }));
}

/** The last `limit` lines of one step, in the order they were written. */
export async function readStepLog(db: Db, subtaskId: number, limit: number): Promise<ReadLine[]> {
  const lines = await db
    .select(lineFields)
    .from(subtaskLog)
    .where(eq(subtaskLog.subtaskId, subtaskId))
    .orderBy(desc(subtaskLog.id))
    .limit(limit);
  return lines.reverse().map((line) => ({ ...line, ...masked(line) }));
}

const lineFields = {
  at: subtaskLog.at,
  attempt: subtaskLog.attempt,
  level: subtaskLog.level,
  message: subtaskLog.message,
  detail: subtaskLog.detail,
};

/** When written and again when read: the rules learn, and lines of before are read by them too. */
const masked = ({ message, detail }: Pick<LogLine, 'message' | 'detail'>) => ({
  message: maskText(message),
  detail: maskValue(detail ?? {}) as Record<string, unknown>,
});
