import type { Widget } from '../definition/definition.ts';
import type { Rows } from '../rows/rows.ts';
import type { ChartEnvironment } from './environment.ts';
import { instantOfValue, numberOf, settingOf } from './mappings.ts';

/** A value of a metric, in order of time. */
export interface MetricPoint {
  readonly at: number;
  readonly value: number;
}

/** In order of time; without a time column in the order of rows. Missing values are left out. */
export function metricPoints(rows: Rows, time: number, value: number): readonly MetricPoint[] {
  const points = rows.values.flatMap((row, index) => {
    const at = time < 0 ? index : instantOfValue(row[time]);
    const number = numberOf(row[value]);
    return at === null || number === null ? [] : [{ at, value: number }];
  });
  return time < 0 ? points : points.toSorted((a, b) => a.at - b.at);
}

/** A month may be a tenth longer than the one it is compared with. */
const LONGEST_BEFORE = 1.15;

type Reduction = (points: readonly MetricPoint[]) => number | null;

const sum: Reduction = (points) => points.reduce((total, { value }) => total + value, 0);

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  last: (points) => points.at(-1)?.value ?? null,
  first: (points) => points[0]?.value ?? null,
  sum,
  total: sum,
  avg: (points) => (points.length === 0 ? null : (sum(points) ?? 0) / points.length),
  mean: (points) => (points.length === 0 ? null : (sum(points) ?? 0) / points.length),
  min: (points) => points.reduce<number | null>((least, { value }) => Math.min(least ?? value, value), null),
  max: (points) => points.reduce<number | null>((most, { value }) => Math.max(most ?? value, value), null),
  count: (points) => points.length,
};

/** What a metric shows, the value it is compared with, and whether that is of the whole period before. */
export interface MetricValue {
  readonly value: number | null;
  readonly before: number | null;
  readonly isPeriod: boolean;
  /** True where the value is the latest, not one of all. */
  readonly isLatest: boolean;
}

/**
 * `settings.reduce` (`last`, `first`, `sum`, `avg`, `min`, `max`, `count`) makes one value of all. It is compared with
 * that of the other series where there is one, else with that of the rows before the period, else (for `last`) with
 * the value before.
 */
export function metricValue(
  widget: Widget,
  points: readonly MetricPoint[],
  other: readonly MetricPoint[] | null,
  env: ChartEnvironment,
  hasTime: boolean,
): MetricValue {
  const word = settingOf(widget, 'reduce');
  const stored = Object.hasOwn(REDUCTIONS, word) ? REDUCTIONS[word] : undefined;
  const reduce = stored ?? ((of: readonly MetricPoint[]) => of.at(-1)?.value ?? null);
  const isLatest = stored === undefined || word === 'last';
  if (other !== null) return { value: reduce(points), before: reduce(other), isPeriod: true, isLatest };
  const start = env.period?.from ?? Number.NEGATIVE_INFINITY;
  const length = env.period === null ? 0 : env.period.to - env.period.from;
  // Only where what was read is the period before and nothing else: a month of days is no day before today.
  const isPair = hasTime && (points[0]?.at ?? 0) >= start - length * LONGEST_BEFORE;
  const earlier = isPair ? points.filter(({ at }) => at < start) : [];
  const now = earlier.length === points.length ? points : points.slice(earlier.length);
  if (!isLatest && earlier.length > 0 && now !== points) {
    return { value: reduce(now), before: reduce(earlier), isPeriod: true, isLatest };
  }
  const before = isLatest ? (points.at(-2)?.value ?? null) : null;
  return { value: reduce(points), before, isPeriod: false, isLatest };
}
