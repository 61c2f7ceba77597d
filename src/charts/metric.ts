import type { Widget } from '../definition/definition.ts';
import type { Rows } from '../rows/rows.ts';
import { asTitle, describeChart, punctuation } from './alt-text.ts';
import { chartConfig, chartParams, colorEncoding } from './chart-config.ts';
import type { ChartPlan, Content, MetricContent } from './content.ts';
import { formatClock, formatDate, formatDay, formatSpan } from './dates.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { colorEntries, themeFor } from './look.ts';
import { columnIndex, feedingSeries, isNumber, isTime, readMappings, settingOf, shortText } from './mappings.ts';
import type { MetricPoint } from './metric-value.ts';
import { metricPoints, metricValue } from './metric-value.ts';
import { emptyNotice, noColumnNotice } from './notices.ts';
import { formatChange, formatPoints, formatValue } from './numbers.ts';
import { joinPoints, thinPoints } from './time-join.ts';
import { compareSeries } from './timeseries.ts';
import { type Unit, unitOf } from './units.ts';
import { valueRange } from './value-axis.ts';
import { chartWords } from './words.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** One number: the latest where there is a time column, else the last row's; with its change and the values before. */
export const metric: WidgetKindMaker = (widget, series, env): Content => {
  const other = series.find(({ name }) => name === compareSeries(widget));
  const feeding = feedingSeries(
    widget,
    series.filter((one) => one !== other),
  );
  if (!feeding || feeding.rows.values.length === 0) return emptyNotice(series, env);
  const { rows } = feeding;
  const mappings = readMappings(widget);
  const wanted = mappings.field ?? mappings.y;
  if (wanted !== null && !rows.columns.some(({ name }) => name === wanted)) return noColumnNotice(wanted, env);
  const columns = columnsIn(rows, wanted, mappings.x);
  const points = metricPoints(rows, columns.time, columns.value);
  const latest = points.at(-1);
  if (!latest) return textMetric(widget, rows, columns.value, env) ?? emptyNotice(series, env);
  const unit = unitOf(widget.settings.unit, rows.columns[columns.value]?.name ?? null);
  const otherColumns = other && columnsIn(other.rows, wanted, mappings.x);
  const earlier = other && otherColumns ? metricPoints(other.rows, otherColumns.time, otherColumns.value) : null;
  const { value, before, isPeriod, isLatest } = metricValue(widget, points, earlier, env, columns.time >= 0);
  if (value === null) return emptyNotice(series, env);
  const counted = settingOf(widget, 'reduce') === 'count' ? null : unit;
  const said = formatValue(value, counted, env.locale);
  const change = changeOf(widget, before, value, counted, env);
  const words = chartWords(env.locale);
  const against = isPeriod ? words.againstPeriod : words.against;
  const { colon, comma, stop } = punctuation(env.locale);
  const parts = [words.charts.metric + colon + said, ...(change ? [against(change.text)] : [])];
  const isDrawn = columns.time >= 0 && points.length >= 3;
  const zone = rows.columns[columns.time]?.type === 'date' ? 'UTC' : env.timeZone;
  const span = columns.time < 0 ? null : formatSpan(points[0]?.at ?? latest.at, latest.at, zone, env.locale);
  return {
    kind: 'metric',
    value: said,
    label: columns.time < 0 ? null : isLatest ? momentOf(points, latest.at, zone, env) : span,
    change,
    sparkline: isDrawn ? sparkline(points, { ...env, theme: themeFor(widget, env) }) : null,
    alt:
      asTitle(widget.heading, env.locale) +
      parts.join(comma) +
      (isDrawn ? stop + describeLine(points, span, zone, unit, env) : ''),
  } satisfies MetricContent;
};

function columnsIn(
  rows: Rows,
  wanted: string | null,
  x: string | null,
): { readonly value: number; readonly time: number } {
  const value = columnIndex(rows, wanted, [], isNumber, () => true);
  return { value, time: columnIndex(rows, x, [value], isTime) };
}

/** So many of the last values tell whether they are of days. */
const TELLING = 3;

/** The day of the latest value, with its time unless values are of whole days. */
function momentOf(points: readonly MetricPoint[], at: number, zone: string, { locale }: ChartEnvironment): string {
  const ofDays = points
    .slice(-TELLING)
    .every((point) => point.at % MINUTE === 0 && formatClock(point.at, zone, 'en') === '00:00');
  const day = formatDate(at, zone, locale);
  return ofDays ? day : `${day} ${formatClock(at, zone, locale)}`;
}

/** The line of values in words. */
function describeLine(
  points: readonly MetricPoint[],
  span: string | null,
  zone: string,
  unit: Unit | null,
  { locale }: ChartEnvironment,
): string {
  let [lowest, highest] = [points[0], points[0]];
  for (const point of points) {
    if (lowest && point.value < lowest.value) lowest = point;
    if (highest && point.value > highest.value) highest = point;
  }
  const ends = [highest, lowest].filter((point) => point !== undefined);
  const isShort = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0) < 2 * DAY;
  const when = (at: number): string =>
    formatDay(at, zone, locale) + (isShort ? ` ${formatClock(at, zone, locale)}` : '');
  const landmarks = ends.map(({ at, value }) => ({ value, where: when(at) }));
  const scope = span === null ? [] : [span];
  return describeChart({ chart: 'line', title: null, scope, landmarks, latest: null, unit }, locale);
}

/** A value that is no number is shown as it stands. */
function textMetric(widget: Widget, rows: Rows, column: number, env: ChartEnvironment): MetricContent | null {
  const last = rows.values.at(-1)?.[column];
  if (typeof last !== 'string' || last.trim() === '') return null;
  const value = shortText(last);
  const words = chartWords(env.locale);
  const alt = asTitle(widget.heading, env.locale) + words.charts.metric + punctuation(env.locale).colon + value;
  return { kind: 'metric', value, label: null, change: null, sparkline: null, alt };
}

/** Against an earlier value, of percentages in points; `settings.better` (`up`, `down`) says which direction is good news. */
function changeOf(
  widget: Widget,
  before: number | null,
  now: number,
  unit: Unit | null,
  env: ChartEnvironment,
): MetricContent['change'] {
  const isPercent = unit === 'percent' || unit === 'ratio';
  if (before === null || (before === 0 && !isPercent)) return null;
  const points = (now - before) * (unit === 'ratio' ? 100 : 1);
  const change = isPercent ? points / 100 : (now - before) / Math.abs(before);
  const direction = Math.abs(change) < (isPercent ? 0.000_000_5 : 0.0005) ? 'flat' : change > 0 ? 'up' : 'down';
  const better = settingOf(widget, 'better');
  const good = direction === 'flat' || (better !== 'up' && better !== 'down') ? null : better === direction;
  const { percentagePoints } = chartWords(env.locale);
  const text = isPercent ? percentagePoints(formatPoints(points, env.locale)) : formatChange(change, env.locale);
  return { text, direction, good };
}

function sparkline(points: readonly MetricPoint[], env: ChartEnvironment): ChartPlan {
  const kept = thinPoints(joinPoints(points, Number.POSITIVE_INFINITY, true), 60);
  const [min, max] = valueRange(
    kept.map(({ value }) => value),
    false,
  );
  const colors = colorEntries([''], env.theme);
  const s = colors[0]?.key ?? '';
  const rows = kept.map(({ at, value }) => ({ s, t: at, v: value, b: min }));
  const [from, to] = [rows[0]?.t ?? 0, rows.at(-1)?.t ?? 1];
  const scale = { domain: [0, 1], nice: false, zero: false };
  const bare = (field: string) => ({ field, type: 'quantitative', scale, axis: null });
  return {
    spec: {
      config: chartConfig(env),
      params: chartParams,
      encoding: { x: bare('t'), y: bare('v'), color: colorEncoding('s') },
      layer: [
        { mark: { type: 'area', orient: 'vertical', fillOpacity: 0.12 }, encoding: { y2: { field: 'b' } } },
        { mark: { type: 'line', strokeWidth: 1.2 } },
      ],
    },
    rows,
    x: { type: 'time', from, to, bucket: 0, zone: 'UTC', locale: env.locale },
    y: { type: 'value', min, max, unit: null, locale: env.locale },
    colors,
    legend: null,
    narrow: null,
    isBare: true,
  };
}
