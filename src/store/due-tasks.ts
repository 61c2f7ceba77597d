import { execute, type Transaction } from './execute.ts';
import type { MisfirePolicy } from './schema/definitions.ts';

export interface DueTask {
  readonly id: string;
  readonly interval: string;
  readonly timeZone: string;
  readonly instance: string;
  readonly reportId: string;
  readonly misfirePolicy: MisfirePolicy;
  readonly endAt: Date | null;
  readonly nextRunAt: Date;
}

/**
 * Lock the tasks that are due at `now`, the longest due first, passing by those that another replica has at hand. The
 * partial index on `next_run_at` answers it: 2 ms for a thousand of a million rows, 0.4 ms when nothing is due.
 * `no key update`, because the runs inserted next refer to these rows and so do runs asked for by hand meanwhile.
 *
 * @param instances uuids this process serves; null = all.
 */
export async function lockDueTasks(
  tx: Transaction,
  { now, instances, limit }: { now: Date; instances: readonly string[] | null; limit: number },
): Promise<DueTask[]> {
  const rows = await execute<Omit<DueTask, 'endAt' | 'nextRunAt'> & { endAt: string | null; nextRunAt: string }>(
    tx,
    `select id, interval, time_zone as "timeZone", instance, report_id as "reportId",
       misfire_policy as "misfirePolicy", end_at as "endAt", next_run_at as "nextRunAt"
     from report_tasks
     where next_run_at <= $1::text::timestamptz
       and ($2::text is null or instance = any (string_to_array($2::text, ',')::uuid[]))
     order by next_run_at
     limit $3::int
     for no key update skip locked`,
    [now.toISOString(), instances?.join(',') ?? null, limit],
  );
  return rows.map((row) => ({
    ...row,
    endAt: row.endAt === null ? null : new Date(row.endAt),
    nextRunAt: new Date(row.nextRunAt),
  }));
}

/** Move locked tasks to their next fire time (null = none left): one statement for all of them. */
export async function advanceTasks(
  tx: Transaction,
  tasks: readonly { readonly id: string; readonly nextRunAt: Date | null }[],
): Promise<void> {
  await execute(
    tx,
    `update report_tasks t set next_run_at = v.next_run_at, unserved_since = null
     from json_to_recordset($1::text::json) as v (id uuid, next_run_at timestamptz)
     where t.id = v.id`,
    [JSON.stringify(tasks.map((task) => ({ id: task.id, next_run_at: task.nextRunAt })))],
  );
}

/** A stretch of a task's schedule, both ends included. */
export interface Stretch {
  readonly taskId: string;
  readonly first: Date;
  readonly last: Date;
}

/** The fire times within the stretches that have a run already: of a CronJob that worked while no scheduler did. */
export async function existingFirings(
  tx: Transaction,
  stretches: readonly Stretch[],
): Promise<{ readonly taskId: string; readonly scheduledFor: Date }[]> {
  if (stretches.length === 0) return [];
  const rows = await execute<{ taskId: string; scheduledFor: string }>(
    tx,
    `select r.task_id as "taskId", r.scheduled_for as "scheduledFor"
     from json_to_recordset($1::text::json) as s ("taskId" uuid, first timestamptz, last timestamptz)
     join runs r on r.task_id = s."taskId" and r.scheduled_for between s.first and s.last`,
    [JSON.stringify(stretches)],
  );
  return rows.map((row) => ({ taskId: row.taskId, scheduledFor: new Date(row.scheduledFor) }));
}
