import type { AxisPlan } from './content.ts';
import { formatValue } from './numbers.ts';
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

/** Ticks at powers of ten, with 2 and 5 between them where there is room, or at every so many powers. */
export function logTicks(axis: ValueAxis, length: number): Ticks {
  const leads = [0, Math.log10(2), Math.log10(5)];
  const [first, last] = [Math.floor(axis.min + 1e-9), Math.ceil(axis.max - 1e-9)];
  const fine = Array.from({ length: last - first + 1 }, (_, power) => leads.map((lead) => first + power + lead)).flat();
  const start = fine.findLast((place) => place <= axis.min + 1e-9) ?? first;
  const end = fine.find((place) => place >= axis.max - 1e-9) ?? last;
  const inside = fine.filter((place) => place >= start - 1e-9 && place <= end + 1e-9);
  const most = Math.max(2, Math.floor(length / CLOSEST));
  const step = Math.max(1, Math.ceil((last - first) / most));
  const values =
    inside.length <= most
      ? inside
      : Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
  const [low, high] = inside.length <= most ? [start, end] : [first, Math.max(last, values.at(-1) ?? last)];
  return {
    domain: [low, high],
    // A tick at 0 is the value 1: moved a little so that it does not look like the line of zero.
    values: values.map((place) => (place === 0 ? 1e-9 : place)),
    labels: values.map((place) => formatValue(Number((10 ** place).toPrecision(6)), axis.unit, axis.locale)),
  };
}
