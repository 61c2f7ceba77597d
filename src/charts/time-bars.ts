import { chartConfig, chartParams, colorEncoding } from './chart-config.ts';
import type { ColorEntry, Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { legendLayers } from './legend.ts';
import type { OverlayRow } from './overlays.ts';
import { dataOnly, overlayLayers } from './overlays.ts';
import { timeEncoding, valueEncoding } from './time-line.ts';
import type { TimeSeries } from './time-points.ts';

/** A bar: from `t` to `u` in time, from `b` to `v` in value. */
export interface BarRow {
  readonly s: string;
  readonly t: number;
  readonly u: number;
  readonly v: number;
  readonly b: number;
}

/** Of a bucket's time, how much its bars leave free. */
const FREE = 0.18;

/** The shape of a chart of bars over time; where each bar stands is in its row. */
export function timeBarSpec(env: ChartEnvironment, legend: string | null, overlays: readonly OverlayRow[]): Spec {
  const [x, y] = [timeEncoding(env), valueEncoding(env)];
  const color = colorEncoding('s');
  const keys = legend === null ? [] : legendLayers(env.theme, 'square');
  const bars = { mark: { type: 'rect' }, encoding: { x, x2: { field: 'u' }, y, y2: { field: 'b' }, color } };
  const { behind, before } = overlayLayers(overlays, env, x, y);
  return {
    config: chartConfig(env),
    params: chartParams,
    layer: [...behind, dataOnly(overlays, bars), ...before, ...keys],
  };
}

/** Bars of each bucket, on top of each other (below zero downwards) or side by side; these stand on `base`. */
export function timeBarRows(
  series: readonly TimeSeries[],
  colors: readonly ColorEntry[],
  interval: number,
  stacked: boolean,
  base: number,
): readonly BarRow[] {
  const instants = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  // A month may be shorter than the usual one: a bucket ends where the next begins.
  const ends = new Map(
    instants.map((at, index) => {
      const next = instants[index + 1] ?? Number.POSITIVE_INFINITY;
      return [at, Math.min(next, at + interval)] as const;
    }),
  );
  const sums = new Map<string, number>();
  const slots = stacked ? 1 : series.length;
  return series.flatMap(({ points }, index) => {
    const s = colors[index]?.key ?? '';
    return points.flatMap(({ at, value }) => {
      if (value === null) return [];
      const length = (ends.get(at) ?? at + interval) - at;
      const width = (length * (1 - FREE)) / slots;
      const t = at + (length * FREE) / 2 + (stacked ? 0 : index * width);
      const pile = `${at}${value < 0 ? '-' : '+'}`;
      const b = stacked ? (sums.get(pile) ?? 0) : base;
      if (stacked) sums.set(pile, b + value);
      return [{ s, t, u: t + width, v: stacked ? b + value : value, b }];
    });
  });
}
