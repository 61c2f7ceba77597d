import type { Sql } from './database.ts';

/** What a worker holds: results are taken only from it. */
export interface Claim {
  readonly id: number;
  readonly attempt: number;
  readonly workerId: string;
}

export interface ClaimRequest {
  readonly subtaskId: number;
  readonly workerId: string;
  readonly at: Date;
  /** A worker without a heartbeat since then is lost, and its steps may be taken over. */
  readonly lostBefore: Date;
}

/**
 * Claim a READY step, or take over a RUNNING or CANCELING one from a lost worker: `attempt` is the fence and goes up
 * with every claim, which is entered among the step's attempts by the same statement. Null when the step is not to be
 * had; of two claimers at once one gets it, because the second one's WHERE is looked at again on the row that the first
 * one has changed.
 */
export async function claimSubtask(sql: Sql, request: ClaimRequest): Promise<Claim | null> {
  const at = request.at.toISOString();
  const [row] = await sql<{ id: string; attempt: number }[]>`
    with claimed as (
      update subtasks s
      set state = case when s.state = 'CANCELING' then 'CANCELING' else 'RUNNING' end, attempt = s.attempt + 1,
        worker_id = ${request.workerId}, started_at = coalesce(s.started_at, ${at}::timestamptz),
        executor = coalesce((select host from workers where id = ${request.workerId}), s.executor),
        updated_at = ${at}::timestamptz, ready_at = null
      where s.id = ${request.subtaskId}
        and (s.state = 'READY' or (s.state in ('RUNNING', 'CANCELING') and not exists (
          select 1 from workers w where w.id = s.worker_id and w.beat_at > ${request.lostBefore.toISOString()}::timestamptz
        )))
      returning s.id, s.attempt, s.operation, s.executor
    ), entered as (
      insert into subtask_attempts (subtask_id, attempt, operation, executor, began_at)
      select id, attempt, operation, executor, ${at}::timestamptz from claimed
    )
    select id, attempt from claimed`;
  return row ? { id: Number(row.id), attempt: row.attempt, workerId: request.workerId } : null;
}
