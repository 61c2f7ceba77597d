import type { Series } from '../definition/definition.ts';
import { BroadsheetError } from '../errors.ts';
import { type Interval, intervalFor } from '../period/interval.ts';
import type { Period } from '../period/period.ts';
import { buildQuery } from './build-query.ts';
import { dialectOf } from './dialects.ts';
import { bindTemplate } from './sql-template.ts';
import type { SourceReader, Statement } from './statement.ts';

/** When and where a series is read. */
export interface SeriesScope {
  readonly period: Period;
  readonly zone: string;
  /** What `now` means: the run's scheduled time. */
  readonly now: Date;
}

/**
 * The statement of a series for the source that it names: its SQL with `$period_from` … bound, or its builder query.
 * The source's catalogue is asked for only where names must be checked.
 * @throws BroadsheetError `unprocessable` or `bad_request` when the series cannot become a statement; whatever
 *   `reader.catalogue` throws.
 */
export async function planSeries(
  series: Series,
  reader: SourceReader,
  scope: SeriesScope,
  signal: AbortSignal,
): Promise<Statement> {
  const dialect = dialectOf(reader.dialect);
  if (series.mode === 'sql') {
    const interval = templateInterval(series, scope.period);
    return bindTemplate(series.sql ?? '', dialect, { period: scope.period, zone: scope.zone, interval });
  }
  if (series.query === null) throw new BroadsheetError('unprocessable', `the series ${series.name} has no query`);
  return buildQuery(series.query, await reader.catalogue(signal), { dialect, ...scope });
}

/** `$interval` of an SQL series is the `interval` of its otherwise unused query, if it has one, else automatic. */
const templateInterval = (series: Series, period: Period): Interval =>
  intervalFor(period, series.query?.interval ?? null);
