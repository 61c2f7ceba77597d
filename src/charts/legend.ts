import type { ChartPlan, ColorEntry, Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import type { MeasureLabel } from './signals.ts';

/**
 * Legends are laid out here and drawn as marks beside the plot, not by Vega: it lays out the entries of a legend once
 * and does not move them when a view is used again with other words. So the room they take is known before as well.
 */
export interface LegendRoom {
  /** What they take from the chart's width and height. */
  readonly x: number;
  readonly y: number;
  /** Of these, what stands above the plot, and left of it. */
  readonly above: number;
  readonly left: number;
  readonly signals: Readonly<Record<string, unknown>>;
}

const SYMBOL = 13;
const GAP = 12;
const ROW = 12;
const OFFSET = 6;
/** At most so much the strokes of a plot without axes reach over its left edge, which moves all to the right. */
const EDGE = 2;
/** Of the chart's width and height, how much a legend may take. */
const WIDTH_SHARE = 0.48;
const HEIGHT_SHARE = 0.38;
/** How long entries may be; the next length is taken where all of them would need too many rows. */
const LIMITS = [220, 150, 110, 80, 60] as const;
const MOST_KEYS = 24;
/** A name shorter than this, in points, is not worth its values. */
const LEAST_NAME = 30;
/** Ends what another direction of writing must not reach over (U+2069). */
const ISOLATED = '\u2069';

type Said = Pick<ColorEntry, 'label' | 'tail'>;

const more = (count: number): Said => ({ label: `+${count}` });

/** The parameters that legends are drawn by. */
export const legendParams: readonly Spec[] = [
  { name: 'keyCount', value: 0 },
  { name: 'keyX', value: [] },
  { name: 'keyY', value: [] },
  { name: 'keyText', value: [] },
  { name: 'keyRight', value: 0 },
  { name: 'keyDown', value: 0 },
];

const NOTHING: LegendRoom = { x: 0, y: 0, above: 0, left: 0, signals: { keyCount: 0 } };

/** Places the entries of a plan's legend around a plot; `inset` is the room left of the plot. */
export function placeLegend(
  plan: ChartPlan,
  width: number,
  height: number,
  inset: number,
  measure: MeasureLabel,
): LegendRoom {
  const { legend, colors } = plan;
  if (legend === null || colors.length === 0) return NOTHING;
  if (legend === 'left' || legend === 'right') return beside(legend, colors, width, height, inset, measure);
  const rows = Math.max(1, Math.floor((height * HEIGHT_SHARE - OFFSET) / ROW));
  const room = width - inset;
  // Nothing left of the plot takes up what its edge reaches over.
  const free = plan.isCentred ? room - 2 * EDGE : room;
  const grid = firstThatFits(colors, rows, free, measure) ?? cut(colors, rows, free, measure);
  const taken = grid.lines * ROW + OFFSET;
  const first = legend === 'top' ? -(plan.head ?? 0) - taken + ROW / 2 : OFFSET + ROW / 2;
  const indent = plan.isCentred ? Math.max(0, (room - grid.width) / 2) : 0;
  return {
    x: 0,
    y: taken,
    above: legend === 'top' ? taken : 0,
    left: 0,
    signals: {
      keyCount: grid.texts.length,
      keyX: grid.x.map((x) => x + indent),
      keyY: grid.y.map((y) => first + y),
      keyText: grid.texts,
      keyRight: 0,
      keyDown: legend === 'top' ? 0 : 1,
    },
  };
}

function firstThatFits(labels: readonly Said[], rows: number, room: number, measure: MeasureLabel): Grid | null {
  for (const limit of LIMITS) {
    const grid = flow(labels, Math.min(limit, room - SYMBOL), room, measure);
    if (grid.lines <= rows) return grid;
  }
  return null;
}

interface Grid {
  readonly texts: readonly string[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly lines: number;
  readonly width: number;
}

/** Entries in rows of equal columns, as even as they get: seven over two rows stand four and three, not six and one. */
function flow(labels: readonly Said[], limit: number, room: number, measure: MeasureLabel): Grid {
  const texts = labels.map((label) => shorten(label, limit, measure));
  const widths = texts.map((text) => measure(text) + SYMBOL);
  const fits = (columns: number): readonly number[] | null => {
    const of = Array.from({ length: columns }, (_, column) =>
      Math.max(...widths.filter((__, index) => index % columns === column)),
    );
    return of.reduce((sum, one) => sum + one, (columns - 1) * GAP) <= room ? of : null;
  };
  let columns = labels.length;
  while (columns > 1 && fits(columns) === null) columns -= 1;
  const lines = Math.ceil(labels.length / columns);
  const even = Math.ceil(labels.length / lines);
  const [chosen, sizes] = fits(even) ? [even, fits(even)] : [columns, fits(columns)];
  const starts = [0];
  for (const size of sizes ?? [room]) starts.push((starts.at(-1) ?? 0) + size + GAP);
  return {
    texts,
    x: texts.map((_, index) => starts[index % chosen] ?? 0),
    y: texts.map((_, index) => Math.floor(index / chosen) * ROW),
    lines: Math.ceil(labels.length / chosen),
    width: (starts.at(-1) ?? GAP) - GAP,
  };
}

/** As many entries as there is room for, the last saying how many more there are. */
function cut(labels: readonly Said[], rows: number, room: number, measure: MeasureLabel): Grid {
  const limit = LIMITS[LIMITS.length - 1] ?? 60;
  const columns = Math.max(1, Math.floor((room + GAP) / (limit + SYMBOL + GAP)));
  const count = Math.max(1, Math.min(labels.length, columns * rows));
  const shown = count < labels.length ? [...labels.slice(0, count - 1), more(labels.length - count + 1)] : labels;
  return flow(shown, limit, room, measure);
}

function beside(
  legend: 'left' | 'right',
  labels: readonly Said[],
  width: number,
  height: number,
  inset: number,
  measure: MeasureLabel,
): LegendRoom {
  const most = Math.max(1, Math.min(MOST_KEYS, Math.floor(height / ROW)));
  const shown = labels.length > most ? [...labels.slice(0, most - 1), more(labels.length - most + 1)] : labels;
  const texts = shown.map((label) => shorten(label, width * WIDTH_SHARE - SYMBOL, measure));
  const taken = Math.max(0, ...texts.map(measure)) + SYMBOL + OFFSET;
  return {
    x: taken,
    y: 0,
    above: 0,
    left: legend === 'left' ? taken : 0,
    signals: {
      keyCount: texts.length,
      keyX: texts.map(() => (legend === 'right' ? OFFSET : -inset - taken)),
      keyY: texts.map((_, index) => ROW / 2 + index * ROW),
      keyText: texts,
      keyRight: legend === 'right' ? 1 : 0,
      keyDown: 0,
    },
  };
}

/** A name and its values, or the name alone: half a number would be a wrong one. */
function shorten({ label, tail = '' }: Said, room: number, measure: MeasureLabel): string {
  if (measure(label) <= room) return label;
  const name = label.slice(0, label.length - tail.length);
  const beside = room - measure(tail);
  return beside >= LEAST_NAME ? beginning(name, beside, measure) + tail : beginning(name, room, measure);
}

/** The longest beginning of a text that fits with an ellipsis behind it; what was isolated stays so. */
function beginning(text: string, room: number, measure: MeasureLabel): string {
  if (measure(text) <= room) return text;
  const characters = Array.from(text);
  const end = text.endsWith(ISOLATED) ? `…${ISOLATED}` : '…';
  const first = (count: number): string => characters.slice(0, count).join('').trimEnd() + end;
  let [fits, over] = [0, characters.length];
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2);
    if (measure(first(middle)) <= room) fits = middle;
    else over = middle;
  }
  return first(fits);
}

/** The layers that draw a legend where the signals place it; its entries come from no row. */
export function legendLayers(
  theme: ChartEnvironment['theme'],
  symbol: 'stroke' | 'square' | 'circle',
): readonly Spec[] {
  const data = { sequence: { start: 0, stop: MOST_KEYS + 1, as: 'n' } };
  const transform = [{ filter: 'datum.n < keyCount' }];
  const at = (dx: number): Spec => ({
    x: { expr: `keyX[datum.n] + keyRight * width + ${dx}` },
    y: { expr: 'keyY[datum.n] + keyDown * (height + axisRoom)' },
  });
  const ink = {
    expr: "indexof(keyText[datum.n], '+') === 0 && datum.n === keyCount - 1 ? null : colorValues[datum.n]",
  };
  const { chartLabel } = theme.text;
  const line = { stroke: ink, strokeWidth: 2, size: 50 };
  const dashes = { expr: `${JSON.stringify(theme.dashes)}[datum.n % ${theme.dashes.length}]` };
  // Long enough that the dashes are seen.
  const dashed = { ...line, strokeWidth: 1.4, size: 150, strokeDash: dashes };
  const stroke = theme.dashes.length === 0 ? line : dashed;
  const drawn = symbol === 'stroke' ? stroke : { fill: ink, strokeWidth: 0, size: 46 };
  return [
    {
      data,
      transform,
      mark: { type: 'point', shape: symbol, opacity: 1, filled: symbol !== 'stroke', ...drawn, ...at(4) },
    },
    {
      data,
      transform,
      mark: {
        type: 'text',
        text: { expr: 'keyText[datum.n]' },
        align: 'left',
        baseline: 'middle',
        fontSize: chartLabel.size,
        fontWeight: chartLabel.weight,
        fill: chartLabel.color,
        ...at(SYMBOL),
      },
    },
  ];
}
