import { chartConfig, chartParams, colorEncoding, timeAxis, valueAxis } from './chart-config.ts';
import type { ColorEntry, Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import type { JoinedPoint, TimeSeries } from './time-points.ts';

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
  readonly dot: boolean;
}

const x = (env: ChartEnvironment): Spec => ({
  field: 't',
  type: 'quantitative',
  scale: { domain: [0, 1], nice: false, zero: false },
  axis: timeAxis(env.theme),
});

const y = (env: ChartEnvironment): Spec => ({
  field: 'v',
  type: 'quantitative',
  scale: { domain: [0, 1], nice: false, zero: false },
  axis: valueAxis(env.theme, 'y'),
});

const AREA_OPACITY = { alone: 0.12, among: 0.2, stacked: 0.85 } as const;

/** The shape of a chart of lines, areas or both, with dots where asked for or where a line would not show. */
export function lineSpec(
  env: ChartEnvironment,
  style: LineStyle,
  facts: {
    readonly hasDots: boolean;
    readonly count: number;
    readonly onZero: boolean;
    readonly legend: string | null;
    readonly pointsEach: number;
  },
): Spec {
  const { interpolate, filled, stacked } = style;
  const alone = facts.count === 1;
  const color = colorEncoding('s', facts.legend, filled ? 'square' : 'stroke');
  const detail = { field: 'g' };
  const layers: Spec[] = [];
  if (filled || (alone && facts.onZero)) {
    const fillOpacity = stacked ? AREA_OPACITY.stacked : alone ? AREA_OPACITY.alone : AREA_OPACITY.among;
    layers.push({
      mark: {
        type: 'area',
        orient: 'vertical',
        interpolate,
        fillOpacity: filled && alone ? AREA_OPACITY.among : fillOpacity,
      },
      encoding: { y2: { field: 'b' }, detail },
    });
  }
  if (!stacked) {
    const strokeWidth = facts.pointsEach > 350 ? 0.8 : facts.count > 5 || facts.pointsEach > 150 ? 1 : 1.4;
    layers.push({ mark: { type: 'line', interpolate, strokeWidth }, encoding: { detail } });
  }
  if (facts.hasDots) {
    layers.push({
      transform: [{ filter: 'datum.dot' }],
      mark: { type: 'point', filled: true, shape: 'circle', size: 10, opacity: 1 },
    });
  }
  return {
    config: chartConfig(env),
    params: chartParams,
    encoding: { x: x(env), y: y(env), color },
    layer: layers,
  };
}

/** Rows of lines; of stacked areas each value stands on the sum of those before it at the same instant. */
export function lineRows(
  series: readonly { readonly source: TimeSeries; readonly points: readonly JoinedPoint[] }[],
  colors: readonly ColorEntry[],
  style: LineStyle,
): readonly LineRow[] {
  const sums = new Map<number, number>();
  return series.flatMap(({ points }, index) => {
    const s = colors[index]?.key ?? '';
    return points.map(({ at, value, stretch, alone }) => {
      const b = style.stacked ? (sums.get(at) ?? 0) : 0;
      if (style.stacked) sums.set(at, b + value);
      return { s, g: `${s}/${stretch}`, t: at, v: b + value, b, dot: style.dots || alone };
    });
  });
}
