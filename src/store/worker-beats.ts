import type { Sql } from './database.ts';

export interface WorkerPresence {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Instance uuids served; `*` = all; empty = a one-shot process that serves nobody. */
  readonly instances: readonly string[];
}

/** Say that a worker lives. The first beat enters it. */
export async function beatWorker(sql: Sql, worker: WorkerPresence, at: Date): Promise<void> {
  const instant = at.toISOString();
  await sql`
    insert into workers (id, host, pid, instances, started_at, beat_at)
    values (${worker.id}, ${worker.host}, ${worker.pid}, ${[...worker.instances]}::text[], ${instant}, ${instant})
    on conflict (id) do update set beat_at = excluded.beat_at`;
}

/** A worker that left: what it still holds may be taken over at once. */
export async function removeWorker(sql: Sql, id: string): Promise<void> {
  await sql`delete from workers where id = ${id}`;
}

/** Forget workers that were lost long ago. */
export async function forgetLostWorkers(sql: Sql, before: Date): Promise<void> {
  await sql`delete from workers where beat_at < ${before.toISOString()}`;
}
