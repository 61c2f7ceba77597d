import { execute, type Transaction } from './execute.ts';
import type { RunParams, RunState, RunTrigger } from './schema/runs.ts';

/** A firing of a report task (`taskId`), or a generation on demand (null). */
export interface RunToInsert {
  readonly taskId: string | null;
  readonly reportId: string;
  readonly instance: string;
  readonly trigger: RunTrigger;
  readonly scheduledFor: Date;
  readonly requestedBy: string | null;
  readonly params: RunParams;
  /** Set: the misfire policy drops this firing; it becomes a SKIPPED row with this reason. */
  readonly skip?: string;
}

export interface InsertedRun {
  readonly id: string;
  readonly taskId: string | null;
  readonly scheduledFor: Date;
  readonly state: RunState;
  readonly reason: string | null;
  readonly instance: string;
  /** Its job is to be sent now. False: SKIPPED, or it waits until an earlier run of its task is finished. */
  readonly starts: boolean;
}

/**
 * Insert runs, each (task, scheduled_for) once: a firing that is there already is left out of the answer. The task's
 * overlap policy is applied here, for one firing or a thousand: `parallel` starts at once; `skip` starts when nothing
 * of the task is open, else SKIPPED; `queue` (the default) starts, or waits as the only one, else SKIPPED. Catch-up
 * firings always wait, whatever their number (the misfire policy has capped them), and a test-send or a run without
 * a task never waits. The caller holds the row lock of the tasks, so that two firings can't both see a free place.
 *
 * One statement for all of them; the firings travel as one JSON text, which both ways of writing SQL can bind.
 */
export async function insertRuns(tx: Transaction, runs: readonly RunToInsert[], at: Date): Promise<InsertedRun[]> {
  if (runs.length === 0) return [];
  const fires = runs.map((run) => ({
    task_id: run.taskId,
    report_id: run.reportId,
    instance: run.instance,
    trigger: run.trigger,
    scheduled_for: run.scheduledFor.toISOString(),
    requested_by: run.requestedBy,
    params: run.params,
    skip: run.skip ?? null,
  }));
  const rows = await execute<Omit<InsertedRun, 'scheduledFor'> & { scheduledFor: Date | string }>(tx, STATEMENT, [
    JSON.stringify(fires),
    at.toISOString(),
  ]);
  return rows.map((row) => ({ ...row, scheduledFor: new Date(row.scheduledFor) }));
}

const STATEMENT = `
  with fires as (
    select * from json_to_recordset($1::text::json) as f (task_id uuid, report_id uuid, instance uuid, trigger text,
      scheduled_for timestamptz, requested_by uuid, params jsonb, skip text)
  ), placed as (
    select f.*,
      case when f.task_id is null or f.trigger = 'test' then 'parallel' else coalesce(t.overlap_policy, 'parallel') end
        as policy,
      (select count(*) from runs r
        where r.task_id = f.task_id and r.state in ('QUEUED', 'RUNNING') and r.trigger <> 'test')
        + count(*) filter (where f.skip is null and f.trigger <> 'test')
          over (partition by f.task_id order by f.scheduled_for rows between unbounded preceding and 1 preceding)
        as ahead
    from fires f left join report_tasks t on t.id = f.task_id
  ), decided as (
    select p.*,
      p.skip is null and (p.policy = 'parallel' or p.ahead = 0) as starts,
      case
        when p.skip is not null then p.skip
        when p.policy = 'parallel' or p.ahead = 0 then null
        when p.policy = 'queue' and (p.ahead = 1 or p.trigger = 'catch_up') then null
        when p.policy = 'queue' then 'one run of the task is going and another one waits'
        else 'the previous run of the task is not finished'
      end as reason
    from placed p
  ), inserted as (
    insert into runs (task_id, report_id, instance, trigger, scheduled_for, requested_by, params, state, reason,
      created_at, updated_at, finished_at)
    select d.task_id, d.report_id, d.instance, d.trigger, d.scheduled_for, d.requested_by, d.params,
      case when d.reason is null then 'QUEUED' else 'SKIPPED' end, d.reason,
      $2::text::timestamptz, $2::text::timestamptz, case when d.reason is null then null else $2::text::timestamptz end
    from decided d
    on conflict (task_id, scheduled_for) do nothing
    returning id, task_id, scheduled_for, state, reason, instance
  )
  select distinct on (i.id) i.id, i.task_id as "taskId", i.scheduled_for as "scheduledFor", i.state, i.reason, i.instance,
    i.state = 'QUEUED' and (i.task_id is null or coalesce(d.starts, false)) as starts
  from inserted i left join decided d on d.task_id = i.task_id and d.scheduled_for = i.scheduled_for`;
