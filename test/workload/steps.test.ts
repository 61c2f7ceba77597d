import { describe, expect, test } from 'vitest';
import { snapshotsOf } from '../../src/workload/part-rows.ts';
import { rangeOf } from '../../src/workload/range.ts';
import { stepPoints, stepsOf, sumsPerStep } from '../../src/workload/steps.ts';
import { sumOf } from '../../src/workload/sums.ts';
import { builtSnapshot, START } from './built-facts.ts';
import { shopDay } from './built-shop.ts';
import { blocksOf, linesOf } from './printed.ts';

const QUARTER = 900_000;

const snapshots = (count: number, restartAt = count) =>
  Array.from({ length: count }, (_, index) => {
    const snapshot = builtSnapshot(
      { wal: [{ wal_bytes: index * index, stats_reset: null }] },
      START + index * QUARTER,
      {},
    );
    const isRestarted = index >= restartAt;
    return isRestarted ? { ...snapshot, identity: { ...snapshot.identity, startedAt: START + 5 } } : snapshot;
  });

describe('the steps of a range', () => {
  test.each([
    [3, 2, 2],
    [49, 48, 48],
    [50, 1, 25],
    [97, 1, 48],
    [200, 1, 40],
  ])('of %i quiet snapshots: %i to subtract, %i to draw', (count, pieces, steps) => {
    const range = rangeOf(snapshots(count));
    expect(range.pieces).toHaveLength(pieces);
    expect(range.steps).toHaveLength(steps);
    expect(range.snapshots).toBe(count);
    expect(snapshotsOf(range)).toHaveLength(steps + 1);
  });

  test.each([3, 50, 97, 200])('follow each other without gaps and add up to the whole: %i snapshots', (count) => {
    const range = rangeOf(snapshots(count));
    const steps = sumsPerStep(range, 'wal', ['wal_bytes']);
    for (const [index, step] of steps.entries()) expect(step.from).toBe(steps[index - 1]?.to ?? START);
    expect(steps.at(-1)?.to).toBe(range.end.identity.capturedAt);
    expect(steps.reduce((sum, { sums }) => sum + (sums[0] ?? 0), 0)).toBe(sumOf(range.table('wal'), 'wal_bytes'));
    expect(steps.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(range.seconds);
  });

  test('are the pieces where something happened', () => {
    const range = rangeOf(snapshots(60, 30));
    expect(range.pieces).toHaveLength(59);
    expect(range.steps).toBe(range.pieces);
  });

  test('as points: each is told at its end, the first from where the range begins; none where nothing is covered', () => {
    const steps = stepsOf(rangeOf(snapshots(3))).map((step, index) => ({ ...step, seconds: index === 1 ? 0 : 900 }));
    expect(stepPoints(steps, ({ seconds }) => seconds)).toEqual([
      [START, 900],
      [START + QUARTER, 900],
      [START + 2 * QUARTER, null],
    ]);
    const three = stepsOf(rangeOf(snapshots(4))).map((step, index) => ({ ...step, seconds: index === 1 ? 0 : 900 }));
    expect(stepPoints(three, ({ seconds }) => seconds).slice(2)).toEqual([
      [START + 2 * QUARTER, null],
      [START + 2 * QUARTER + 1, 900],
      [START + 3 * QUARTER, 900],
    ]);
  });
});

describe('a day of a snapshot every quarter of an hour', () => {
  const facts = shopDay({ stepHours: 0.25, isSampled: false });
  const points = (section: string, id: string): number =>
    new Set(linesOf(blocksOf(facts, section), id).map(({ at }) => at)).size;

  test('is drawn over time, although it is subtracted at once', () => {
    expect(facts.range.pieces).toHaveLength(1);
    expect(points('wal-checkpoints', 'wal-rate')).toBe(49);
    expect(points('wal-checkpoints', 'checkpoints-time')).toBe(48);
    expect(points('sessions', 'sessions-connections')).toBe(49);
    expect(points('load-profile', 'load-transactions')).toBe(49);
    expect(points('load-profile', 'load-hits')).toBe(49);
    expect(points('load-over-time', 'load-over-time')).toBe(49);
  });

  test('has the WAL of the whole day under its curve', () => {
    const rates = linesOf(blocksOf(facts, 'wal-checkpoints'), 'wal-rate').slice(1);
    const drawn = rates.reduce((sum, { value }) => sum + Number(value) * 1800, 0);
    expect(drawn * 1e6).toBeCloseTo(sumOf(facts.range.table('wal'), 'wal_bytes') ?? 0, -3);
  });
});
