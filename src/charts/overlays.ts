import type { Annotation, AnnotationWords } from './annotations.ts';
import type { Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { formatValue } from './numbers.ts';
import type { Threshold } from './thresholds.ts';
import type { Unit } from './units.ts';
import { chartWords } from './words.ts';

/** A row of what lies behind or before the data; `k` says what it is, and rows of data have none. */
export interface OverlayRow {
  readonly k: 'region' | 'line' | 'name' | 'span' | 'moment' | 'note' | 'before';
  readonly ink: string;
  readonly t?: number;
  readonly u?: number;
  readonly v?: number;
  readonly b?: number;
  readonly text?: string;
  readonly lane?: number;
  /** The text ends at its place instead of beginning there. */
  readonly ends?: boolean;
  readonly g?: string;
}

const LANE = 9;
/** Share of an axis that two names of thresholds need between them, on a plot of usual height. */
const NAME_SHARE = 0.09;
/** No threshold may take more of the axis than this from the data. */
const MOST_STRETCH = 2.5;

/** Which thresholds are drawn, the range of values they ask for, and what is said of those too far away. */
export function fitThresholds(
  thresholds: readonly Threshold[],
  [min, max]: readonly [number, number],
  unit: Unit | null,
  env: ChartEnvironment,
): { readonly drawn: readonly Threshold[]; readonly values: readonly number[]; readonly remark: string | null } {
  const size = Math.max(max, 0) - Math.min(min, 0) || 1;
  const [low, high] = [Math.max(max, 0) - size * MOST_STRETCH, Math.min(min, 0) + size * MOST_STRETCH];
  const isNear = (value: number): boolean => value >= low && value <= high;
  const drawn = thresholds.filter(({ from, to, isLine }) =>
    isLine ? isNear(from ?? 0) : (from === null || from <= high) && (to === null || to >= low),
  );
  const far = thresholds.filter(({ from, isLine }) => isLine && !isNear(from ?? 0));
  const values = drawn.flatMap(({ from, to }) => [from, to].filter((end) => end !== null && isNear(end)) as number[]);
  const names = far.map(({ from, label }) => label || formatValue(from ?? 0, unit, env.locale));
  return { drawn, values, remark: names.length > 0 ? chartWords(env.locale).outside(names.join(', ')) : null };
}

/** Rows of thresholds on an axis from `min` to `max`, in its own numbers (`place` gives the logarithm on log axes). */
export function thresholdRows(
  thresholds: readonly Threshold[],
  [min, max]: readonly [number, number],
  place: (value: number) => number | null,
): readonly OverlayRow[] {
  const named: { readonly v: number; readonly ends: boolean }[] = [];
  return thresholds.flatMap(({ from, to, isLine, label, color }): OverlayRow[] => {
    const at = (value: number | null, open: number): number =>
      Math.min(max, Math.max(min, value === null ? open : (place(value) ?? min)));
    const [low, high] = [at(from, min), at(to, max)];
    const mark: OverlayRow[] = isLine
      ? [{ k: 'line', ink: color, v: low }]
      : low < high
        ? [{ k: 'region', ink: color, b: low, v: high }]
        : [];
    if (label === '' || mark.length === 0) return mark;
    const v = isLine ? low : high;
    const isFree = (ends: boolean): boolean =>
      !named.some((other) => other.ends === ends && Math.abs(other.v - v) < (max - min) * NAME_SHARE);
    const ends = isFree(true) || !isFree(false);
    named.push({ v, ends });
    return [...mark, { k: 'name', ink: color, v, text: label, ends, lane: isLine ? -2 : 9 }];
  });
}

/** Rows of annotations within a time axis; their words stand above the plot. */
export function annotationRows(
  annotations: readonly Annotation[],
  words: AnnotationWords,
  axis: { readonly from: number; readonly to: number },
): readonly OverlayRow[] {
  return annotations.flatMap(({ from, to, color }, index): OverlayRow[] => {
    if (from > axis.to || (to ?? from) < axis.from) return [];
    const [t, u] = [Math.max(from, axis.from), Math.min(to ?? from, axis.to)];
    const { text = '', lane = 0 } = words.marks[index] ?? {};
    const mark: OverlayRow = to === null ? { k: 'moment', ink: color, t } : { k: 'span', ink: color, t, u };
    if (text === '') return [mark];
    const ends = t > axis.from + (axis.to - axis.from) * 0.55;
    return [mark, { k: 'note', ink: color, t, text, lane: -3 - lane * LANE, ends }];
  });
}

/** Points above the plot that lanes of words take. */
export const headroom = (lanes: number): number => (lanes === 0 ? 0 : lanes * LANE + 3);

const only = (...kinds: readonly OverlayRow['k'][]): Spec => ({
  filter: kinds.map((kind) => `datum.k === '${kind}'`).join(' || '),
});
const ink = { field: 'ink', type: 'nominal', scale: null, legend: null };
const wide = { x: { value: 0 }, x2: { value: 'width' } };
const high = { y: { value: 0 }, y2: { value: 'height' } };

/** The layers for overlays: those behind the data, and those before it. `x` and `y` are the chart's own encodings. */
export function overlayLayers(
  rows: readonly OverlayRow[],
  env: ChartEnvironment,
  x: Spec,
  y: Spec,
): { readonly behind: readonly Spec[]; readonly before: readonly Spec[] } {
  const has = (...kinds: readonly OverlayRow['k'][]): boolean => rows.some(({ k }) => kinds.includes(k));
  const layer = (kind: OverlayRow['k'], mark: Spec, encoding: Spec): readonly Spec[] =>
    has(kind) ? [{ transform: [only(kind)], mark, encoding: { ...encoding, color: ink } }] : [];
  const { size, weight } = env.theme.text.chartLabel;
  const text = {
    type: 'text',
    fontSize: size,
    fontWeight: weight,
    align: { expr: "datum.ends ? 'right' : 'left'" },
    dy: { expr: 'datum.lane' },
  };
  const words = { text: { field: 'text' } };
  return {
    behind: [
      ...layer('region', { type: 'rect', fillOpacity: 0.1 }, { ...wide, y, y2: { field: 'b' } }),
      ...layer('span', { type: 'rect', fillOpacity: 0.12 }, { x, x2: { field: 'u' }, ...high }),
    ],
    before: [
      ...layer('before', { type: 'line', strokeWidth: 1, strokeDash: [2, 2] }, { x, y, detail: { field: 'g' } }),
      ...layer('moment', { type: 'rule', strokeWidth: 0.8, strokeDash: [2, 2] }, { x, ...high }),
      ...layer('line', { type: 'rule', strokeWidth: 0.9, strokeDash: [5, 2] }, { ...wide, y }),
      ...layer('name', { ...text, x: { expr: 'datum.ends ? width - 2 : 2' }, baseline: 'bottom' }, { y, ...words }),
      ...layer('note', { ...text, y: 0, dx: 0, baseline: 'bottom' }, { x, ...words }),
    ],
  };
}

/** Keeps a data layer from drawing overlays. */
export const dataOnly = (rows: readonly OverlayRow[], layer: Spec): Spec =>
  rows.length === 0
    ? layer
    : { ...layer, transform: [{ filter: '!datum.k' }, ...((layer.transform as readonly Spec[]) ?? [])] };
