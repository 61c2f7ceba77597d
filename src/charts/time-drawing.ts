import type { Widget } from '../definition/definition.ts';
import { annotationWords, readAnnotations } from './annotations.ts';
import type { ChartPlan, ColorEntry } from './content.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import { logPlace, logRange } from './log-axis.ts';
import { colorEntries, interpolationOf, legendPlace, ownColor } from './look.ts';
import { numberOf, settingOf } from './mappings.ts';
import { formatFixed } from './numbers.ts';
import type { OverlayRow } from './overlays.ts';
import { annotationRows, fitThresholds, headroom, thresholdRows } from './overlays.ts';
import { readThresholds } from './thresholds.ts';
import type { BarRow } from './time-bars.ts';
import { timeBarRows, timeBarSpec } from './time-bars.ts';
import type { Rhythm } from './time-join.ts';
import { joinPoints } from './time-join.ts';
import type { LineRow } from './time-line.ts';
import { circleRows, lineRows, lineSpec, stackedRows } from './time-line.ts';
import type { TimeSeries } from './time-points.ts';
import { timeAxisPlan } from './time-range.ts';
import { legendLabels, marksInWords } from './time-words.ts';
import type { Unit } from './units.ts';
import { valueRange } from './value-axis.ts';
import { chartWords } from './words.ts';

/** What is drawn of a time series, decided and in order. */
export interface TimeDrawing {
  readonly series: readonly TimeSeries[];
  readonly zone: string;
  readonly hasOther: boolean;
  readonly rhythm: Rhythm;
  readonly unit: Unit | null;
  readonly type: 'line' | 'area' | 'bar';
  readonly stack: 'none' | 'stacked' | 'percent';
  /** The same values one period earlier, already moved into this one. */
  readonly before: readonly TimeSeries[];
  /** All series of the widget, among them the one that may hold annotations. */
  readonly annotated: readonly SeriesRows[];
}

interface Drawn {
  readonly plan: ChartPlan;
  readonly remarks: readonly (string | null)[];
  /** Thresholds and annotations in words, for those who do not see them. */
  readonly marks: readonly string[];
}

const DAY = 86_400_000;

/** The plan of a chart over time with its thresholds, annotations and the period before, and what the caption says. */
export function drawTimes(widget: Widget, drawing: TimeDrawing, env: ChartEnvironment): Drawn {
  const { locale } = env;
  const words = chartWords(locale);
  const isLog = settingOf(widget, 'scale').startsWith('log') && drawing.stack === 'none';
  const { series, leftOut } = isLog ? placed(drawing.series) : { series: drawing.series, leftOut: 0 };
  const place = (value: number): number | null => (isLog ? logPlace(value) : value);
  const colors = colorsOf(widget, drawing, env);
  const filled = drawing.type === 'area';
  const interval = barWidth(drawing.rhythm, env);
  const data = dataRows(widget, { ...drawing, series }, colors, interval);
  const before = (isLog ? placed(drawing.before) : { series: drawing.before }).series;
  const beforeRows = rowsBefore(drawing.stack === 'none' ? before : [], drawing, env);
  const values = [...data.rows.map(({ v }) => v), ...beforeRows.map(({ v = 0 }) => v)];
  const onZero = filled || drawing.type === 'bar';
  const range = isLog ? logRange(values) : valueRange(values, onZero);
  const all = readThresholds(widget, drawing.unit, env);
  const fitted = isLog
    ? {
        drawn: all,
        values: all.flatMap(({ from, to }) => [from, to].flatMap((end) => (end === null ? [] : (place(end) ?? [])))),
        remark: null,
      }
    : fitThresholds(all, range, drawing.unit, env);
  const [min, max] = bounded(widget, widen(range, fitted.values), isLog);
  const rows = isLog ? data.rows.map((row) => ({ ...row, b: min })) : data.rows;
  const x = timeAxisPlan(drawing, drawing.type === 'bar' ? interval : 0, interval, env);
  const annotations = readAnnotations(widget, drawing.annotated, drawing.zone, env);
  const said = annotationWords(annotations, x, env);
  const overlays = [
    ...thresholdRows(fitted.drawn, [min, max], place, rows, env.theme.text.chartLabel.size),
    ...annotationRows(said, x),
    ...beforeRows,
  ];
  const legend = legendPlace(widget, colors.length);
  const spec =
    drawing.type === 'bar'
      ? timeBarSpec(env, legend, overlays)
      : lineSpec(env, styleOf(widget, drawing), {
          hasDots: (rows as readonly LineRow[]).some(({ dot }) => dot > 0),
          hasCircles: (rows as readonly LineRow[]).some(({ dot }) => dot < 0),
          count: colors.length,
          onZero: !isLog && min === 0 && fitted.drawn.length === 0,
          ...{ legend, overlays, pointsEach: rows.length / colors.length },
        });
  const y = { type: 'value', min, max, unit: drawing.unit, locale, ...(isLog && { isLog }) } as const;
  return {
    plan: { spec, rows: [...rows, ...overlays], x, y, colors, legend, narrow: null, head: headroom(said.lanes) },
    marks: marksInWords(fitted.drawn, said, drawing.zone, drawing.unit, env),
    remarks: [
      data.kept < data.all ? words.thinned(formatFixed(data.all, 0, locale), formatFixed(data.kept, 0, locale)) : null,
      isLog ? (leftOut > 0 ? words.logLeftOut(formatFixed(leftOut, 0, locale)) : words.logarithmic) : null,
      beforeRows.length > 0 ? words.dashed(drawing.before[0]?.name ?? '') : null,
      fitted.remark,
      said.key,
    ],
  };
}

interface DataRows {
  readonly rows: readonly (LineRow | BarRow)[];
  /** Points there were and points that are drawn. */
  readonly all: number;
  readonly kept: number;
}

/** The bucket of a bar; where a bar stands alone, a day, or less where the period is short. */
const barWidth = ({ interval }: Rhythm, { period }: ChartEnvironment): number =>
  interval || (period === null ? DAY : Math.min(DAY, (period.to - period.from) / 12));

function dataRows(widget: Widget, drawing: TimeDrawing, colors: readonly ColorEntry[], interval: number): DataRows {
  const { series, rhythm, type, stack } = drawing;
  if (type === 'bar') {
    const rows = timeBarRows(series, colors, interval, stack !== 'none', 0);
    return { rows, all: rows.length, kept: rows.length };
  }
  const connect = settingOf(widget, 'missing') === 'connect';
  const circled = circledSeries(widget);
  const joined = series.map(({ name, points }) => (circled.has(name) ? [] : joinPoints(points, rhythm.gap, connect)));
  const dots = widget.settings.showDots === true;
  if (stack !== 'none' && type === 'area') return stackedRows(joined, colors, dots, connect ? Infinity : rhythm.gap);
  const lines = lineRows(joined, colors, dots, 0);
  const circles = series.flatMap(({ name, points }, index) =>
    circled.has(name) ? circleRows(points, colors[index]?.key ?? '') : [],
  );
  return {
    rows: [...lines, ...circles],
    all: joined.reduce((sum, points) => sum + points.length, circles.length),
    kept: lines.length + circles.length,
  };
}

/** Names of series whose points are marked by circles and not joined. */
function circledSeries({ settings }: Widget): ReadonlySet<string> {
  const { circledSeries: names } = settings;
  return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
}

const styleOf = (widget: Widget, { type, stack }: TimeDrawing) => ({
  interpolate: interpolationOf(widget),
  dots: widget.settings.showDots === true,
  filled: type === 'area',
  stacked: type === 'area' && stack !== 'none',
});

function colorsOf(
  widget: Widget,
  { series, unit, hasOther }: TimeDrawing,
  env: ChartEnvironment,
): readonly ColorEntry[] {
  const labels = legendLabels(widget, series, unit, env);
  const entries = colorEntries(
    labels.map(({ label }) => label),
    env.theme,
  ).map((entry, index) => ({ ...entry, tail: labels[index]?.tail ?? '' }));
  return entries.map((entry, index) => {
    const isOther = hasOther && index === entries.length - 1;
    const own = isOther ? env.theme.sign.neutral : ownColor(widget, series[index]?.name ?? '', env.theme);
    return own === null ? entry : { ...entry, color: own };
  });
}

/** Values as powers of ten; those without one become gaps. */
function placed(series: readonly TimeSeries[]): { readonly series: readonly TimeSeries[]; readonly leftOut: number } {
  let leftOut = 0;
  const moved = series.map((one) => ({
    ...one,
    points: one.points.map(({ at, value }) => {
      const place = value === null ? null : logPlace(value);
      if (value !== null && place === null) leftOut += 1;
      return { at, value: place };
    }),
  }));
  return { series: moved, leftOut };
}

function rowsBefore(
  before: readonly TimeSeries[],
  { rhythm }: TimeDrawing,
  env: ChartEnvironment,
): readonly OverlayRow[] {
  const joined = before.map(({ points }) => joinPoints(points, rhythm.gap, false));
  return lineRows(
    joined,
    colorEntries(
      before.map(({ name }) => name),
      env.theme,
    ),
    false,
    0,
  ).map(({ g, t, v }) => ({
    k: 'before',
    ink: env.theme.ink.faint,
    ...{ g, t, v },
  }));
}

const widen = ([min, max]: readonly [number, number], values: readonly number[]): readonly [number, number] => [
  Math.min(min, ...values),
  Math.max(max, ...values),
];

/** `settings.min` and `settings.max` widen the axis; they never cut values off. */
function bounded(widget: Widget, range: readonly [number, number], isLog: boolean): readonly [number, number] {
  const stored = [widget.settings.min, widget.settings.max].flatMap((bound) => {
    const number = typeof bound === 'number' || typeof bound === 'string' ? numberOf(bound) : null;
    if (number === null) return [];
    return isLog ? (logPlace(number) ?? []) : [number];
  });
  return widen(range, stored);
}
