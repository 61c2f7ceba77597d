import type { ChartEnvironment } from './environment.ts';
import type { Rhythm } from './time-join.ts';
import type { TimePoint, TimeSeries } from './time-points.ts';

/** Series cut to what can be read. */
export interface SelectedSeries {
  readonly series: readonly TimeSeries[];
  /** How many series there were. */
  readonly all: number;
  /** True where the last series is the sum of those cut off. */
  readonly hasOther: boolean;
}

const weightOf = ({ points }: TimeSeries): number => {
  let sum = 0;
  for (const { value } of points) sum += Math.abs(value ?? 0);
  return sum;
};

/**
 * The series that have values; of more than `most` those with the largest sums, in their own order. The rest becomes
 * one series named `other` where that is not null.
 */
export function selectSeries(series: readonly TimeSeries[], most: number, other: string | null): SelectedSeries {
  const filled = series.filter(({ points }) => points.some(({ value }) => value !== null));
  if (filled.length <= most) return { series: filled, all: filled.length, hasOther: false };
  const ranked = filled.map((one) => ({ one, weight: weightOf(one) })).sort((a, b) => b.weight - a.weight);
  const kept = new Set(ranked.slice(0, other === null ? most : most - 1).map(({ one }) => one));
  const shown = filled.filter((one) => kept.has(one));
  if (other === null) return { series: shown, all: filled.length, hasOther: false };
  const sums = new Map<number, number>();
  for (const one of filled) {
    if (kept.has(one)) continue;
    for (const { at, value } of one.points) if (value !== null) sums.set(at, (sums.get(at) ?? 0) + value);
  }
  const points = [...sums].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
  return {
    series: [...shown, { name: other, column: shown[0]?.column ?? '', points }],
    all: filled.length,
    hasOther: true,
  };
}

/**
 * Leaves out points beyond the period, where most lie within it: one stray instant would press all others together.
 * The bucket that the period begins in counts as within.
 */
export function withinPeriod(
  series: readonly TimeSeries[],
  period: ChartEnvironment['period'],
  slack: number,
): { readonly series: readonly TimeSeries[]; readonly leftOut: number } {
  if (period === null) return { series, leftOut: 0 };
  const isInside = ({ at }: TimePoint): boolean => at > period.from - Math.max(1, slack) && at <= period.to;
  let [inside, all] = [0, 0];
  for (const { points } of series) {
    all += points.length;
    for (const point of points) if (isInside(point)) inside += 1;
  }
  if (inside === all || inside * 2 < all) return { series, leftOut: 0 };
  return { series: series.map((one) => ({ ...one, points: one.points.filter(isInside) })), leftOut: all - inside };
}

const MOST_FILLED = 20_000;

/** Zeros where a series has no value, at the instants of the others and at every interval of a gap. */
export function fillZeros(series: readonly TimeSeries[], { interval, gap }: Rhythm): readonly TimeSeries[] {
  const instants = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const all: number[] = [];
  for (const at of instants) {
    let before = all.at(-1);
    while (before !== undefined && interval > 0 && at - before > gap && all.length < MOST_FILLED) {
      before += interval;
      all.push(before);
    }
    all.push(at);
  }
  return series.map((one) => {
    const values = new Map(one.points.map(({ at, value }) => [at, value]));
    return { ...one, points: all.map((at) => ({ at, value: values.get(at) ?? 0 })) };
  });
}

/** Each value as its share of all values of its instant. */
export function asShares(series: readonly TimeSeries[]): readonly TimeSeries[] {
  const totals = new Map<number, number>();
  for (const { points } of series) {
    for (const { at, value } of points) totals.set(at, (totals.get(at) ?? 0) + Math.abs(value ?? 0));
  }
  const share = (at: number, value: number | null): number | null => {
    const total = totals.get(at) ?? 0;
    return value === null || total === 0 ? null : value / total;
  };
  return series.map((one) => ({
    ...one,
    points: one.points.map(({ at, value }) => ({ at, value: share(at, value) })),
  }));
}
