import type { Interval } from '../period/interval.ts';
import type { Bound, Fragment, Placeholders } from './fragment.ts';

/** Aggregations of the builder. `percentile` takes its share from `args`; `median` is the 50th. */
export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'percentile' | 'stddev' | 'variance';

/** What a read may be bucketed by: an instant, or a calendar day. */
export type TimeType = 'time' | 'date';

/** How a dialect writes what does not stand for itself, so that the template scanner leaves it alone. */
export interface Lexis {
  /** Sticky patterns of opaque tokens (strings, quoted identifiers, comments, words), tried in order. */
  readonly opaque: readonly RegExp[];
  /** Whether block comments nest. */
  readonly nestedComments: boolean;
  /** `$tag$ … $tag$` strings. */
  readonly dollarQuotes: boolean;
}

/** One SQL dialect. The table of dialects has one entry a file, all with these keys. */
export interface Dialect extends Placeholders {
  readonly key: string;
  readonly lexis: Lexis;
  /** An identifier taken from the catalogue, quoted so that any character may stand in it. */
  identifier(name: string): Fragment;
  /** A table of the catalogue, qualified. */
  table(schema: string, name: string): Fragment;
  asText(column: Fragment): Fragment;
  /** True where `condition` is false or unknown. */
  notTrue(condition: Fragment): Fragment;
  /** Start of the bucket that the column's value lies in, by the clock of `zone`; same type as the column. */
  bucket(column: Fragment, type: TimeType, interval: Interval, zone: Bound): Fragment;
  /** `from` ≤ column < `to`. A date counts as the midnight that begins it in `zone`. */
  within(column: Fragment, type: TimeType, from: Bound, to: Bound, zone: Bound): Fragment;
  aggregate(name: AggregateName, argument: Fragment, share: Bound | null): Fragment;
  /** What `$interval` of a template is bound to. */
  intervalValue(interval: Interval): Bound;
}
