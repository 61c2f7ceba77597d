import type { Range } from './range.ts';
import { sumOf } from './sums.ts';

/**
 * The few cluster-wide numbers that are kept with every snapshot, for trends: what the piece since the snapshot before came
 * to. Rates are per second. A number that the server does not tell is left out.
 */
export function snapshotMetricsOf(range: Range): Map<string, number> {
  const { seconds } = range;
  const found = new Map<string, number>();
  const put = (name: string, value: number | null): void => {
    if (value !== null && Number.isFinite(value)) found.set(name, value);
  };
  const perSecond = (value: number | null): number | null => (value === null || seconds <= 0 ? null : value / seconds);
  const sum = (view: string, column: string): number | null => sumOf(range.table(view), column);
  put('seconds', seconds);
  const active = sum('database', 'active_time');
  const executed = sum('statements', 'total_exec_time');
  put('average_active_sessions', perSecond(active === null ? executed && executed / 1000 : active / 1000));
  put('transactions', perSecond(added(sum('database', 'xact_commit'), sum('database', 'xact_rollback'))));
  put('calls', perSecond(sum('statements', 'calls')));
  const calls = sum('statements', 'calls');
  put('ms_per_call', calls === null || calls === 0 || executed === null ? null : executed / calls);
  const [hit, read] = [sum('database', 'blks_hit'), sum('database', 'blks_read')];
  put('cache_hit_ratio', hit === null || read === null || hit + read === 0 ? null : hit / (hit + read));
  put('wal_bytes', perSecond(sum('wal', 'wal_bytes')));
  put('temp_bytes', perSecond(sum('database', 'temp_bytes')));
  put(
    'size_bytes',
    levelOf(range, 'size_bytes', (values) => values.reduce((total, value) => total + value, 0)),
  );
  put(
    'sessions',
    levelOf(range, 'numbackends', (values) => values.reduce((total, value) => total + value, 0)),
  );
  put(
    'xid_age',
    levelOf(range, 'xid_age', (values) => Math.max(...values)),
  );
  return found;
}

const added = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

function levelOf(range: Range, column: string, fold: (values: readonly number[]) => number): number | null {
  const table = range.table('database');
  const values = table.rows.flatMap((row) => {
    const value = row.isAtEnd ? table.last(row, column) : null;
    return value === null ? [] : [Number(value)];
  });
  return values.length === 0 ? null : fold(values);
}
