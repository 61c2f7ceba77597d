import type { Widget } from '../definition/definition.ts';
import { asTitle, punctuation } from './alt-text.ts';
import { chartConfig, chartParams } from './chart-config.ts';
import type { ChartContent, ChartPlan, Content, Spec } from './content.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { estimateWidth } from './label-width.ts';
import { themeFor } from './look.ts';
import { columnIndex, feedingSeries, instantOfValue, isNumber, isTime, numberOf, readMappings } from './mappings.ts';
import { captionOf, emptyNotice, noColumnNotice } from './notices.ts';
import { formatValue } from './numbers.ts';
import { seriesColor } from './theme.ts';
import type { Threshold } from './thresholds.ts';
import { readThresholds } from './thresholds.ts';
import type { Unit } from './units.ts';
import { unitOf } from './units.ts';
import { valueTicks } from './value-axis.ts';
import { chartWords } from './words.ts';

/** A part of the dial: an arc (`from`, `to` as angles, `inner`, `outer` as shares of the radius) or words at a place. */
interface GaugeRow {
  readonly k: 'arc' | 'word' | 'value';
  readonly ink: string;
  readonly from: number;
  readonly to: number;
  readonly inner: number;
  readonly outer: number;
  readonly l: string;
  /** Room beside the dial for the words at its rim; the same in all rows. */
  readonly pad: number;
}

/** The dial is open below: from 120° left of the top to 120° right of it. */
const START = (-2 * Math.PI) / 3;
const TURN = (4 * Math.PI) / 3;
const TRACK = { inner: 0.7, outer: 0.92 } as const;
const RIM = { inner: 0.945, outer: 1 } as const;
const TICK = 0.008;
const VALUE_SIZE = 19;
const WIDEST_WORD = 26;
/** Words at the ends of a scale, in points. */
const WIDEST_END = 46;
/** Of the scale: on a small dial words that are closer touch. */
const CLOSEST_WORDS = 0.075;

/** One value against a scale from `settings.min` to `settings.max`, with thresholds at its rim. */
export const gauge: WidgetKindMaker = (widget, series, env): Content => {
  const feeding = feedingSeries(widget, series);
  if (!feeding || feeding.rows.values.length === 0) return emptyNotice(series, env);
  const { rows } = feeding;
  const mappings = readMappings(widget);
  const wanted = mappings.field ?? mappings.y;
  if (wanted !== null && !rows.columns.some(({ name }) => name === wanted)) return noColumnNotice(wanted, env);
  const column = columnIndex(rows, wanted, [], isNumber, () => true);
  const time = columnIndex(rows, mappings.x, [column], isTime);
  const at = (row: (typeof rows.values)[number]): number => (time < 0 ? 0 : (instantOfValue(row[time]) ?? 0));
  const latest = (time < 0 ? rows.values : rows.values.toSorted((a, b) => at(a) - at(b)))
    .map((row) => numberOf(row[column]))
    .findLast((value) => value !== null);
  if (latest === undefined || latest === null) return emptyNotice(series, env);
  const unit = unitOf(widget.settings.unit, rows.columns[column]?.name ?? null);
  const thresholds = readThresholds(widget, unit, env);
  const [min, max] = scaleOf(widget, latest, unit, thresholds, env);
  const words = chartWords(env.locale);
  const say = (value: number): string => formatValue(value, unit, env.locale);
  const lines = thresholds.filter(({ isLine }) => isLine);
  const limits = lines.map(({ label }) => label);
  const remark =
    limits.length > 0 && !hasWords(lines, [min, max], say, env) ? words.thresholds(limits.join(', ')) : null;
  const { colon, comma } = punctuation(env.locale);
  const told = [words.charts.gauge + colon + say(latest), words.range(say(min), say(max)), ...limits].join(comma);
  // A long unit would not fit into the dial three times: the caption says it.
  const isLong = isWordy(unit) && estimateWidth(say(max), env.theme.text.chartLabel.size) > WIDEST_END;
  const { caption, truncated } = captionOf([isLong ? unit.suffix : null, remark], series, env);
  const print = isLong ? (value: number): string => formatValue(value, null, env.locale) : say;
  return {
    kind: 'chart',
    chart: planOf(latest, [min, max], thresholds, print, { ...env, theme: themeFor(widget, env) }),
    alt: asTitle(widget.heading, env.locale) + told,
    ...{ caption, truncated, minHeight: 84, aspect: 1.75 },
  } satisfies ChartContent;
};

/** The stored ends; else 0 to 100 % for shares, else round numbers around the value and its thresholds. */
function scaleOf(
  widget: Widget,
  value: number,
  unit: Unit | null,
  thresholds: readonly Threshold[],
  { locale }: ChartEnvironment,
): readonly [number, number] {
  const stored = (name: string): number | null => {
    const bound = widget.settings[name];
    return typeof bound === 'number' || typeof bound === 'string' ? numberOf(bound) : null;
  };
  const ends = thresholds.flatMap(({ from, to }) => [from, to].filter((end) => end !== null) as number[]);
  const { domain } = valueTicks(
    { type: 'value', min: Math.min(0, value, ...ends), max: Math.max(0, value, ...ends), unit, locale },
    80,
  );
  const share = unit === 'percent' ? 100 : unit === 'ratio' ? 1 : null;
  const min = stored('min') ?? domain[0];
  const max = stored('max') ?? (share === null || value > share ? domain[1] : share);
  return max > min ? [min, max] : [min, min + 1];
}

function planOf(
  value: number,
  [min, max]: readonly [number, number],
  thresholds: readonly Threshold[],
  say: (value: number) => string,
  env: ChartEnvironment,
): ChartPlan {
  const { theme } = env;
  const angle = (of: number): number => START + Math.max(0, Math.min(1, (of - min) / (max - min))) * TURN;
  const arc = (
    ink: string,
    from: number,
    to: number,
    ring: { inner: number; outer: number },
  ): Omit<GaugeRow, 'pad'>[] => (to > from ? [{ k: 'arc', ink, from, to, ...ring, l: '' }] : []);
  const word = (l: string, at: number, outer: number, ink: string): Omit<GaugeRow, 'pad'> => ({
    ...{ k: 'word', ink, from: at, to: at, inner: 0, outer, l },
  });
  const inside = (of: number | null): of is number => of !== null && of >= min && of <= max;
  const lines = thresholds.filter(({ isLine, from }) => isLine && inside(from)).toSorted((a, b) => order(a) - order(b));
  const regions = thresholds.filter(({ isLine }) => !isLine);
  const passed = lines.findLast(({ from }) => from !== null && value >= from);
  const region = regions.find(({ from, to }) => value >= (from ?? -Infinity) && value < (to ?? Infinity));
  const rim =
    regions.length > 0
      ? regions.flatMap(({ from, to, color }) => arc(color, angle(from ?? min), angle(to ?? max), RIM))
      : lines.flatMap(({ from, color }, index) =>
          arc(color, angle(from ?? min), angle(lines[index + 1]?.from ?? max), RIM),
        );
  const rows: Omit<GaugeRow, 'pad'>[] = [
    ...arc(theme.rule.grid, START, START + TURN, TRACK),
    ...arc(region?.color ?? passed?.color ?? seriesColor(theme, 0), START, angle(value), TRACK),
    ...rim,
    // A stroke through the track, so that a threshold is seen without its colour.
    ...lines.flatMap(({ from }) =>
      arc(theme.ink.strong, angle(from ?? min) - TICK, angle(from ?? min) + TICK, { inner: TRACK.inner, outer: 1 }),
    ),
    ...(hasWords(lines, [min, max], say, env) ? lines : []).map(({ from }) =>
      word(say(from ?? min), angle(from ?? min), 1.08, theme.ink.muted),
    ),
    { k: 'word', ink: theme.ink.muted, from: START, to: 0, inner: 1, outer: 0.81, l: say(min) },
    { k: 'word', ink: theme.ink.muted, from: START + TURN, to: 0, inner: 1, outer: 0.81, l: say(max) },
    { k: 'value', ink: theme.ink.strong, from: 0, to: 0, inner: 0, outer: 0, l: say(value) },
  ];
  const { size } = theme.text.chartLabel;
  const beside = rows
    .filter(({ k, inner }) => k === 'word' && inner === 0)
    .map(({ l, from }) => (estimateWidth(l, size) + 4) * Math.min(1, Math.abs(Math.sin(from)) + 0.3));
  const pad = Math.max(6, ...beside);
  return {
    spec: gaugeSpec(env),
    rows: rows.map((row) => ({ ...row, pad })),
    x: null,
    y: null,
    colors: [],
    legend: null,
    narrow: null,
  };
}

const isWordy = (unit: Unit | null): unit is { readonly suffix: string } =>
  typeof unit === 'object' && unit !== null && 'suffix' in unit;

/** Long words at the rim would leave the dial no room, and close ones would cover each other: they go into the caption. */
function hasWords(
  lines: readonly Threshold[],
  [min, max]: readonly [number, number],
  say: (value: number) => string,
  { theme }: ChartEnvironment,
): boolean {
  const places = lines.map(order).toSorted((a, b) => a - b);
  return (
    places.every((place) => estimateWidth(say(place), theme.text.chartLabel.size) <= WIDEST_WORD) &&
    places.slice(1).every((place, index) => place - (places[index] ?? place) >= CLOSEST_WORDS * (max - min))
  );
}

const order = ({ from }: Threshold): number => from ?? 0;

function gaugeSpec(env: ChartEnvironment): Spec {
  const radius = 'min(width / 2 - datum.pad, (height - 26) / 1.5)';
  // The dial with its words stands in the middle of its box.
  const [x, y] = ['width / 2', `(height - 1.5 * (${radius})) / 2 + (${radius}) - 2`];
  const bare = (field: string): Spec => ({ field, type: 'quantitative', scale: null });
  const color = { field: 'ink', type: 'nominal', scale: null, legend: null };
  const at = (sign: '+' | '-', of: string, turn: string): Spec => ({
    expr: `${of} ${sign} datum.outer * (${radius}) * ${turn}(datum.from)`,
  });
  const only = (kind: GaugeRow['k']): readonly Spec[] => [{ filter: `datum.k === '${kind}'` }];
  const { size, weight } = env.theme.text.chartLabel;
  return {
    config: chartConfig(env),
    params: chartParams,
    layer: [
      {
        transform: only('arc'),
        mark: {
          type: 'arc',
          strokeWidth: 0,
          ...{ x: { expr: x }, y: { expr: y } },
          innerRadius: { expr: `datum.inner * (${radius})` },
          outerRadius: { expr: `datum.outer * (${radius})` },
        },
        encoding: { theta: bare('from'), theta2: { field: 'to' }, color },
      },
      {
        transform: only('word'),
        mark: {
          ...{ type: 'text', fontSize: size, fontWeight: weight, x: at('+', x, 'sin'), y: at('-', y, 'cos') },
          align: { expr: "datum.inner === 1 || abs(datum.from) < 0.15 ? 'center' : datum.from < 0 ? 'right' : 'left'" },
          baseline: { expr: "datum.inner === 1 ? 'top' : abs(datum.from) < 0.6 ? 'bottom' : 'middle'" },
          dy: { expr: 'datum.inner * 6' },
        },
        encoding: { text: { field: 'l' }, color },
      },
      {
        transform: only('value'),
        mark: {
          ...{ type: 'text', align: 'center', baseline: 'middle', fontWeight: env.theme.text.metric.weight },
          ...{ x: { expr: x }, y: { expr: y } },
          fontSize: { expr: `max(10, min(${VALUE_SIZE}, (${radius}) * 2.2 / max(4, length(datum.l))))` },
        },
        encoding: { text: { field: 'l' }, color },
      },
    ],
  };
}
