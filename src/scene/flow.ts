import type { Destination, Mark, Piece, Tag } from './scene.ts';
import { alignedX, type Line, type LineRun } from './text.ts';

/**
 * Content that may go on over several pages: unbreakable slices, one below the other. `paint` lays out only the slices
 * it is asked for, so that a long table costs memory by its page, not by its length.
 */
export interface Flow {
  readonly count: number;
  /** Height of a slice without the gap before it. */
  height(index: number): number;
  /** Space before a slice that is not the first of its fragment. */
  gap(index: number): number;
  /** The slice wants the next one on its page (headings, first lines). */
  keepsNext(index: number): boolean;
  /** The slice begins a new page, as the author asked. Left out = none does. */
  breaksBefore?(index: number): boolean;
  /** Height of what is repeated above and below the slices of each fragment (a table's header row and row count). */
  frame(from: number, to: number): number;
  paint(from: number, to: number, x: number, y: number): Iterable<Piece>;
}

/** Slices `from` to `to` (exclusive) of a flow and the height they take. */
export interface Fragment {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** The height of slices `from` to `to`, frame included. */
export function heightOf(flow: Flow, from: number, to: number): number {
  let height = flow.frame(from, to);
  for (let index = from; index < to; index += 1) height += flow.height(index) + (index > from ? flow.gap(index) : 0);
  return height;
}

/**
 * The fragment that begins at slice `from` and is at most `room` high. Slices that keep their next one are not parted
 * from it unless they fill the fragment alone. Null when not even one slice fits; `force` then takes one all the same,
 * which is right only at the top of an empty page. It ends before slice `most` at the latest.
 */
export function takeFragment(
  flow: Flow,
  from: number,
  room: number,
  force: boolean,
  most = flow.count,
): Fragment | null {
  let height = 0;
  let to = from;
  let asked = false;
  while (to < most && !asked) {
    const more = flow.height(to) + (to > from ? flow.gap(to) : 0);
    if (height + more + flow.frame(from, to + 1) > room + 0.01) break;
    height += more;
    to += 1;
    asked = flow.breaksBefore?.(to) ?? false;
  }
  if (to < most && !asked) {
    let cut = to;
    while (cut > from && flow.keepsNext(cut - 1)) cut -= 1;
    if (cut > from) to = cut;
    else if (!force) to = from;
  }
  if (to === from) {
    if (!force || from >= flow.count) return null;
    to = from + 1;
  }
  return { from, to, height: heightOf(flow, from, to) };
}

/** One laid-out slice of a flow that is held whole, such as a text. */
export interface Slice {
  readonly height: number;
  readonly gap: number;
  readonly keepsNext: boolean;
  readonly breaksBefore?: boolean;
  /** What is repeated above it at the top of a fragment. */
  readonly lead?: { readonly height: number; paint(x: number, y: number): Iterable<Piece> };
  paint(x: number, y: number): readonly Piece[];
}

export function flowOfSlices(slices: readonly Slice[]): Flow {
  const at = (index: number): Slice | undefined => slices[index];
  return {
    count: slices.length,
    height: (index) => at(index)?.height ?? 0,
    gap: (index) => at(index)?.gap ?? 0,
    keepsNext: (index) => at(index)?.keepsNext ?? false,
    breaksBefore: (index) => at(index)?.breaksBefore ?? false,
    frame: (from) => at(from)?.lead?.height ?? 0,
    *paint(from, to, x, y) {
      const lead = to > from ? at(from)?.lead : undefined;
      if (lead !== undefined) yield* lead.paint(x, y);
      let top = y + (lead?.height ?? 0);
      for (let index = from; index < to; index += 1) {
        if (index > from) top += at(index)?.gap ?? 0;
        yield* at(index)?.paint(x, top) ?? [];
        top += at(index)?.height ?? 0;
      }
    },
  };
}

/**
 * A line as the content of its element: plain runs as text, linked ones as `Link` elements around theirs. In a box of a
 * given width, a line of a paragraph that runs from right to left begins at the right.
 */
export function lineContent(
  line: Line,
  left: number,
  baseline: number,
  boxWidth: number | null = null,
): (Mark | Piece)[] {
  const x = boxWidth === null ? left : left + alignedX(line, boxWidth, 'left');
  if (!line.runs.some(({ look }) => look.link !== undefined)) return [{ kind: 'text', x, y: baseline, line }];
  const groups: LineRun[][] = [];
  for (const run of line.runs) {
    const last = groups.at(-1);
    if (last !== undefined && last[0]?.look.link === run.look.link) last.push(run);
    else groups.push([run]);
  }
  return groups.map((runs, index): Mark | Piece => {
    const all = runs.reduce((sum, run) => sum + run.width, 0);
    // As of any line, the width is without the spaces at its end.
    const width = index === groups.length - 1 ? Math.min(all, line.width - (runs[0]?.x ?? 0)) : all;
    const mark: Mark = { kind: 'text', x, y: baseline, line: { runs, width } };
    return runs[0]?.look.link === undefined ? mark : { tag: 'Link', content: [mark] };
  });
}

/** Wrap content into nested elements, outermost first; equal ids make them one element over lines and pages. */
export function nested(
  path: readonly { readonly tag: Tag; readonly id: string; readonly destination?: Destination }[],
  content: (Mark | Piece)[],
): Piece {
  const [outer, ...inner] = path;
  if (outer === undefined) return { tag: 'P', content };
  return { ...outer, content: inner.length === 0 ? content : [nested(inner, content)] };
}
