import type { Sql } from './database.ts';

export interface DueQueue {
  readonly queue: string;
  /** Jobs that could be fetched now. */
  readonly depth: number;
}

/**
 * Queues with jobs that wait for a worker. Reads pg-boss's table, with its clock: asking every queue in turn costs a
 * statement per instance and second, and pg-boss's own counts are minutes old.
 */
export async function dueQueues(sql: Sql): Promise<DueQueue[]> {
  return sql<DueQueue[]>`
    select name as queue, count(*)::int as depth from pgboss.job
    where state < 'active' and start_after <= pgboss.job_now()
    group by name`;
}
