import { categoryAxis, chartConfig, chartParams, colorEncoding } from './chart-config.ts';
import type { Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { legendLayers } from './legend.ts';
import { timeEncoding } from './time-line.ts';

/** A box of a lane or of a grid: colour key, words in it with their width in points and their colour. */
interface BoxWords {
  readonly s: string;
  readonly l: string;
  readonly w: number;
  readonly ink: string;
}

/** From `t` to `u` in the lane `r`. */
export interface LaneRow extends BoxWords {
  readonly t: number;
  readonly u: number;
  readonly r: string;
}

/** In column `c` and line `r`. */
export interface CellRow extends BoxWords {
  readonly c: string;
  readonly r: string;
}

const band = (field: string, name: 'x' | 'y', gap: number, env: ChartEnvironment): Spec => ({
  field,
  type: 'nominal',
  sort: null,
  scale: { domain: ['a'], paddingInner: gap, paddingOuter: 0 },
  axis: { ...categoryAxis(env.theme, name), domain: false },
});

const TEXT = { type: 'text', baseline: 'middle', align: 'center' } as const;
const ink = { field: 'ink', type: 'nominal', scale: null, legend: null };

const text = (env: ChartEnvironment, size: Spec, condition: string): Spec => ({
  ...TEXT,
  ...size,
  fontSize: env.theme.text.chartLabel.size,
  text: { expr: `${condition} ? datum.l : ''` },
});

/** Boxes along time, one lane for each name: states, or amounts of buckets. `gap` is the share between lanes. */
export function laneSpec(env: ChartEnvironment, gap: number, legend: string | null): Spec {
  const [x, y] = [timeEncoding(env), band('r', 'y', gap, env)];
  const middle = "(scale('x', datum.t) + scale('x', datum.u)) / 2";
  const fits = "scale('x', datum.u) - scale('x', datum.t) > datum.w + 4 && bandwidth('y') > 8";
  return {
    config: chartConfig(env),
    params: chartParams,
    layer: [
      { mark: { type: 'rect' }, encoding: { x, x2: { field: 'u' }, y, color: colorEncoding('s') } },
      { mark: text(env, { x: { expr: middle } }, fits), encoding: { y, color: ink } },
      ...(legend === null ? [] : legendLayers(env.theme, 'square')),
    ],
  };
}

/** A grid of boxes: column by line. */
export function cellSpec(env: ChartEnvironment, legend: string | null): Spec {
  const [x, y] = [band('c', 'x', 0.04, env), band('r', 'y', 0.04, env)];
  const fits = "bandwidth('x') > datum.w + 2 && bandwidth('y') > 8";
  return {
    config: chartConfig(env),
    params: chartParams,
    layer: [
      { mark: { type: 'rect' }, encoding: { x, y, color: colorEncoding('s') } },
      { mark: text(env, {}, fits), encoding: { x, y, color: ink } },
      ...(legend === null ? [] : legendLayers(env.theme, 'square')),
    ],
  };
}
