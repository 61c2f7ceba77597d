import type { AxisPlan } from './content.ts';
import { logTicks } from './log-axis.ts';
import { tickFormat } from './numbers.ts';
import { unitStep } from './units.ts';

/** Ticks of an axis: numbers on the scale, with their labels (an array is written in lines). */
export interface Ticks {
  readonly domain: readonly [number, number];
  readonly values: readonly number[];
  readonly labels: readonly (string | readonly string[])[];
}

type ValueAxis = Extract<AxisPlan, { type: 'value' }>;

/** How close ticks may stand, in points, and how many spaces between them there should be. */
const CLOSEST = 17;
const USUAL_INTERVALS = 4;
const MOST_INTERVALS = 6;

/** Round ticks that enclose the values, in round numbers of the unit that the largest is written in. */
export function valueTicks(axis: ValueAxis, length: number): Ticks {
  if (axis.isExact && axis.max > axis.min) return { domain: [axis.min, axis.max], values: [], labels: [] };
  if (axis.isLog) return logTicks(axis, length);
  const { unit, locale } = axis;
  const [min, max] = axis.min === axis.max ? widen(axis.min) : [axis.min, axis.max];
  const magnitude = Math.max(Math.abs(min), Math.abs(max));
  const { divisor } = unitStep(unit, magnitude, locale);
  const step = bestStep(min / divisor, max / divisor, length);
  const first = Math.floor(min / divisor / step + 1e-9);
  const last = Math.ceil(max / divisor / step - 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step) * divisor);
  const format = tickFormat(step * divisor, magnitude, unit, locale);
  return {
    domain: [values[0] ?? min, values.at(-1) ?? max],
    values,
    labels: values.map(format),
  };
}

/** One value alone: an axis from zero to it, or of one unit when it is zero itself. */
function widen(value: number): [number, number] {
  if (value === 0) return [0, 1];
  return value > 0 ? [0, value] : [value, 0];
}

/** The round step whose ticks enclose the values most tightly, ticks being neither too close nor too few. */
function bestStep(min: number, max: number, length: number): number {
  const power = 10 ** Math.floor(Math.log10((max - min) / 4));
  // The values span at most 40 of these, so that 50 encloses them in two intervals, however short the axis is.
  let best = { step: power * 50, score: Number.NEGATIVE_INFINITY };
  for (const lead of [0.5, 1, 2, 2.5, 5, 10, 20, 50]) {
    const step = lead * power;
    const intervals = Math.ceil(max / step - 1e-9) - Math.floor(min / step + 1e-9);
    const tooMany = intervals > 2 && (length / intervals < CLOSEST || intervals > MOST_INTERVALS);
    const coverage = (max - min) / (intervals * step);
    const score = coverage - 0.05 * Math.abs(intervals - USUAL_INTERVALS) - (lead === 2.5 ? 0.05 : 0);
    if (!tooMany && score > best.score) best = { step, score };
  }
  return best.step;
}

/** Without the noise of binary fractions: 0.30000000000000004 is 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/**
 * From where to where an axis of these values goes. Bars and areas stand on zero; lines too, unless they would then
 * be flat, all of them being far from it.
 */
export function valueRange(values: readonly number[], onZero: boolean): readonly [number, number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return [0, 1];
  const flat = !onZero && max - min < Math.max(Math.abs(min), Math.abs(max)) * 0.3 && max > min;
  return flat ? [min, max] : [Math.min(0, min), Math.max(0, max)];
}
