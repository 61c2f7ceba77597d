import { execute, type Transaction } from './execute.ts';
import { removal } from './removal.ts';

/** One replica at a time, for the length of a transaction. The key is the letters BSRT. */
export const RETENTION_LOCK = `select pg_try_advisory_xact_lock(${0x42535254}) as held`;

/** Documents older than `before`, the oldest first, but never those of the last run of a task that still is, nor of workload reports. */
export function expiredDocuments(
  tx: Transaction,
  before: Date,
  limit: number,
): Promise<{ readonly id: string; readonly storage: string }[]> {
  return execute(
    tx,
    `select d.id, d.storage from documents d
     where d.created_at < $1::text::timestamptz
       and not exists (select from workload_reports w where d.id in (w.html_document_id, w.pdf_document_id))
       and not (
         exists (select from report_tasks t where t.id = d.task_id)
         and not exists (
           select from documents n where n.task_id = d.task_id and n.created_at > d.created_at))
     order by d.created_at
     limit $2::int
     for update of d skip locked`,
    [before.toISOString(), limit],
  );
}

/** Remove runs that ended before `before` and whose document is gone; their deliveries go with them. */
export const removeExpiredRuns = removal(
  `delete from runs where id in (
     select r.id from runs r
     where r.finished_at < $1::text::timestamptz
       and r.state not in ('QUEUED', 'RUNNING')
       and not exists (select from documents d where d.run_id = r.id)
     order by r.finished_at
     limit $2::int
     for update skip locked)
   returning id`,
);

/** Remove tasks that ended before `before` and whose run, if they had one, is gone; steps and logs go with them. */
export const removeExpiredTaskInstances = removal(
  `delete from task_instances where id in (
     select t.id from task_instances t
     where t.finished_at < $1::text::timestamptz
       and t.state <> 'RUNNING'
       and not exists (select from runs r where r.task_instance_id = t.id)
     order by t.finished_at
     limit $2::int
     for update skip locked)
   returning id`,
);

/** Remove idempotency keys that are past their life. */
export const removeOldKeys = removal(
  `delete from idempotency_keys where ctid = any (array(
     select ctid from idempotency_keys where created_at < $1::text::timestamptz limit $2::int))
   returning 1 as removed`,
);

/** Remove notices: they are kept so that nobody is told twice a day of the same cause. */
export const removeOldNotices = removal(
  `delete from notices where ctid = any (array(
     select ctid from notices where created_at < $1::text::timestamptz limit $2::int))
   returning 1 as removed`,
);
