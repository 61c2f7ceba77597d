import type { Piece } from './pieces.ts';
import { type Range, rangeOf } from './range.ts';
import { sumOf } from './sums.ts';

/** A step of a range by itself, for what is drawn over time. */
export interface Step {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Seconds that the counters cover; 0 across a failover. */
  readonly seconds: number;
  readonly kind: Piece['kind'];
  readonly range: Range;
}

/** Whether databases counted through the step: after a reset a few counts would look like a quiet time. */
export const isDatabaseCounted = ({ range }: Pick<Step, 'range'>): boolean =>
  range.table('database').rows.every(({ labels }) => !labels.has('reset'));

const known = new WeakMap<Range, readonly Step[]>();

/** The steps of a range, subtracted; computed once, so that several charts of a view subtract it once. */
export function stepsOf(range: Range): readonly Step[] {
  const found =
    known.get(range) ??
    range.steps.map(({ from, to, seconds, kind }) => ({
      ...{ from: from.identity.capturedAt, to: to.identity.capturedAt, seconds, kind },
      range: rangeOf([from, to]),
    }));
  known.set(range, found);
  return found;
}

/** What counters came to in one step. */
export interface StepSum extends Step {
  /** In the order of the columns asked for; null = not counted. */
  readonly sums: readonly (number | null)[];
}

/** A view's counters step by step, all rows together. */
export const sumsPerStep = (range: Range, view: string, columns: readonly string[]): readonly StepSum[] =>
  stepsOf(range).map((step) => ({
    ...step,
    sums: columns.map((column) => sumOf(step.range.table(view), column)),
  }));

/**
 * Points of a line or area drawn as `step-before`: a step is told at its end, and the first begins where the range does. One
 * after a gap begins a millisecond after it, since there is one value at an instant.
 */
export const stepPoints = (
  steps: readonly Step[],
  value: (step: Step, index: number) => number | null,
): (readonly [at: number, value: number | null])[] => {
  const own = steps.map((step, index) => (step.seconds > 0 ? value(step, index) : null));
  return steps.flatMap(({ from, to }, index) => {
    const end = [to, own[index] ?? null] as const;
    if (index === 0) return [[from, end[1]] as const, end];
    return own[index - 1] === null && end[1] !== null ? [[from + 1, end[1]] as const, end] : [end];
  });
};
