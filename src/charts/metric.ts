import type { Widget } from '../definition/definition.ts';
import type { Rows } from '../rows/rows.ts';
import { chartConfig, chartParams, colorEncoding } from './chart-config.ts';
import type { ChartPlan, Content, MetricContent } from './content.ts';
import { formatClock, formatDate } from './dates.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { colorEntries, themeFor } from './look.ts';
import {
  columnIndex,
  feedingSeries,
  instantOfValue,
  isNumber,
  isTime,
  numberOf,
  readMappings,
  settingOf,
  shortText,
} from './mappings.ts';
import { emptyNotice, noColumnNotice } from './notices.ts';
import { formatChange, formatValue } from './numbers.ts';
import { joinPoints, thinPoints } from './time-join.ts';
import type { TimePoint } from './time-points.ts';

import { unitOf } from './units.ts';
import { valueRange } from './value-axis.ts';
import { chartWords } from './words.ts';

const DAY = 86_400_000;

/** One number: the latest where there is a time column, else the last row's; with its change and the values before. */
export const metric: WidgetKindMaker = (widget, series, env): Content => {
  const feeding = feedingSeries(widget, series);
  if (!feeding || feeding.rows.values.length === 0) return emptyNotice(series, env);
  const { rows } = feeding;
  const mappings = readMappings(widget);
  const wanted = mappings.field ?? mappings.y;
  if (wanted !== null && !rows.columns.some(({ name }) => name === wanted)) return noColumnNotice(wanted, env);
  const value = columnIndex(rows, wanted, [], isNumber, () => true);
  const time = columnIndex(rows, mappings.x, [value], isTime);
  const points = pointsOf(rows, time, value);
  const latest = points.at(-1);
  if (!latest || latest.value === null) return textMetric(widget, rows, value, env) ?? emptyNotice(series, env);
  const unit = unitOf(widget.settings.unit, rows.columns[value]?.name ?? null);
  const said = formatValue(latest.value, unit, env.locale);
  const change = changeOf(widget, points, env);
  const words = chartWords(env.locale);
  const parts = [`${words.charts.metric}: ${said}`, ...(change ? [words.against(change.text)] : [])];
  const zone = rows.columns[time]?.type === 'date' ? 'UTC' : env.timeZone;
  return {
    kind: 'metric',
    value: said,
    label: time < 0 ? null : momentOf(latest.at, zone, env),
    change,
    sparkline: time < 0 || points.length < 3 ? null : sparkline(points, { ...env, theme: themeFor(widget, env) }),
    alt: `${widget.heading ? `${widget.heading}. ` : ''}${parts.join(env.locale === 'zh' ? '，' : ', ')}`,
  } satisfies MetricContent;
};

const momentOf = (at: number, zone: string, { locale }: ChartEnvironment): string =>
  zone === 'UTC' && at % DAY === 0
    ? formatDate(at, zone, locale)
    : `${formatDate(at, zone, locale)} ${formatClock(at, zone, locale)}`;

/** In order of time; without a time column in the order of rows. Missing values are left out. */
function pointsOf(rows: Rows, time: number, value: number): readonly TimePoint[] {
  const points = rows.values.flatMap((row, index) => {
    const at = time < 0 ? index : instantOfValue(row[time]);
    const number = numberOf(row[value]);
    return at === null || number === null ? [] : [{ at, value: number }];
  });
  return time < 0 ? points : points.toSorted((a, b) => a.at - b.at);
}

/** A value that is no number is shown as it stands. */
function textMetric(widget: Widget, rows: Rows, column: number, env: ChartEnvironment): MetricContent | null {
  const last = rows.values.at(-1)?.[column];
  if (typeof last !== 'string' || last.trim() === '') return null;
  const value = shortText(last);
  const words = chartWords(env.locale);
  const alt = `${widget.heading ? `${widget.heading}. ` : ''}${words.charts.metric}: ${value}`;
  return { kind: 'metric', value, label: null, change: null, sparkline: null, alt };
}

/** Against the value before; `settings.better` (`up`, `down`) says which direction is good news. */
function changeOf(widget: Widget, points: readonly TimePoint[], env: ChartEnvironment): MetricContent['change'] {
  const [before, now] = [points.at(-2)?.value ?? null, points.at(-1)?.value ?? null];
  if (before === null || now === null || before === 0) return null;
  const change = (now - before) / Math.abs(before);
  const direction = Math.abs(change) < 0.0005 ? 'flat' : change > 0 ? 'up' : 'down';
  const better = settingOf(widget, 'better');
  const good = direction === 'flat' || (better !== 'up' && better !== 'down') ? null : better === direction;
  return { text: formatChange(change, env.locale), direction, good };
}

function sparkline(points: readonly TimePoint[], env: ChartEnvironment): ChartPlan {
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
