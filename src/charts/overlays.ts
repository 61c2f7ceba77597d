import type { AnnotationWords } from './annotations.ts';
import type { Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { estimateWidth } from './label-width.ts';
import { formatValue } from './numbers.ts';
import type { Threshold } from './thresholds.ts';
import type { Unit } from './units.ts';
import { chartWords } from './words.ts';

/** A row of what lies behind or before the data; `k` says what it is, and rows of data have none. */
export interface OverlayRow {
  readonly k: 'region' | 'above' | 'below' | 'line' | 'name' | 'span' | 'moment' | 'note' | 'before';
  readonly ink: string;
  readonly t?: number;
  readonly u?: number;
  readonly v?: number;
  readonly b?: number;
  readonly text?: string;
  readonly lane?: number;
  /** About how wide the text is. */
  readonly w?: number;
  /** The text ends at its place instead of beginning there. */
  readonly ends?: boolean;
  readonly g?: string;
}

const LANE = 9;
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

/** A point of the data, for finding a place for words beside them. */
interface DataPoint {
  readonly t: number;
  readonly v: number;
}

/** A plot of usual size in points: names find their place before its true size is known. */
const USUAL = { width: 230, height: 110, line: 9 } as const;

/** Rows of thresholds on an axis from `min` to `max`, in its own numbers (`place` gives the logarithm on log axes). */
export function thresholdRows(
  thresholds: readonly Threshold[],
  [min, max]: readonly [number, number],
  place: (value: number) => number | null,
  data: readonly DataPoint[],
  size: number,
): readonly OverlayRow[] {
  const taken: Corner[] = [];
  const free = cornerFinder([min, max], data);
  return thresholds.flatMap(({ from, to, isLine, label, color: ink }): OverlayRow[] => {
    const [low, high] = [from === null ? null : (place(from) ?? min), to === null ? null : (place(to) ?? min)];
    const edge = isLine ? low : (high ?? low);
    if (edge === null) return [];
    const mark: OverlayRow[] = isLine
      ? [{ k: 'line', ink, v: edge }]
      : high === null
        ? [{ k: 'above', ink, v: edge }]
        : low === null
          ? [{ k: 'below', ink, v: high }]
          : [{ k: 'region', ink, b: Math.min(low, high), v: Math.max(low, high) }];
    if (label === '') return mark;
    const sides = isLine ? ([true, false] as const) : ([false] as const);
    const w = estimateWidth(label, size);
    const { ends, isAbove } = free(edge, w, isLine || high !== null ? sides : [true], taken);
    return [...mark, { k: 'name', ink, v: edge, text: label, ends, lane: isAbove ? -2 : USUAL.line + 1, w }];
  });
}

interface Corner {
  readonly v: number;
  readonly ends: boolean;
  readonly isAbove: boolean;
}

/** Finds where beside a line words hide least of the data and no other words: left or right, above or below. */
function cornerFinder([min, max]: readonly [number, number], data: readonly DataPoint[]) {
  const height = ((max - min) * USUAL.line) / USUAL.height || 1;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { t } of data) [first, last] = [Math.min(first, t), Math.max(last, t)];
  // Also the way from point to point, or a steep line would count as nothing.
  const dense = data.flatMap((point, index) => {
    const next = data[index + 1];
    if (data.length > 500 || !next || next.t <= point.t) return [point];
    return [0, 0.25, 0.5, 0.75].map((part) => ({
      t: point.t + (next.t - point.t) * part,
      v: point.v + (next.v - point.v) * part,
    }));
  });
  return (v: number, width: number, above: readonly boolean[], taken: Corner[]): Corner => {
    const share = ((last - first) * width) / USUAL.width;
    const cost = ({ ends, isAbove }: Corner): number => {
      const [low, high] = isAbove ? [v, v + height] : [v - height, v];
      const inside = dense.filter(
        (point) => point.v >= low && point.v <= high && (ends ? point.t >= last - share : point.t <= first + share),
      ).length;
      const clashes = taken.filter(
        (other) =>
          other.ends === ends &&
          Math.abs(other.v + (other.isAbove ? 0.5 : -0.5) * height - (v + (isAbove ? 0.5 : -0.5) * height)) < height,
      ).length;
      return inside + clashes * 1000;
    };
    const corners = above.flatMap((isAbove) => [true, false].map((ends) => ({ v, ends, isAbove })));
    const best = corners.reduce((found, corner) => (cost(corner) < cost(found) ? corner : found));
    taken.push(best);
    return best;
  };
}

/** Rows of annotations on a time axis; their words stand above the plot. */
export function annotationRows(
  { marks }: AnnotationWords,
  axis: { readonly from: number; readonly to: number },
): readonly OverlayRow[] {
  return marks.flatMap(({ annotation: { from, to, color: ink }, text, lane, ends }): OverlayRow[] => {
    const [t, u] = [Math.max(from, axis.from), Math.min(to ?? from, axis.to)];
    const mark: OverlayRow = to === null ? { k: 'moment', ink, t } : { k: 'span', ink, t, u };
    return text === '' ? [mark] : [mark, { k: 'note', ink, t, text, lane: -3 - lane * LANE, ends }];
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
  // The ground of the page below a name, so that it is read where data cross it.
  const inset = { near: 1, far: 'datum.w + 3' };
  const ground = {
    x: { value: { expr: `datum.ends ? width - ${inset.near} : ${inset.near}` } },
    x2: { value: { expr: `datum.ends ? width - (${inset.far}) : ${inset.far}` } },
    y,
  };
  const paper = {
    type: 'rule',
    strokeWidth: size + 0.5,
    opacity: 0.8,
    yOffset: { expr: `datum.lane - ${size / 2 + 0.7}` },
  };
  return {
    behind: [
      ...layer('above', { type: 'rect', fillOpacity: 0.1 }, { ...wide, y, y2: { value: 0 } }),
      ...layer('below', { type: 'rect', fillOpacity: 0.1 }, { ...wide, y, y2: { value: 'height' } }),
      ...layer('region', { type: 'rect', fillOpacity: 0.1 }, { ...wide, y, y2: { field: 'b' } }),
      ...layer('span', { type: 'rect', fillOpacity: 0.12 }, { x, x2: { field: 'u' }, ...high }),
    ],
    before: [
      ...layer('before', { type: 'line', strokeWidth: 1, strokeDash: [2, 2] }, { x, y, detail: { field: 'g' } }),
      ...layer('moment', { type: 'rule', strokeWidth: 0.8, strokeDash: [2, 2] }, { x, ...high }),
      ...layer('line', { type: 'rule', strokeWidth: 0.9, strokeDash: [5, 2] }, { ...wide, y }),
      ...(has('name')
        ? [{ transform: [only('name')], mark: { ...paper, color: env.theme.surface.card }, encoding: ground }]
        : []),
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
