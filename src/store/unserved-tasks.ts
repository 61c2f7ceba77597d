import { execute, type Transaction } from './execute.ts';

const SERVED = `exists (select from workers w where w.beat_at > $2::text::timestamptz
  and ('*' = any (w.instances) or t.instance::text = any (w.instances)))`;

/**
 * Note since when due tasks have waited for an instance that no living worker serves, and forget it where that is over.
 * Safe on every replica at once: rows that another one has at hand are passed by.
 *
 * @param aliveSince workers whose last heartbeat is older are dead.
 * @returns the instances for which tasks began to wait, with how many, and how many tasks wait in all.
 */
export async function markUnserved(
  tx: Transaction,
  { now, aliveSince }: { now: Date; aliveSince: Date },
): Promise<{ readonly begun: { readonly instance: string; readonly tasks: number }[]; readonly waiting: number }> {
  const instants = [now.toISOString(), aliveSince.toISOString()];
  await execute(
    tx,
    `update report_tasks set unserved_since = null where id in (
       select id from report_tasks t
       where unserved_since is not null
         and (next_run_at is null or next_run_at > $1::text::timestamptz or ${SERVED})
       for no key update skip locked)`,
    instants,
  );
  const begun = await execute<{ instance: string; tasks: number }>(
    tx,
    `with begun as (
       update report_tasks set unserved_since = $1::text::timestamptz where id in (
         select id from report_tasks t
         where next_run_at <= $1::text::timestamptz and unserved_since is null and not ${SERVED}
         for no key update skip locked)
       returning instance)
     select instance, count(*)::int as tasks from begun group by instance order by instance`,
    instants,
  );
  const [counted] = await execute<{ waiting: number }>(
    tx,
    'select count(*)::int as waiting from report_tasks where unserved_since is not null',
    [],
  );
  return { begun, waiting: counted?.waiting ?? 0 };
}
