import { execute, type Transaction } from './execute.ts';

/** Longest that a name or an address waits between two tries. */
const LONGEST_WAIT_SECONDS = 64;
/** Failures are forgotten after an hour without a try. */
const FORGOTTEN = "interval '1 hour'";

const waitSeconds = (free: string) =>
  `case when f.failures < ${free} then 0 else least(${LONGEST_WAIT_SECONDS}, 2 ^ least(f.failures - ${free}, 6)) end`;

/**
 * Count a try to log in before its password is looked at, so that tries at once are counted one by one. The first `free`
 * ones are let through, then each waits twice as long as the one before. Answers the seconds still to wait; 0 = counted.
 */
export async function countLogin(tx: Transaction, key: string, free: number, at: Date): Promise<number> {
  const values = [key, at.toISOString(), free];
  const counted = await execute(
    tx,
    `insert into login_failures as f (key, failures, last_at) values ($1, 1, $2::text::timestamptz)
     on conflict (key) do update
       set failures = case when f.last_at < $2::text::timestamptz - ${FORGOTTEN} then 1 else f.failures + 1 end,
           last_at = greatest(f.last_at, $2::text::timestamptz)
       where f.failures < $3::int or $2::text::timestamptz >= f.last_at + make_interval(secs => ${waitSeconds('$3::int')})
     returning 1 as counted`,
    values,
  );
  if (counted.length > 0) return 0;
  const [row] = await execute<{ seconds: number }>(
    tx,
    `select ceil(extract(epoch from f.last_at - $2::text::timestamptz) + ${waitSeconds('$3::int')})::int as seconds
     from login_failures f where key = $1`,
    values,
  );
  return Math.max(1, row?.seconds ?? 1);
}

/** A try has succeeded: the name's failures are forgotten, and the address has one less. */
export async function forgiveLogin(tx: Transaction, userKey: string, addressKey: string | null): Promise<void> {
  await execute(tx, 'delete from login_failures where key = $1', [userKey]);
  if (addressKey === null) return;
  await execute(tx, 'update login_failures set failures = greatest(failures - 1, 0) where key = $1', [addressKey]);
}

/** Remove what is forgotten anyway. */
export async function removeOldLoginFailures(tx: Transaction, before: Date, limit: number): Promise<number> {
  const removed = await execute(
    tx,
    `delete from login_failures where ctid = any (array(
       select ctid from login_failures where last_at < $1::text::timestamptz limit $2::int))
     returning 1 as removed`,
    [before.toISOString(), limit],
  );
  return removed.length;
}
