import { blockSize } from './facts.ts';
import type { RangeEvent } from './pieces.ts';
import type { Range } from './range.ts';
import { meanMs, statementsOf } from './statements.ts';
import { sumOf } from './sums.ts';

/** After these a piece's rates are not those of the others: trends leave it out. */
const DISTURBANCES: readonly RangeEvent['kind'][] = ['crash', 'failover', 'view reset', 'database reset'];

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
  const { whole, all } = statementsOf({ range, minutes: [] });
  put('seconds', seconds);
  put('disturbed', range.events.some(({ kind }) => DISTURBANCES.includes(kind)) ? 1 : 0);
  const active = sum('database', 'active_time');
  const executed = all.length === 0 ? null : whole.seconds;
  put('average_active_sessions', perSecond(active === null ? executed : active / 1000));
  put('transactions', perSecond(added(sum('database', 'xact_commit'), sum('database', 'xact_rollback'))));
  put('calls', all.length === 0 ? null : perSecond(whole.calls));
  put('ms_per_call', meanMs(whole));
  const [hit, read] = [sum('database', 'blks_hit'), sum('database', 'blks_read')];
  put('cache_hit_ratio', hit === null || read === null || hit + read === 0 ? null : hit / (hit + read));
  put('read_bytes', perSecond(read === null ? null : read * blockSize(range)));
  put('wal_bytes', perSecond(sum('wal', 'wal_bytes') ?? whole.walBytes));
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
