import { execute, type Transaction } from './execute.ts';

export interface DueCapture {
  readonly id: number;
  readonly name: string;
  readonly interval: string;
  /** Whether the capture before is still under way. */
  readonly busy: boolean;
}

/** Clusters whose snapshot is due, locked so that each is taken by one replica. */
export function dueCaptures(tx: Transaction, now: Date, limit: number): Promise<DueCapture[]> {
  return execute(
    tx,
    `select c.id::float8 as id, c.name, c.capture_interval as interval,
       exists (select from task_instances t where t.kind = 'snapshot' and t.state = 'RUNNING'
         and t.context ->> 'cluster_id' = c.id::text) as busy
     from clusters c
     where c.capture_enabled and c.next_capture_at <= $1::text::timestamptz
     order by c.next_capture_at
     limit $2::int
     for update of c skip locked`,
    [now.toISOString(), limit],
  );
}
