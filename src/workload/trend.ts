import type { TrendPoint, WorkloadFacts } from './facts.ts';

/** One number over the last snapshots. */
export interface TrendLine {
  /** By the names of `metrics.ts`. */
  readonly metric: string;
  readonly points: readonly TrendValue[];
  /** Values of pieces that are not compared with others: see `steadyPoints`. */
  readonly unused: readonly { readonly at: number; readonly value: number }[];
  /** Change per day by Theil and Sen; null for fewer points than a trend needs. */
  readonly slopePerDay: number | null;
}

export interface TrendValue {
  readonly at: number;
  readonly value: number;
  /** What is usual at this hour, from the days before; null where they are too few. */
  readonly usual: { readonly low: number; readonly middle: number; readonly high: number } | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HISTORY_DAYS = 7;
const LEAST_HISTORY = 3;
/** Makes a median absolute deviation comparable with a standard deviation, and three of those. */
const BAND = 3 * 1.4826;
const LEAST_SHARE_OF_LENGTH = 0.5;
const LEAST_SLOPE_POINTS = 6;
const LEAST_OUTSIDE = 2;

/** The middle of numbers; of an even count the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const middle = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? middle : (middle + (sorted[half - 1] ?? Number.NaN)) / 2;
}

/**
 * Points that can be compared with each other: those of pieces with a reset, and those much shorter than usual, are left
 * out, for their rates are of another kind.
 */
export function steadyPoints(trend: readonly TrendPoint[]): readonly TrendPoint[] {
  const lengths = trend.flatMap(({ metrics }) => metrics.get('seconds') ?? []);
  const usual = median(lengths);
  return trend.filter(({ metrics }) => {
    const seconds = metrics.get('seconds');
    return seconds !== undefined && seconds >= LEAST_SHARE_OF_LENGTH * usual && !metrics.get('disturbed');
  });
}

/** The line of a metric; null where fewer than two snapshots have it. */
export function trendOf(
  { trend, timeZone }: Pick<WorkloadFacts, 'trend' | 'timeZone'>,
  metric: string,
): TrendLine | null {
  const valued = (points: readonly TrendPoint[]) =>
    points.flatMap(({ at, metrics }) => {
      const value = metrics.get(metric);
      return value === undefined ? [] : [{ at, value }];
    });
  const steady = steadyPoints(trend);
  const known = valued(steady);
  if (known.length < 2) return null;
  const hourOf = hourFunction(timeZone);
  const hours = known.map(({ at }) => hourOf(at));
  const points = known.map((point, index): TrendValue => {
    const like = known.filter(
      (other, place) =>
        place < index &&
        hours[place] === hours[index] &&
        point.at - other.at > HOUR_MS &&
        point.at - other.at <= HISTORY_DAYS * DAY_MS + HOUR_MS,
    );
    return { ...point, usual: usualOf(like.map(({ value }) => value)) };
  });
  const used = new Set(steady);
  const unused = valued(trend.filter((point) => !used.has(point)));
  return { metric, points, unused, slopePerDay: slopePerDay(known) };
}

function usualOf(values: readonly number[]): TrendValue['usual'] {
  if (values.length < LEAST_HISTORY) return null;
  const middle = median(values);
  const spread = BAND * median(values.map((value) => Math.abs(value - middle)));
  return { low: Math.max(0, middle - spread), middle, high: middle + spread };
}

/** Theil and Sen: the median of the slopes of all pairs, which single outliers do not move. */
export function slopePerDay(points: readonly { readonly at: number; readonly value: number }[]): number | null {
  if (points.length < LEAST_SLOPE_POINTS) return null;
  const slopes = points.flatMap((a, index) =>
    points.slice(index + 1).flatMap((b) => (b.at > a.at ? [((b.value - a.value) / (b.at - a.at)) * DAY_MS] : [])),
  );
  return slopes.length === 0 ? null : median(slopes);
}

/** Whether the last points lie outside of what is usual, and on which side. */
export function unusualEnd({ points }: Pick<TrendLine, 'points'>): 'high' | 'low' | null {
  const last = points.slice(-LEAST_OUTSIDE);
  if (last.length < LEAST_OUTSIDE) return null;
  if (last.every(({ value, usual }) => usual !== null && value > usual.high)) return 'high';
  return last.every(({ value, usual }) => usual !== null && value < usual.low) ? 'low' : null;
}

function hourFunction(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone });
  return (at) => format.format(at);
}
