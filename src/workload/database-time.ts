import type { SampleMinute } from '../rows/session-samples.ts';
import type { DatabaseTime } from './facts.ts';
import type { Range } from './range.ts';
import { sumOf } from './sums.ts';

/**
 * Seconds that sessions worked in the range: measured by the server (PostgreSQL 14+: `active_time`), else from samples of
 * client sessions, else from what statements took. Null where none of them is there. Work begun before the range and ended
 * within it counts whole, so that it may exceed sessions × time.
 */
export function databaseTimeOf(range: Range, minutes: readonly SampleMinute[]): DatabaseTime | null {
  const active = sumOf(range.table('database'), 'active_time');
  if (active !== null) return { seconds: active / 1000, source: 'sessions' };
  const sampled = sampledSeconds(minutes);
  if (sampled !== null) return { seconds: sampled, source: 'samples' };
  const statements = statementSeconds(range);
  return statements === null ? null : { seconds: statements, source: 'statements' };
}

/** Null without samples. */
export function sampledSeconds(minutes: readonly SampleMinute[]): number | null {
  if (minutes.length === 0) return null;
  const groups = minutes.flatMap((minute) => minute.groups);
  const active = groups.filter(
    ({ backend, waitClass }) => backend === 'client backend' && waitClass !== 'Idle in transaction',
  );
  return active.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Planning and execution of statements that clients sent (nested ones are inside them); null where they are not counted. */
export function statementSeconds(range: Range): number | null {
  const table = range.table('statements');
  if (table.rows.length === 0) return null;
  const outer = table.rows.filter((row) => table.last(row, 'toplevel') !== false);
  const executed = sumOf(table, 'total_exec_time', outer);
  const planned = sumOf(table, 'total_plan_time', outer);
  return executed === null ? null : (executed + (planned ?? 0)) / 1000;
}
