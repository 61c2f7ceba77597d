import { chartConfig, chartParams, colorEncoding, dashEncoding, timeAxis, valueAxis } from './chart-config.ts';
import type { ColorEntry, Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { legendLayers } from './legend.ts';
import type { OverlayRow } from './overlays.ts';
import { dataOnly, overlayLayers } from './overlays.ts';
import type { JoinedPoint } from './time-join.ts';
import { keptIndices, loneStretches, thinPoints } from './time-join.ts';

/** What the drawing of lines and areas over time depends on besides the data. */
export interface LineStyle {
  readonly interpolate: string;
  readonly dots: boolean;
  readonly filled: boolean;
  readonly stacked: boolean;
}

/** A row of the chart: series key, stretch, time, value and the base an area stands on. */
export interface LineRow {
  readonly s: string;
  readonly g: string;
  readonly t: number;
  readonly v: number;
  readonly b: number;
  /** Area of its dot; 0 = none, below it a circle of that area instead. */
  readonly dot: number;
}

const scale = { domain: [0, 1], nice: false, zero: false };

/** Time along x, from the fields `t` (and `u`). */
export const timeEncoding = (env: ChartEnvironment): Spec => ({
  field: 't',
  type: 'quantitative',
  scale,
  axis: timeAxis(env.theme),
});

/** Values along y, from the fields `v` (and `b`). */
export const valueEncoding = (env: ChartEnvironment): Spec => ({
  field: 'v',
  type: 'quantitative',
  scale,
  axis: valueAxis(env.theme, 'y'),
});

const AREA_OPACITY = { alone: 0.12, among: 0.2, stacked: 0.85 } as const;

/** The shape of a chart of lines, areas or both, with dots where asked for or where a line would not show. */
export function lineSpec(
  env: ChartEnvironment,
  style: LineStyle,
  facts: {
    readonly hasDots: boolean;
    readonly hasCircles: boolean;
    readonly count: number;
    readonly onZero: boolean;
    readonly legend: string | null;
    readonly pointsEach: number;
    readonly overlays: readonly OverlayRow[];
  },
): Spec {
  const { interpolate, filled, stacked } = style;
  const alone = facts.count === 1;
  const [x, y] = [timeEncoding(env), valueEncoding(env)];
  const color = colorEncoding('s');
  const detail = { field: 'g' };
  const layers: Spec[] = [];
  // A line of one point would be a dot within its circle.
  const joined = facts.hasCircles ? { transform: [{ filter: 'datum.dot >= 0' }] } : {};
  if (filled || (alone && facts.onZero)) {
    const among = filled && alone ? AREA_OPACITY.among : alone ? AREA_OPACITY.alone : AREA_OPACITY.among;
    const fillOpacity = stacked ? AREA_OPACITY.stacked : among;
    const mark = { type: 'area', orient: 'vertical', interpolate, fillOpacity };
    layers.push({ ...joined, mark, encoding: { x, y, y2: { field: 'b' }, detail, color } });
  }
  if (!stacked) {
    const strokeWidth = facts.pointsEach > 350 ? 0.8 : facts.count > 5 || facts.pointsEach > 150 ? 1 : 1.4;
    const dash = dashEncoding(env.theme, 's');
    const line = { type: 'line', interpolate, strokeWidth };
    layers.push({ ...joined, mark: line, encoding: { x, y, detail, color, ...dash } });
  }
  if (facts.hasDots) {
    layers.push({
      transform: [{ filter: 'datum.dot > 0' }],
      mark: { type: 'point', filled: true, shape: 'circle', size: { expr: 'datum.dot' }, opacity: 1 },
      encoding: { x, y, color },
    });
  }
  if (facts.hasCircles) {
    layers.push({
      transform: [{ filter: 'datum.dot < 0' }],
      mark: {
        type: 'point',
        filled: false,
        shape: 'circle',
        size: { expr: '-datum.dot' },
        strokeWidth: 1.2,
        opacity: 1,
      },
      encoding: { x, y, color },
    });
  }
  const { behind, before } = overlayLayers(facts.overlays, env, x, y);
  const keys = facts.legend === null ? [] : legendLayers(env.theme, filled ? 'square' : 'stroke');
  const data = layers.map((layer) => dataOnly(facts.overlays, layer));
  return { config: chartConfig(env), params: chartParams, layer: [...behind, ...data, ...before, ...keys] };
}

/** Areas of dots; a series of one point is nothing but its dot. */
const DOT = { usual: 10, only: 28, circle: -24 } as const;

/** Points that one series may have on paper, in stretches of four: fewer where there are many series. */
const columnsFor = (series: number): number => Math.max(100, Math.min(400, Math.floor(1600 / series)));

/** Points that are marked and joined to nothing: each is a stretch of its own. */
export const circleRows = (
  points: readonly { readonly at: number; readonly value: number | null }[],
  s: string,
): readonly LineRow[] =>
  points.flatMap(({ at, value }, index) =>
    value === null ? [] : [{ s, g: `${s}/${index}`, t: at, v: value, b: 0, dot: DOT.circle }],
  );

/** Rows of lines, thinned; `base` is where areas stand. */
export function lineRows(
  series: readonly (readonly JoinedPoint[])[],
  colors: readonly ColorEntry[],
  dots: boolean,
  base: number,
): readonly LineRow[] {
  return series.flatMap((points, index) => {
    const s = colors[index]?.key ?? '';
    const thinned = thinPoints(points, columnsFor(series.length));
    const lone = loneStretches(thinned);
    return thinned.map(({ at, value, stretch }) => ({
      s,
      g: `s${index}/${stretch}`,
      t: at,
      v: value,
      b: base,
      dot: thinned.length === 1 ? DOT.only : dots || lone.has(stretch) ? DOT.usual : 0,
    }));
  });
}

/**
 * Rows of stacked areas: values above zero stand on each other, those below hang from each other. A series without a
 * value where others have one adds nothing there; where none has one, all break. All are thinned at the same instants.
 */
export function stackedRows(
  series: readonly (readonly JoinedPoint[])[],
  colors: readonly ColorEntry[],
  dots: boolean,
  gap: number,
): { readonly rows: readonly LineRow[]; readonly kept: number; readonly all: number } {
  const instants = [...new Set(series.flatMap((points) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const values = series.map((points) => new Map(points.map(({ at, value }) => [at, value])));
  const up = new Float64Array(instants.length);
  const down = new Float64Array(instants.length);
  const edges = values.map((of) =>
    instants.map((at, index) => {
      const value = of.get(at) ?? 0;
      const pile = value < 0 ? down : up;
      const b = pile[index] ?? 0;
      pile[index] = b + value;
      return { at, b, value: b + value };
    }),
  );
  const columns = Math.max(50, Math.floor(600 / Math.max(1, series.length)));
  const thinned = edges.map((edge) => keptIndices(edge, columns));
  const kept = thinned.every((indices) => indices === null)
    ? instants.map((_, index) => index)
    : [...new Set(thinned.flatMap((indices) => indices ?? []))].sort((a, b) => a - b);
  const parts = series.map((points) => new Map(points.map((point) => [point.at, point.stretch])));
  let stretch = 0;
  const stretches = instants.map((at, index) => {
    const before = instants[index - 1] ?? at;
    // A pile has a gap where all of its series that are on both sides have one.
    const both = parts.filter((of) => of.has(before) && of.has(at));
    const isParted = both.length > 0 && both.every((of) => of.get(before) !== of.get(at));
    if (at - before > gap || isParted) stretch += 1;
    return stretch;
  });
  const rows = edges.flatMap((edge, index) => {
    const s = colors[index]?.key ?? '';
    return kept.flatMap((at): LineRow[] => {
      const point = edge[at];
      const own = stretches[at];
      if (!point) return [];
      const lone = stretches[at - 1] !== own && stretches[at + 1] !== own;
      return [
        {
          s,
          g: `s${index}/${own}`,
          t: point.at,
          v: point.value,
          b: point.b,
          dot: instants.length === 1 ? DOT.only : dots || lone ? DOT.usual : 0,
        },
      ];
    });
  });
  return { rows, kept: kept.length * series.length, all: instants.length * series.length };
}
