import { chartConfig, chartParams, colorEncoding, timeAxis, valueAxis } from './chart-config.ts';
import type { ColorEntry, Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
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
export function timeBarSpec(env: ChartEnvironment, legend: string | null): Spec {
  const scale = { domain: [0, 1], nice: false, zero: false };
  return {
    config: chartConfig(env),
    params: chartParams,
    mark: { type: 'rect' },
    encoding: {
      x: { field: 't', type: 'quantitative', scale, axis: timeAxis(env.theme) },
      x2: { field: 'u' },
      y: { field: 'v', type: 'quantitative', scale, axis: valueAxis(env.theme, 'y') },
      y2: { field: 'b' },
      color: colorEncoding('s', legend, 'square'),
    },
  };
}

/** Bars of each bucket, on top of each other (below zero downwards) or side by side. */
export function timeBarRows(
  series: readonly TimeSeries[],
  colors: readonly ColorEntry[],
  interval: number,
  stacked: boolean,
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
      const b = stacked ? (sums.get(pile) ?? 0) : 0;
      if (stacked) sums.set(pile, b + value);
      return [{ s, t, u: t + width, v: b + value, b }];
    });
  });
}
