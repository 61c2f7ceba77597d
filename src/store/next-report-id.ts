import { execute, type Transaction } from './execute.ts';

/** The id of a workload report to be inserted: known beforehand, its task can name it and be inserted before it. */
export async function nextReportId(tx: Transaction): Promise<number> {
  const [row] = await execute<{ id: string }>(
    tx,
    "select nextval(pg_get_serial_sequence('workload_reports', 'id'))::text as id",
    [],
  );
  return Number(row?.id);
}
