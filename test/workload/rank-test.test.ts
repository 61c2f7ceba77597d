import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankTest } from '../../src/workload/rank-test.ts';

/** Pairs in which the value of the second sample is larger, ties as half of one. */
const larger = (before: readonly number[], after: readonly number[]): number =>
  after.reduce((sum, b) => sum + before.reduce((own, a) => own + (b > a ? 1 : b === a ? 0.5 : 0), 0), 0);

/** Every way to part the pooled values into two samples of these sizes, tried one by one. */
function bruteForce(before: readonly number[], after: readonly number[]): number {
  const pooled = [...before, ...after];
  const observed = larger(before, after);
  let [all, extreme] = [0, 0];
  for (let mask = 0; mask < 2 ** pooled.length; mask += 1) {
    const chosen = pooled.filter((_, index) => (mask >> index) & 1);
    if (chosen.length !== after.length) continue;
    all += 1;
    if (
      larger(
        pooled.filter((_, index) => !((mask >> index) & 1)),
        chosen,
      ) >= observed
    )
      extreme += 1;
  }
  return extreme / all;
}

const values = (most: number) => fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: most });
const spread = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 5 });

describe('the rank test', () => {
  test('agrees with trying all permutations, many ties or none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(values(5), values(6)), fc.tuple(spread, spread)), ([before, after]) => {
        expect(rankTest(before, after)).toBeCloseTo(bruteForce(before, after), 12);
      }),
      { numRuns: 300 },
    );
  });

  test('asks only for the order of values', () => {
    fc.assert(
      fc.property(values(6), values(6), (before, after) => {
        const grown = (value: number): number => value * 3 + 7;
        expect(rankTest(before.map(grown), after.map(grown))).toBe(rankTest(before, after));
      }),
    );
  });

  test('is nearly the exact one where there are so many values that it is taken for normal', () => {
    const sample = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 12, maxLength: 24 });
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -10, max: 20 }), (before, late, shift) => {
        const after = late.map((value) => value + shift);
        const [normal, exact] = [rankTest(before, after, 0), rankTest(before, after, 100)];
        expect(normal).toBeGreaterThanOrEqual(0);
        expect(Math.abs(normal - exact)).toBeLessThan(0.01);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [[1, 2, 3], [4, 5, 6], 1 / 20],
    [[4, 5, 6], [1, 2, 3], 1],
    [[1, 1, 1], [1, 1, 1], 1],
    [[], [1, 2], 1],
    [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12], 1 / 924],
  ])('of %j and %j', (before, after, chance) => {
    expect(rankTest(before, after)).toBeCloseTo(chance, 12);
  });
});
