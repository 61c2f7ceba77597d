import { createHash } from 'node:crypto';
import type { SeriesRows } from '../../charts/environment.ts';
import type { ReportDefinition, Series, Widget } from '../../definition/definition.ts';
import { BroadsheetError } from '../../errors.ts';
import { effectivePeriod, type Period, resolvePeriod } from '../../period/period.ts';
import { planSeries } from '../../query/plan-series.ts';
import type { SourceReader, Statement } from '../../query/statement.ts';

/** Gives the reader of a source by its name; `needsSql` when the series is SQL text, which needs a right of its own. */
export type Readers = (source: string, needsSql: boolean) => Promise<SourceReader>;

/** What was read for one widget, or why nothing was. */
export interface WidgetRead {
  readonly widget: Widget;
  readonly period: Period | null;
  readonly series: readonly SeriesRead[];
  readonly problem: {
    readonly state: 'failed' | 'timed out';
    readonly message: string;
    readonly cause: unknown;
  } | null;
}

export interface SeriesRead extends SeriesRows {
  readonly source: string;
  /** SHA-256 of the statement and its parameters. */
  readonly queryHash: string;
}

export interface ReadScope {
  readonly definition: ReportDefinition;
  readonly at: Date;
  readonly timeZone: string;
  /** Asked for by the caller, instead of every period in the definition. */
  readonly period: readonly string[] | null;
  readonly readers: Readers;
  readonly signal: AbortSignal;
}

const READS_AT_ONCE = 4;

/** The period that counts (`effectivePeriod` says which), as instants. */
export function resolveFor(scope: ReadScope, widget: Widget | null, series: Series | null): Period {
  const { definition } = scope;
  const expression = effectivePeriod({
    run: scope.period,
    series: series?.period,
    widget: widget?.period,
    report: definition.period,
    dashboard: definition.dashboardPeriod,
  });
  return resolvePeriod(expression, scope.at, scope.timeZone);
}

/**
 * Read the rows of every widget, a few at once. A widget that can't be read is a `problem` and costs the others nothing.
 * @throws BroadsheetError `canceled` when the signal fires.
 */
export async function readWidgets(scope: ReadScope): Promise<readonly WidgetRead[]> {
  const widgets = [...new Map(scope.definition.pages.flat().map(({ widget }) => [widget.id, widget])).values()];
  const reads: WidgetRead[] = [];
  const queue = widgets.entries();
  const work = async (): Promise<void> => {
    for (const [index, widget] of queue) reads[index] = await readWidget(scope, widget);
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
  return reads;
}

async function readWidget(scope: ReadScope, widget: Widget): Promise<WidgetRead> {
  try {
    const series: SeriesRead[] = [];
    for (const one of widget.series) series.push(await readSeries(scope, widget, one));
    const period = widget.series.length === 0 ? null : resolveFor(scope, widget, widget.series[0] ?? null);
    return { widget, period, series, problem: null };
  } catch (error) {
    if (scope.signal.aborted) throw new BroadsheetError('canceled', 'the run was canceled');
    const known = error instanceof BroadsheetError;
    const state = known && error.code === 'timeout' ? 'timed out' : 'failed';
    const message = known ? error.message : '';
    return { widget, period: null, series: [], problem: { state, message, cause: error } };
  }
}

async function readSeries(scope: ReadScope, widget: Widget, series: Series): Promise<SeriesRead> {
  const { at, timeZone, signal } = scope;
  const period = resolveFor(scope, widget, series);
  const reader = await scope.readers(series.source, series.mode === 'sql');
  const statement = await planSeries(series, reader, { period, zone: timeZone, now: at }, signal);
  const rows = await reader.read(statement, signal);
  return { name: series.name, rows, source: series.source, queryHash: hashOf(statement) };
}

function hashOf({ text, parameters }: Statement): string {
  return createHash('sha256')
    .update(JSON.stringify([text, parameters]))
    .digest('hex');
}
