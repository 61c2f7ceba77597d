import type { Widget } from '../definition/definition.ts';
import { intervalMs, parseInterval } from '../period/interval.ts';
import type { TimePoint, TimeSeries } from './time-points.ts';

/** How far apart the points of a chart stand, and what counts as a gap between them. Milliseconds. */
export interface Rhythm {
  /** Width of a bucket; zero where nothing is known. */
  readonly interval: number;
  /** More than this between two values of a series is a gap; Infinity = there are none. */
  readonly gap: number;
}

const MOST_READ = 20_000;

/** The widths of buckets that the widget's own queries ask for; null where one is not told. */
function askedInterval(widget: Widget): number | null {
  const asked = widget.series.map(({ query }) => query?.interval ?? null);
  const lengths = asked.map((text) => {
    try {
      return text === null ? null : intervalMs(parseInterval(text));
    } catch {
      return null;
    }
  });
  const [first = null] = lengths;
  return first !== null && lengths.every((length) => length === first) ? first : null;
}

/**
 * The bucket width that the query asks for, else the median distance between instants. Where most distances are about
 * the median, a value is missing after 1.9 of them (a month has 31 days after one of 28, a day of a clock change 25
 * hours); instants without a rhythm have a gap where ten times the usual passes.
 */
export function rhythmOf(widget: Widget, series: readonly TimeSeries[]): Rhythm {
  const each = Math.max(50, Math.floor(MOST_READ / Math.max(1, series.length)));
  const instants = [...new Set(series.flatMap(({ points }) => points.slice(0, each).map(({ at }) => at)))];
  instants.sort((a, b) => a - b);
  const distances = instants.slice(1).map((at, index) => at - (instants[index] ?? at));
  distances.sort((a, b) => a - b);
  const median = distances[Math.floor(distances.length / 2)] ?? 0;
  const asked = askedInterval(widget);
  if (asked !== null) return { interval: asked, gap: asked * 1.9 };
  if (distances.length < 2) return { interval: median, gap: Number.POSITIVE_INFINITY };
  const usual = distances.filter((distance) => distance > median * 0.85 && distance < median * 1.15).length;
  return { interval: median, gap: median * (usual >= distances.length * 0.6 ? 1.9 : 10) };
}

/** A point that is there, and the unbroken stretch of its series it belongs to. */
export interface JoinedPoint {
  readonly at: number;
  readonly value: number;
  readonly stretch: number;
}

/** Cuts a series where a value is missing, said as null or told by the time that passed. */
export function joinPoints(points: readonly TimePoint[], gap: number, connect: boolean): readonly JoinedPoint[] {
  const joined: JoinedPoint[] = [];
  let stretch = 0;
  let before = Number.NEGATIVE_INFINITY;
  let broken = false;
  for (const { at, value } of points) {
    if (value === null) {
      broken = true;
      continue;
    }
    if (!connect && joined.length > 0 && (broken || at - before > gap)) stretch += 1;
    joined.push({ at, value, stretch });
    before = at;
    broken = false;
  }
  return joined;
}

/** The stretches that consist of one point: a line would not show them. */
export function loneStretches(points: readonly JoinedPoint[]): ReadonlySet<number> {
  const lone = new Set<number>();
  for (const [index, { stretch }] of points.entries()) {
    if (points[index - 1]?.stretch !== stretch && points[index + 1]?.stretch !== stretch) lone.add(stretch);
  }
  return lone;
}

/**
 * Thins a series to the first, last, lowest and highest point of each of `columns` equal stretches of time: M4 of
 * Jugel, Jerzak, Hackenbroich and Markl (VLDB 2014), which draws the same pixels as all points where a stretch is no
 * wider than one. Series with no more points than that stay whole.
 */
export function thinPoints<P extends { readonly at: number; readonly value: number }>(
  points: readonly P[],
  columns: number,
): readonly P[] {
  const kept = keptIndices(points, columns);
  return kept === null ? points : kept.flatMap((index) => points[index] ?? []);
}

/** Indices of the points that `thinPoints` keeps; null = all. */
export function keptIndices(
  points: readonly { readonly at: number; readonly value: number }[],
  columns: number,
): readonly number[] | null {
  if (points.length <= columns * 4) return null;
  const from = points[0]?.at ?? 0;
  const width = ((points.at(-1)?.at ?? from) - from) / columns || 1;
  const kept: number[] = [];
  let start = 0;
  const columnAt = (index: number): number => {
    const point = points[index];
    return point === undefined ? -1 : Math.min(columns - 1, Math.floor((point.at - from) / width));
  };
  while (start < points.length) {
    const column = columnAt(start);
    let [low, high, end] = [start, start, start];
    for (; end < points.length && columnAt(end) === column; end++) {
      const value = points[end]?.value ?? 0;
      if (value < (points[low]?.value ?? 0)) low = end;
      if (value > (points[high]?.value ?? 0)) high = end;
    }
    kept.push(...[...new Set([start, low, high, end - 1])].sort((a, b) => a - b));
    start = end;
  }
  return kept;
}
