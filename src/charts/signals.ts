import type { AxisPlan, ChartPlan } from './content.ts';
import { placeLegend } from './legend.ts';
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
/** Below the plot, for labels of one line and for those of time, with what keeps them off the plot and the next thing. */
const LABELS_BELOW = { one: 16, time: 27 } as const;
/** How far half of a line or dot reaches over the plot's edge. */
const STROKE = 1.8;
/** For the plot, which becomes a little smaller than the one that labels were placed along. */
const SLACK = 1;
/** Marks stand lower in the room above the plot than it is high. */
const HEAD_FREE = 2.5;
/** A legend below one line of labels stands closer to them; one without axes may be wider than the plot. */
const LEGEND_FREE = 4;
const LEGEND_OVER = 3.2;
/** Of the chart's width, how much category labels may take. */
const LABEL_SHARE = 0.45;

/** Everything about a chart that depends on its size: ticks, labels, the places of the legend's entries. */
export function signalsOf(plan: ChartPlan, width: number, height: number, measure: MeasureLabel): ChartSignals {
  if (plan.isBare) return bareSignals(plan);
  const besideY = sizeOfLabels(plan.y, height, measure);
  const yLimit = width * LABEL_SHARE;
  const left = plan.y === null ? 0 : Math.min(besideY, yLimit) + AXIS_GAP;
  const legend = placeLegend(plan, width, height, left, measure);
  const below = plan.x === null ? 0 : LABELS_BELOW[plan.x.type === 'time' ? 'time' : 'one'];
  const above = plan.head ?? 0;
  const tail = Math.max(0, ...(plan.tails ?? []).map(measure));
  const beside = left + legend.x + (tail === 0 ? 0 : tail + AXIS_GAP) + SLACK;
  const over = overhang(plan.x, Math.max(20, width - beside), left + legend.left, measure);
  const plotWidth = Math.max(20, width - beside - over);
  const taken = below + legend.y + above + STROKE / 2;
  const plotHeight = Math.max(20, height - taken);
  return {
    signals: {
      ...axisSignals('x', plan.x, plotWidth),
      ...axisSignals('y', plan.y, plotHeight),
      ...colorSignals(plan),
      ...legend.signals,
      axisRoom: below === 0 ? 0 : below - AXIS_GAP,
      xLabelLimit: slotLimit(plan.x, plotWidth),
      yLabelSize: labelSize(plan.y, plotHeight),
      yLabelLimit: plan.y?.type === 'category' ? yLimit : 0,
    },
    scales: scalesOf(plan),
    margin: marginOf(plan, { x: beside + over, y: taken }, legend.y > 0),
  };
}

/** The room around the plot as Vega will measure it, which is a little less or more than what was set aside for it. */
function marginOf(
  { x, head = 0 }: ChartPlan,
  taken: { x: number; y: number },
  hasLegend: boolean,
): ChartSignals['margin'] {
  const free = (head > 0 ? HEAD_FREE : 0) + (hasLegend && x !== null && x.type !== 'time' ? LEGEND_FREE : 0);
  return { x: taken.x + (hasLegend && x === null ? LEGEND_OVER : SLACK / 2), y: taken.y - free };
}

/** How far labels of the x axis, or else the strokes of its last marks, reach over both ends of the plot. */
function overhang(axis: AxisPlan | null, length: number, left: number, measure: MeasureLabel): number {
  if (axis === null || axis.type === 'category') return 0;
  const { domain, values, labels } = ticksOf(axis, length);
  const [from, to] = domain;
  const ends = values.flatMap((value, index) => {
    const label = labels[index] ?? '';
    const half = Math.max(0, ...(typeof label === 'string' ? [label] : label).map(measure)) / 2;
    const at = ((value - from) / (to - from || 1)) * length;
    return [[half - at - left, at + half - length] as const];
  });
  const before = Math.max(0, ...ends.map(([first]) => first));
  return before + Math.max(STROKE, ...ends.map(([, last]) => last));
}

const LABEL = { usual: 7.5, least: 6.5 } as const;
/** Least distance of the labels of lying bars, and room for an axis and the ends of the plot. */
const LEAST_ROW = 8;
const ROUND_ROWS = 12;

/** Least height in points at which all labels of the plan that is drawn in this width are read. */
export function leastHeightOf(plan: ChartPlan, width: number): number {
  const { y } = ownPlan(plan, width);
  return y?.type === 'category' ? y.entries.length * LEAST_ROW + ROUND_ROWS : 0;
}

/** The plan itself, or the one for narrow charts. */
export const ownPlan = (plan: ChartPlan, width: number): ChartPlan =>
  plan.narrow !== null && width < plan.narrow.below ? plan.narrow.plan : plan;

/** Labels of many lying bars become a little smaller before some of them give way. */
function labelSize(axis: AxisPlan | null, length: number): number {
  if (axis?.type !== 'category' || axis.entries.length === 0) return LABEL.usual;
  return Math.max(LABEL.least, Math.min(LABEL.usual, (length / axis.entries.length) * 0.82));
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

function sizeOfLabels(axis: AxisPlan | null, length: number, measure: MeasureLabel): number {
  if (axis === null) return 0;
  const labels =
    axis.type === 'category' ? axis.entries.map(({ label }) => label) : ticksOf(axis, length).labels.flat();
  return Math.max(0, ...labels.map(measure));
}

type TickedAxis = Exclude<AxisPlan, { type: 'category' }>;

const MAX_KNOWN_TICKS = 100;
const knownTicks = new Map<string, Ticks>();

/** Charts of one report often share an axis of time, and its ticks take as long as drawing it. */
function ticksOf(axis: TickedAxis, length: number): Ticks {
  if (axis.type === 'value') return valueTicks(axis, length);
  const { from, to, bucket, zone, locale } = axis;
  const key = [from, to, bucket, zone, locale, length].join(' ');
  const ticks = knownTicks.get(key) ?? timeTicks(axis, length);
  knownTicks.delete(key);
  knownTicks.set(key, ticks);
  for (const oldest of knownTicks.keys()) {
    if (knownTicks.size <= MAX_KNOWN_TICKS) break;
    knownTicks.delete(oldest);
  }
  return ticks;
}

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
