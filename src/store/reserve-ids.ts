import { type SQL, sql } from 'drizzle-orm';
import { execute, type Transaction } from './execute.ts';

/** Tables whose rows may be numbered before they are inserted. */
type Numbered = 'task_instances' | 'subtasks' | 'workload_reports';

/**
 * The next id of a table, in a statement that reads: known beforehand, rows can name each other and be inserted by one
 * statement, `overriding system value`.
 */
export const nextId = (table: Numbered): SQL<number> =>
  sql`nextval(pg_get_serial_sequence(${sql.raw(`'${table}'`)}, 'id'))`.mapWith(Number);

/** Ids of a task to be inserted, and of its steps. */
export interface TaskIds {
  readonly taskId: number;
  readonly subtaskIds: readonly number[];
}

export async function reserveTaskIds(tx: Transaction, steps: number): Promise<TaskIds> {
  const [row] = await execute<{ id: string; steps: string[] }>(
    tx,
    `select nextval(pg_get_serial_sequence('task_instances', 'id'))::text as id, ${STEPS} as steps`,
    [steps],
  );
  return { taskId: Number(row?.id), subtaskIds: (row?.steps ?? []).map(Number) };
}

export async function reserveStepIds(tx: Transaction, steps: number): Promise<number[]> {
  const [row] = await execute<{ steps: string[] }>(tx, `select ${STEPS} as steps`, [steps]);
  return (row?.steps ?? []).map(Number);
}

const STEPS = `array(select nextval(pg_get_serial_sequence('subtasks', 'id'))::text from generate_series(1, $1::int))`;
