import type { Widget } from '../definition/definition.ts';
import { localMs, localTime } from '../period/zone.ts';
import type { Landmark } from './alt-text.ts';
import { describeChart } from './alt-text.ts';
import type { AxisPlan, ChartContent, ChartPlan, ColorEntry, Content } from './content.ts';
import { formatClock, formatDay, formatSpan } from './dates.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { colorEntries, interpolationOf, legendPlace, themeFor } from './look.ts';
import { readMappings, settingOf } from './mappings.ts';
import { captionOf, emptyNotice, noColumnNotice } from './notices.ts';
import { formatFixed } from './numbers.ts';
import { timeBarRows, timeBarSpec } from './time-bars.ts';
import { lineRows, lineSpec } from './time-line.ts';
import type { TimeSeries, TimeTable } from './time-points.ts';
import { hasTime, joinPoints, thin, timeSeriesOf, usualInterval } from './time-points.ts';
import type { Unit } from './units.ts';
import { unitOf } from './units.ts';
import { valueRange } from './value-axis.ts';
import { chartWords } from './words.ts';

const MOST_SERIES = 10;
const MOST_BARS = 750;
const DAY = 86_400_000;

/** Values over time: lines (default), areas or bars, one series per group or number column, gaps shown as gaps. */
export const timeseries: WidgetKindMaker = (widget, series, env): Content => {
  const mappings = readMappings(widget);
  if (series.every(({ rows }) => rows.values.length === 0)) return emptyNotice(series, env);
  if (!series.some((one) => hasTime(one, mappings))) return noColumnNotice(mappings.x ?? 'time', env);
  const table = timeSeriesOf(series, mappings, env);
  const shown = largest(table.series);
  if (shown.length === 0) return emptyNotice(series, env);
  const unit = unitOf(widget.settings.unit, shown[0]?.column ?? null);
  const drawn = drawSeries(widget, { ...table, series: shown }, unit, { ...env, theme: themeFor(widget, env) });
  const words = chartWords(env.locale);
  const whole = (count: number): string => formatFixed(count, 0, env.locale);
  const remarks = [
    shown.length < table.series.length ? words.topSeries(whole(shown.length), whole(table.series.length)) : null,
    drawn.kept < drawn.all ? words.thinned(whole(drawn.all), whole(drawn.kept)) : null,
  ];
  const { caption, truncated } = captionOf(remarks, series, env);
  return {
    kind: 'chart',
    chart: drawn.plan,
    alt: describe(widget, shown, table.zone, drawn.chart, unit, env),
    caption,
    truncated: truncated || shown.length < table.series.length,
    minHeight: 110,
    aspect: 2.4,
  } satisfies ChartContent;
};

/** The series that have values; of more than ten the ten with the largest sums, in their own order. */
function largest(series: readonly TimeSeries[]): readonly TimeSeries[] {
  const filled = series.filter(({ points }) => points.some(({ value }) => value !== null));
  if (filled.length <= MOST_SERIES) return filled;
  const weight = ({ points }: TimeSeries): number => points.reduce((sum, { value }) => sum + Math.abs(value ?? 0), 0);
  const kept = new Set(
    filled
      .map((one) => ({ one, weight: weight(one) }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, MOST_SERIES)
      .map(({ one }) => one),
  );
  return filled.filter((one) => kept.has(one));
}

interface Drawn {
  readonly plan: ChartPlan;
  readonly chart: 'line' | 'area' | 'bar';
  /** Points there were and points that are drawn. */
  readonly all: number;
  readonly kept: number;
}

function drawSeries(widget: Widget, table: TimeTable, unit: Unit | null, env: ChartEnvironment): Drawn {
  const type = settingOf(widget, 'type');
  const interval = usualInterval(table.series) || DAY;
  const colors = colorEntries(
    table.series.map(({ name }) => name),
    env.theme,
  );
  const instants = new Set(table.series.flatMap(({ points }) => points.map(({ at }) => at))).size;
  const barred = /bar|column|histogram/.test(type) && instants <= MOST_BARS;
  const draw = barred ? drawBars : drawLines;
  return draw(widget, table, { unit, interval, colors, filled: /area/.test(type) }, env);
}

interface Drawing {
  readonly unit: Unit | null;
  readonly interval: number;
  readonly colors: readonly ColorEntry[];
  readonly filled: boolean;
}

function drawBars(widget: Widget, table: TimeTable, { unit, interval, colors }: Drawing, env: ChartEnvironment): Drawn {
  const rows = timeBarRows(table.series, colors, interval, widget.settings.stack !== false);
  const legend = legendPlace(widget, colors.length);
  const [min, max] = valueRange(
    rows.map(({ v }) => v),
    true,
  );
  const plan: ChartPlan = {
    spec: timeBarSpec(env, legend),
    rows,
    x: timeAxisPlan(table, interval, env),
    y: { type: 'value', min, max, unit, locale: env.locale },
    colors,
    legend,
    narrow: null,
  };
  return { plan, chart: 'bar', all: rows.length, kept: rows.length };
}

function drawLines(widget: Widget, table: TimeTable, drawing: Drawing, env: ChartEnvironment): Drawn {
  const { unit, interval, colors, filled } = drawing;
  const stacked = filled && widget.settings.stack === true && colors.length > 1;
  const style = { interpolate: interpolationOf(widget), dots: widget.settings.showDots === true, filled, stacked };
  const joined = table.series.map((source) => ({ source, points: joinPoints(source.points, interval) }));
  // Sums need all series at all instants, so stacked areas are drawn whole.
  const kept = stacked ? joined : joined.map(({ source, points }) => ({ source, points: thin(points) }));
  const rows = lineRows(kept, colors, style);
  const legend = legendPlace(widget, colors.length);
  const [min, max] = valueRange(
    rows.map(({ v }) => v),
    filled,
  );
  const hasDots = rows.some(({ dot }) => dot);
  const plan: ChartPlan = {
    spec: lineSpec(env, style, {
      hasDots,
      count: colors.length,
      onZero: min === 0,
      legend,
      pointsEach: rows.length / colors.length,
    }),
    rows,
    x: timeAxisPlan(table, 0, env),
    y: { type: 'value', min, max, unit, locale: env.locale },
    colors,
    legend,
    narrow: null,
  };
  const count = (of: readonly { points: readonly unknown[] }[]): number =>
    of.reduce((sum, { points }) => sum + points.length, 0);
  return { plan, chart: filled ? 'area' : 'line', all: count(joined), kept: count(kept) };
}

/** The whole period where the data lie in it; else from the first value to the last and the width of its bar. */
function timeAxisPlan({ series, zone }: TimeTable, barWidth: number, env: ChartEnvironment): AxisPlan {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of series) {
    from = Math.min(from, points[0]?.at ?? from);
    to = Math.max(to, (points.at(-1)?.at ?? to) + barWidth);
  }
  const onClock = (instant: number): number =>
    zone === env.timeZone ? instant : localMs(localTime(new Date(instant), env.timeZone));
  const period = env.period && { from: onClock(env.period.from), to: onClock(env.period.to) };
  const inside = period && from >= period.from && to <= period.to && to - from > (period.to - period.from) / 20;
  if (inside) [from, to] = [period.from, period.to];
  if (to <= from) [from, to] = [from - DAY / 2, from + DAY / 2];
  return { type: 'time', from, to, bucket: barWidth, zone, locale: env.locale };
}

function describe(
  widget: Widget,
  series: readonly TimeSeries[],
  zone: string,
  chart: 'line' | 'area' | 'bar',
  unit: Unit | null,
  env: ChartEnvironment,
): string {
  const { locale } = env;
  const points = series.flatMap(({ name, points: of }) => of.map((point) => ({ ...point, name })));
  const [from, to] = [points[0]?.at ?? 0, points[0]?.at ?? 0];
  const [first, last] = points.reduce(([low, high], { at }) => [Math.min(low, at), Math.max(high, at)], [from, to]);
  const day = (at: number): string =>
    last - first < 2 * DAY
      ? `${formatDay(at, zone, locale)} ${formatClock(at, zone, locale)}`
      : formatDay(at, zone, locale);
  const landmarks = points.flatMap(({ at, value, name }): (Landmark & { at: number; name: string })[] =>
    value === null ? [] : [{ value, where: '', at, name }],
  );
  const extreme = (better: (a: number, b: number) => boolean): Landmark[] => {
    const [start] = landmarks;
    if (!start) return [];
    const best = landmarks.reduce((found, mark) => (better(mark.value, found.value) ? mark : found), start);
    return [{ value: best.value, where: series.length > 1 ? `${day(best.at)}, ${best.name}` : day(best.at) }];
  };
  const single = series.length === 1 ? series[0]?.points.findLast(({ value }) => value !== null) : undefined;
  return describeChart(
    {
      chart,
      title: widget.heading,
      scope: [chartWords(locale).series(series.length), formatSpan(first, last, zone, locale)],
      landmarks: [...extreme((a, b) => a > b), ...extreme((a, b) => a < b)],
      latest: single?.value ?? null,
      unit,
    },
    locale,
  );
}
