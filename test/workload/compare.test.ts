import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRanges, planChanges, regressions } from '../../src/workload/compare.ts';
import { normalText } from '../../src/workload/compare-pairs.ts';
import { comparison } from '../../src/workload/sections/comparison.ts';
import { type BuiltRow, builtFacts } from './built-facts.ts';

interface Life {
  readonly calls: number;
  readonly ms: number;
  readonly rows?: number;
  readonly blocks?: number;
}

const NONE: Life = { calls: 0, ms: 0 };

/** `squares`: Σ of the squared times, as the extension knows them by its deviation. */
const row = (
  queryid: string,
  calls: number,
  total: number,
  rows: number,
  blocks: number,
  squares: number,
): BuiltRow => ({
  ...{ userid: '10', dbid: '5', queryid, toplevel: true, calls, rows, total_exec_time: total, total_plan_time: 0 },
  stddev_exec_time: Math.sqrt(Math.max(0, squares / calls - (total / calls) ** 2)),
  ...{ shared_blks_hit: blocks, shared_blks_read: 0 },
});

/** Statements over ten minutes before and ten minutes after, by calls and milliseconds per call. */
function facts(
  statements: Readonly<Record<string, readonly [Life, Life]>>,
  texts: Readonly<Record<string, string>> = {},
) {
  const at = (moment: 0 | 1 | 2): BuiltRow[] =>
    Object.entries(statements).flatMap(([id, lives]) => {
      const sum = (of: (life: Life) => number): number =>
        lives.slice(0, moment).reduce((all, life) => all + of(life), 0);
      const calls = sum((life) => life.calls);
      const figures = [
        sum((life) => life.calls * life.ms),
        sum(({ calls: n, rows = 1 }) => n * rows),
        sum(({ calls: n, blocks = 4 }) => n * blocks),
        // Each life with a deviation of one millisecond.
        sum(({ calls: n, ms }) => n * (1 + ms * ms)),
      ] as const;
      return calls === 0 ? [] : [row(id, calls, ...figures)];
    });
  return builtFacts({
    ...{ before: { statements: at(1) }, after: { statements: at(2) }, texts },
    baseline: { before: { statements: at(0) }, after: { statements: at(1) } },
  });
}

/** One statement, called a thousand times in each piece of both ranges, by milliseconds per call. */
function piecewise(before: readonly number[], after: readonly number[]) {
  const moments = (pieces: readonly number[], earlier: readonly number[]): BuiltRow[] =>
    pieces.map((_, index) => {
      const all = [...earlier, ...pieces.slice(0, index + 1)];
      const sum = (of: (ms: number) => number): number => all.reduce((total, ms) => total + 1000 * of(ms), 0);
      const calls = 1000 * all.length;
      return row(
        '1',
        calls,
        sum((ms) => ms),
        calls,
        calls,
        sum((ms) => 1 + ms * ms),
      );
    });
  const views = (one: BuiltRow | undefined) => ({ statements: one === undefined ? [] : [one] });
  const [was, is] = [moments(before, []), moments(after, before)];
  return builtFacts({
    ...{ before: views(was.at(-1)), between: is.slice(0, -1).map(views), after: views(is.at(-1)), seconds: 3600 },
    baseline: { between: was.slice(0, -1).map(views), after: views(was.at(-1)), seconds: 3600 },
  });
}

describe('two ranges', () => {
  test('the change of every statement is parted into calls and cost without a rest', () => {
    const life = fc.record({
      calls: fc.integer({ min: 0, max: 5000 }),
      ms: fc.double({ min: 0.01, max: 500, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(life, life), { minLength: 1, maxLength: 6 }), (lives) => {
        const found = compareRanges(facts(Object.fromEntries(lives.map((pair, id) => [String(id + 1), pair]))));
        for (const { change, volume, cost } of found?.changes ?? []) {
          expect(Number.isFinite(change)).toBe(true);
          expect(volume + cost).toBeCloseTo(change, 9);
        }
        const seconds = (side: 0 | 1): number =>
          lives.reduce((sum, pair) => sum + (pair[side].calls * pair[side].ms) / 1000, 0);
        const all = (found?.changes ?? []).reduce((sum, { change }) => sum + change, 0);
        expect(all).toBeCloseTo((seconds(1) - seconds(0)) / 600, 6);
      }),
      { numRuns: 100 },
    );
  });

  test('more calls are traffic, dearer calls are slower, dearer calls of more rows are more data', () => {
    const found = compareRanges(
      facts({
        '1': [
          { calls: 1000, ms: 5 },
          { calls: 5000, ms: 5 },
        ],
        '2': [
          { calls: 1000, ms: 5 },
          { calls: 1000, ms: 40 },
        ],
        '3': [
          { calls: 1000, ms: 5, rows: 10 },
          { calls: 1000, ms: 20, rows: 42 },
        ],
        '4': [NONE, { calls: 100, ms: 5 }],
        '5': [{ calls: 100, ms: 5 }, NONE],
        '6': [
          { calls: 1000, ms: 40 },
          { calls: 1000, ms: 5 },
        ],
      }),
    );
    expect(Object.fromEntries((found?.changes ?? []).map(({ queryId, kind }) => [queryId, kind]))).toEqual({
      ...{ '1': 'more traffic', '2': 'slower', '3': 'more data', '4': 'new', '5': 'gone', '6': 'faster' },
    });
    expect(found?.changes[0]?.queryId).toBe('2');
  });

  test('a regression is slower by half, by many calls, and by far more than chance', () => {
    const lives = (after: Life): readonly [Life, Life] => [{ calls: 1000, ms: 10 }, after];
    const found = regressions(
      facts({
        '1': lives({ calls: 1000, ms: 30 }),
        '2': lives({ calls: 1000, ms: 13 }),
        '3': lives({ calls: 20, ms: 900 }),
        '4': [
          { calls: 1000, ms: 0.1 },
          { calls: 1000, ms: 0.9 },
        ],
      }),
    );
    expect(found.map(({ queryId }) => queryId)).toEqual(['1']);
    expect(found[0]?.ratio).toBeCloseTo(3, 9);
  });

  test('where both ranges have six pieces or more, these decide whether it is chance', () => {
    const quiet = [10, 11, 9, 10, 12, 10, 9, 11];
    const chances = (pieces: readonly number[]) => {
      const [change] = compareRanges(piecewise(quiet, pieces))?.changes ?? [];
      return { chance: change?.chance, ratio: change?.ratio ?? 0, isRegression: change?.isRegression };
    };
    const slower = chances(quiet.map((ms) => ms * 2));
    expect(slower.chance).toBeLessThan(0.001);
    expect(slower).toMatchObject({ isRegression: true });
    // One wild piece of eight makes it slower on the whole, and z large, for it is a piece of a thousand calls.
    const wild = chances([...quiet.slice(0, -1), 200]);
    expect(wild.ratio).toBeGreaterThan(3);
    expect(wild.chance).toBeGreaterThan(0.1);
    expect(wild).toMatchObject({ isRegression: false });
    expect(chances([20, 21])).toMatchObject({ chance: null, isRegression: true });
  });

  test('another plan is dearer and touches other amounts of blocks for as many rows', () => {
    const found = planChanges(
      facts({
        '1': [
          { calls: 100, ms: 10, blocks: 4 },
          { calls: 100, ms: 900, blocks: 4000 },
        ],
        '2': [
          { calls: 100, ms: 10, blocks: 4 },
          { calls: 100, ms: 900, blocks: 5 },
        ],
        '3': [
          { calls: 100, ms: 10, blocks: 4, rows: 1 },
          { calls: 100, ms: 900, blocks: 4000, rows: 900 },
        ],
      }),
    );
    expect(found.map(({ queryId }) => queryId)).toEqual(['1']);
  });

  test('a statement with a new id and the same text is the same statement', () => {
    const found = compareRanges(
      facts(
        { '1': [{ calls: 100, ms: 5 }, NONE], '2': [NONE, { calls: 100, ms: 5 }] },
        { '1': 'SELECT * FROM orders WHERE id IN ($1, $2)', '2': 'select *  from orders where id in ($1, $2, $3)' },
      ),
    );
    expect(found?.changes.map(({ kind }) => kind)).toEqual(['steady']);
    expect(normalText('SELECT  a\nFROM b WHERE c IN ($1, $2)')).toBe('select a from b where c in (?)');
  });

  test('the section says so where snapshots are stored and none is there to compare with', () => {
    const trend = [{ at: Date.UTC(2026, 5, 1), metrics: new Map() }];
    const [block, ...more] = comparison.blocks({ ...builtFacts({}), trend });
    expect(block?.widget.settings.text).toContain('no snapshots of a range of the same length');
    expect(more).toEqual([]);
  });

  test('the section is left out where nothing is stored', () => {
    expect(comparison.blocks(builtFacts({}))).toEqual([]);
  });
});
