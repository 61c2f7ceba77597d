import type { QueryField } from '../definition/definition.ts';
import { refuse, shown } from './dataset.ts';
import type { AggregateName, Dialect } from './dialect.ts';
import { bind, type Fragment, sql } from './fragment.ts';

type Aggregation = NonNullable<QueryField['aggregation']>;

interface Kind {
  readonly name: AggregateName;
  /** Whether `distinct` makes sense: not for what orders its values. */
  readonly distinct: boolean;
  /** Share of a percentile: fixed, or read from `args`. */
  readonly share?: number | 'argument';
}

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['count', { name: 'count', distinct: true }],
  ['sum', { name: 'sum', distinct: true }],
  ['avg', { name: 'avg', distinct: true }],
  ['min', { name: 'min', distinct: true }],
  ['max', { name: 'max', distinct: true }],
  ['stddev', { name: 'stddev', distinct: true }],
  ['variance', { name: 'variance', distinct: true }],
  ['median', { name: 'percentile', distinct: false, share: 0.5 }],
  ['percentile', { name: 'percentile', distinct: false, share: 'argument' }],
]);

/**
 * The expression of an aggregated field. Functions: `count` (of rows when `column` is null, else of values), `sum`,
 * `avg`, `min`, `max`, `stddev`, `variance` (both of a sample), `median`, `percentile` (`args[0]`: 0–100, interpolated).
 * @throws BroadsheetError `unprocessable`
 */
export function aggregation(dialect: Dialect, given: Aggregation, column: Fragment | null): Fragment {
  const kind = KINDS.get(given.func.trim().toLowerCase());
  if (kind === undefined) throw refuse(`unknown aggregation ${shown(given.func)}`);
  if (column === null) {
    if (kind.name !== 'count' || given.distinct) throw refuse(`the aggregation ${shown(given.func)} needs a field`);
    return dialect.aggregate('count', sql`*`, null);
  }
  if (given.distinct && !kind.distinct) throw refuse(`the aggregation ${shown(given.func)} takes no distinct`);
  const share = kind.share === 'argument' ? shareOf(given.args) : (kind.share ?? null);
  const argument = given.distinct ? sql`distinct ${column}` : column;
  return dialect.aggregate(kind.name, argument, share === null ? null : bind(share, 'number'));
}

function shareOf(args: readonly string[]): number {
  const text = args[0]?.trim() ?? '';
  const percent = text === '' ? Number.NaN : Number(text);
  if (!(percent >= 0 && percent <= 100)) throw refuse('the aggregation percentile takes one argument from 0 to 100');
  return percent / 100;
}
