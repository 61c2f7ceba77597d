import type { ColumnNeed } from './column-widths.ts';
import type { Flow } from './flow.ts';

/** Columns of a wide table that stand beside each other, by their index. */
export type ColumnGroup = readonly number[];

/** The keys together take at most this share of the width, else only the first stands in every group. */
const MOST_KEY_SHARE = 0.6;

/**
 * Split columns into groups whose words fit `room` at the smallest type (`scale`). The first `keys` columns begin every
 * group: they say which row one is on. As few groups as fit, as even as they get; a table that fits is one, a single
 * column always fits.
 */
export function groupColumns(
  needs: readonly ColumnNeed[],
  room: number,
  padding: number,
  scale: number,
  keys = 1,
): ColumnGroup[] {
  const widths = needs.map(({ min, fixed }) => Math.min(fixed ?? min * scale + padding, room));
  const keyWidth = (count: number): number => widths.slice(0, count).reduce((sum, width) => sum + width, 0);
  const repeated = keyWidth(keys) <= room * MOST_KEY_SHARE ? keys : Math.min(keys, 1);
  const groups = fillGroups(widths, room, repeated);
  if (groups.length < 2) return groups;
  const evener = [0.5, 0.6, 0.7, 0.8, 0.9].map((share) => fillGroups(widths, room * share, repeated));
  return evener.find(({ length }) => length === groups.length) ?? groups;
}

function fillGroups(widths: readonly number[], room: number, keys: number): number[][] {
  const key = widths.slice(0, keys);
  const keyWidth = key.reduce((sum, width) => sum + width, 0);
  const groups: number[][] = [];
  let left = -1;
  for (const [column, width] of widths.entries()) {
    const current = groups.at(-1);
    if (current !== undefined && width <= left) {
      current.push(column);
      left -= width;
    } else {
      const repeats = column >= keys && keyWidth + width <= room;
      groups.push(repeats ? [...key.keys(), column] : [column]);
      left = room - width - (repeats ? keyWidth : 0);
    }
  }
  return groups;
}

/** Flows one below the other as one; each keeps its own header and caption. */
export function joinFlows(flows: readonly Flow[], gap: number): Flow {
  const [only] = flows;
  if (only !== undefined && flows.length === 1) return only;
  const starts = flows.map((_, index) => flows.slice(0, index).reduce((sum, { count }) => sum + count, 0));
  const find = (index: number): { flow: Flow; local: number } | null => {
    const at = starts.findLastIndex((start, position) => start <= index && (flows[position]?.count ?? 0) > 0);
    const flow = flows[at];
    return flow === undefined ? null : { flow, local: index - (starts[at] ?? 0) };
  };
  /** The flows that slices `from` to `to` belong to, each with its own range. */
  const touched = (from: number, to: number) =>
    flows.flatMap((flow, position) => {
      const start = starts[position] ?? 0;
      const [first, last] = [Math.max(0, from - start), Math.min(flow.count, to - start)];
      return last > first ? [{ flow, from: first, to: last }] : [];
    });
  return {
    count: flows.reduce((sum, { count }) => sum + count, 0),
    height: (index) => at(index, (flow, local) => flow.height(local)),
    gap: (index) => at(index, (flow, local) => (local === 0 ? gap : flow.gap(local))),
    keepsNext: (index) => {
      const found = find(index);
      return found !== null && found.local < found.flow.count - 1 && found.flow.keepsNext(found.local);
    },
    frame: (from, to) => touched(from, to).reduce((sum, part) => sum + part.flow.frame(part.from, part.to), 0),
    *paint(from, to, x, y) {
      let top = y;
      for (const part of touched(from, to)) {
        if (top > y) top += gap;
        yield* part.flow.paint(part.from, part.to, x, top);
        top += part.flow.frame(part.from, part.to);
        for (let index = part.from; index < part.to; index += 1) {
          top += part.flow.height(index) + (index > part.from ? part.flow.gap(index) : 0);
        }
      }
    },
  };

  function at(index: number, read: (flow: Flow, local: number) => number): number {
    const found = find(index);
    return found === null ? 0 : read(found.flow, found.local);
  }
}
