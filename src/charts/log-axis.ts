import type { AxisPlan } from './content.ts';
import { formatValue } from './numbers.ts';
import { durationMs } from './units.ts';
import type { Ticks } from './value-axis.ts';

type ValueAxis = Extract<AxisPlan, { type: 'value' }>;

const CLOSEST = 18;

/** The place of a value on a logarithmic axis; null for zero and below, which have none. */
export const logPlace = (value: number): number | null => (value > 0 ? Math.log10(value) : null);

/** From where to where a logarithmic axis of these places goes: a decade at least. */
export function logRange(places: readonly number[]): readonly [number, number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const place of places) {
    if (place < min) min = place;
    if (place > max) max = place;
  }
  if (min > max) return [0, 1];
  return max - min >= 1
    ? [min, max]
    : [Math.floor(min + 1e-9), Math.max(Math.ceil(max - 1e-9), Math.floor(min + 1e-9) + 1)];
}

/** Values people count durations in, from nanoseconds to some thousand days, in milliseconds. */
const DURATION_LADDER = [
  ...[1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000, 10_000],
  ...[60_000, 600_000, 3_600_000, 36_000_000, 86_400_000, 864_000_000, 8_640_000_000, 86_400_000_000],
];

/** Places of round values around `min` to `max`: powers of ten, of 1024 for bytes, steps of people's clocks for time. */
function ladder({ min, max, unit }: ValueAxis): readonly number[] {
  const duration = durationMs(unit);
  const base = unit === 'bytes' || unit === 'bytes/s' ? Math.log10(1024) : 1;
  const [first, last] = [Math.floor(min / base + 1e-9), Math.ceil(max / base - 1e-9)];
  const powers = Array.from({ length: Math.max(1, last - first) + 1 }, (_, index) => (first + index) * base);
  if (duration === null) return powers;
  const clock = DURATION_LADDER.map((value) => Math.log10(value / duration));
  const [from, to] = [
    clock.findLastIndex((place) => place <= min + 1e-9),
    clock.findIndex((place) => place >= max - 1e-9),
  ];
  return from < 0 || to < 0 ? powers : clock.slice(from, Math.max(to, from + 1) + 1);
}

/** Between powers of ten 2 and 5, between those of 1024 32: where there is room. */
function finer(places: readonly number[], { unit }: ValueAxis): readonly number[] {
  if (durationMs(unit) !== null) return places;
  const between = unit === 'bytes' || unit === 'bytes/s' ? [Math.log10(32)] : [Math.log10(2), Math.log10(5)];
  return places.flatMap((place, index) =>
    index === places.length - 1 ? [place] : [place, ...between.map((lead) => place + lead)],
  );
}

/** Ticks of a logarithmic axis at round values that enclose the data; every so many of them where there is no room. */
export function logTicks(axis: ValueAxis, length: number): Ticks {
  const coarse = ladder(axis);
  const most = Math.max(2, Math.floor(length / CLOSEST));
  const fine = enclosing(finer(coarse, axis), axis);
  const step = Math.max(1, Math.ceil((coarse.length - 1) / (most - 1)));
  const chosen = fine.length <= most ? fine : coarse.filter((_, index) => index % step === 0);
  const domain = fine.length <= most ? fine : coarse;
  return {
    domain: [domain[0] ?? axis.min, domain.at(-1) ?? axis.max],
    // A tick at 0 is the value 1: moved a little so that it does not look like the line of zero.
    values: chosen.map((place) => (place === 0 ? 1e-9 : place)),
    labels: chosen.map((place) => formatValue(Number((10 ** place).toPrecision(12)), axis.unit, axis.locale)),
  };
}

function enclosing(places: readonly number[], { min, max }: ValueAxis): readonly number[] {
  const from = Math.max(
    0,
    places.findLastIndex((place) => place <= min + 1e-9),
  );
  const to = places.findIndex((place) => place >= max - 1e-9);
  return places.slice(from, to < 0 ? places.length : Math.max(to, from + 1) + 1);
}
