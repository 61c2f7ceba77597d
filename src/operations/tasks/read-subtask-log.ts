import { and, asc, desc, eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { subtaskAttempts, subtasks } from '../../store/schema/tasks.ts';
import type { SubtaskRow } from '../../tasks/handlers.ts';
import { type ReadLine, readStepLog } from '../../tasks/step-log.ts';
import type { Ctx } from '../context.ts';
import { loadTask } from './rights.ts';

type AttemptRow = typeof subtaskAttempts.$inferSelect;

/** What a step noted in one attempt; `begun` null for attempts that were not entered (of older versions). */
export interface AttemptLog {
  readonly attempt: number;
  readonly begun: AttemptRow | null;
  readonly lines: readonly ReadLine[];
}

export interface SubtaskLog {
  readonly step: SubtaskRow;
  readonly attempts: readonly AttemptLog[];
}

/** Of a step that ran very often, the last attempts and lines are shown. */
const MOST_ATTEMPTS = 500;
const MOST_LINES = 5_000;

/**
 * The log of a step, attempt by attempt.
 * @throws BroadsheetError `not_found`, or `forbidden`.
 */
export async function readSubtaskLog({
  ctx,
  input: { taskId, subtaskId },
}: {
  ctx: Ctx;
  input: { taskId: number; subtaskId: number };
}): Promise<SubtaskLog> {
  await loadTask(ctx, taskId);
  const [step] = await ctx.db
    .select()
    .from(subtasks)
    .where(and(eq(subtasks.id, subtaskId), eq(subtasks.taskInstanceId, taskId)));
  if (step === undefined) throw notFound('subtask not found', { rule: 'task_not_found', id: subtaskId });
  const last = ctx.db
    .select()
    .from(subtaskAttempts)
    .where(eq(subtaskAttempts.subtaskId, subtaskId))
    .orderBy(desc(subtaskAttempts.attempt))
    .limit(MOST_ATTEMPTS)
    .as('last');
  const begun = new Map((await ctx.db.select().from(last).orderBy(asc(last.attempt))).map((row) => [row.attempt, row]));
  const lines = Map.groupBy(await readStepLog(ctx.db, subtaskId, MOST_LINES), (line) => line.attempt);
  const attempts = [...new Set([...begun.keys(), ...lines.keys()])].toSorted((a, b) => a - b);
  return {
    step,
    attempts: attempts.map((attempt) => ({
      attempt,
      begun: begun.get(attempt) ?? null,
      lines: lines.get(attempt) ?? [],
    })),
  };
}
