import type { AxisPlan, ChartPlan } from './content.ts';
import { timeTicks } from './time-axis.ts';
import type { Ticks } from './value-axis.ts';
import { valueTicks } from './value-axis.ts';

/** Values for the parameters of a spec, the scales bound to them, and the room that axes and legend will take. */
export interface ChartSignals {
  readonly signals: Readonly<Record<string, unknown>>;
  readonly scales: Readonly<Record<string, { readonly domain?: string; readonly range?: string }>>;
  readonly margin: { readonly x: number; readonly y: number };
}

/** Width in points of a label in the chart's own label style. */
export type MeasureLabel = (text: string) => number;

const AXIS_GAP = 4;
const LINE_HEIGHT = 9.5;
const LEGEND_SYMBOL = 14;
const LEGEND_GAP = 12;
const LEGEND_ROW = 11.5;
const LEGEND_OFFSET = 8;
/** Of the chart's width, how much category labels and a legend beside the plot may take. */
const LABEL_SHARE = 0.45;
const LEGEND_SHARE = 0.48;

/** Everything about a chart that depends on its size: ticks, labels, columns of the legend. */
export function signalsOf(plan: ChartPlan, width: number, height: number, measure: MeasureLabel): ChartSignals {
  if (plan.isBare) return bareSignals(plan);
  const legend = legendOf(plan, width, measure);
  const besideY = sizeOfLabels(plan.y, height, measure);
  const yLimit = width * LABEL_SHARE;
  const left = plan.y === null ? 0 : Math.min(besideY, yLimit) + AXIS_GAP;
  const plotWidth = Math.max(20, width - left - legend.x);
  const below = plan.x === null ? 0 : AXIS_GAP + LINE_HEIGHT * (plan.x.type === 'time' ? 2 : 1) + 3;
  const head = plan.head ?? 0;
  const plotHeight = Math.max(20, height - below - legend.y - head);
  const x = axisSignals('x', plan.x, plotWidth);
  const y = axisSignals('y', plan.y, plotHeight);
  return {
    signals: {
      ...x,
      ...y,
      ...colorSignals(plan),
      xLabelLimit: slotLimit(plan.x, plotWidth),
      yLabelLimit: plan.y?.type === 'category' ? yLimit : 0,
      legendColumns: legend.columns,
      legendLimit: legend.limit,
    },
    scales: scalesOf(plan),
    margin: { x: left + legend.x, y: below + legend.y + head },
  };
}

/** Room for one label: what its category has, or no limit (0) where neighbours may give way. */
function slotLimit(axis: AxisPlan | null, length: number): number {
  if (axis?.type !== 'category' || axis.isSparse) return 0;
  return Math.max(24, length / Math.max(1, axis.entries.length) - 2);
}

/** Without axes: values from edge to edge. */
function bareSignals(plan: ChartPlan): ChartSignals {
  const extent = (axis: AxisPlan | null): readonly number[] | null => {
    if (axis?.type === 'time') return [axis.from, axis.to];
    return axis?.type === 'value' ? [axis.min, axis.max] : null;
  };
  const [xDomain, yDomain] = [extent(plan.x), extent(plan.y)];
  return {
    signals: { ...colorSignals(plan), ...(xDomain && { xDomain }), ...(yDomain && { yDomain }) },
    scales: scalesOf(plan),
    margin: { x: 0, y: 0 },
  };
}

const colorSignals = ({ colors }: ChartPlan): Record<string, unknown> => ({
  colorKeys: colors.map(({ key }) => key),
  colorValues: colors.map(({ color }) => color),
  colorLabels: Object.fromEntries(colors.map(({ key, label }) => [key, label])),
});

const scalesOf = (plan: ChartPlan): ChartSignals['scales'] => ({
  ...(plan.x && { x: { domain: 'xDomain' } }),
  ...(plan.y && { y: { domain: 'yDomain' } }),
  ...(plan.colors.length > 0 && {
    color: { domain: 'colorKeys', range: 'colorValues' },
    xOffset: { domain: 'colorKeys' },
    yOffset: { domain: 'colorKeys' },
  }),
});

interface LegendRoom {
  readonly columns: number;
  readonly limit: number;
  readonly x: number;
  readonly y: number;
}

function legendOf({ legend, colors }: ChartPlan, width: number, measure: MeasureLabel): LegendRoom {
  if (legend === null || colors.length === 0) return { columns: 1, limit: 160, x: 0, y: 0 };
  const beside = legend === 'left' || legend === 'right';
  const limit = beside ? width * LEGEND_SHARE - LEGEND_SYMBOL : Math.min(180, width - LEGEND_SYMBOL);
  const widest = Math.min(limit, Math.max(...colors.map(({ label }) => measure(label))));
  const entry = widest + LEGEND_SYMBOL;
  if (beside) return { columns: 1, limit, x: entry + LEGEND_OFFSET, y: 0 };
  const fitting = Math.max(1, Math.floor((width + LEGEND_GAP) / (entry + LEGEND_GAP)));
  const rows = Math.ceil(colors.length / fitting);
  // As even as they get: seven entries over two rows stand four and three, not six and one.
  return { columns: Math.ceil(colors.length / rows), limit, x: 0, y: rows * LEGEND_ROW + LEGEND_OFFSET };
}

function sizeOfLabels(axis: AxisPlan | null, length: number, measure: MeasureLabel): number {
  if (axis === null) return 0;
  const labels =
    axis.type === 'category' ? axis.entries.map(({ label }) => label) : ticksOf(axis, length).labels.flat();
  return Math.max(0, ...labels.map(measure));
}

const ticksOf = (axis: Exclude<AxisPlan, { type: 'category' }>, length: number): Ticks =>
  axis.type === 'time' ? timeTicks(axis, length) : valueTicks(axis, length);

function axisSignals(name: 'x' | 'y', axis: AxisPlan | null, length: number): Record<string, unknown> {
  if (axis === null) return {};
  if (axis.type === 'category') {
    return {
      [`${name}Domain`]: axis.entries.map(({ key }) => key),
      [`${name}Labels`]: Object.fromEntries(axis.entries.map(({ key, label }) => [key, label])),
    };
  }
  const { domain, values, labels } = ticksOf(axis, length);
  return {
    [`${name}Domain`]: domain,
    [`${name}Ticks`]: values,
    [`${name}Labels`]: Object.fromEntries(values.map((value, index) => [value, labels[index] ?? ''])),
  };
}
