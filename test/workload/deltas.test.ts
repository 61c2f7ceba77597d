import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeltaTable } from '../../src/workload/delta-table.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { snapshotMetricsOf } from '../../src/workload/metrics.ts';
import { type Range, rangeOf } from '../../src/workload/range.ts';
import { statementsElapsed } from '../../src/workload/sections/statements-elapsed.ts';
import { hitShare, meanMs, statementsOf } from '../../src/workload/statements.ts';
import { EVENTS, type SimulatedEvent, simulateServer, type Taken } from './simulated-server.ts';

const VIEWS = ['database', 'statements', 'tables', 'indexes', 'wal', 'bgwriter', 'archiver', 'slru'] as const;
const UNREADABLE = ['statements', 'tables', 'database', 'wal'];

const event = fc.record({
  kind: fc.constantFrom(...EVENTS),
  pick: fc.nat(20),
  amount: fc.integer({ min: 1, max: 500 }),
});
const snapshot = fc.record({ unread: fc.subarray(UNREADABLE, { maxLength: 1 }) });
const history = fc.record({
  major: fc.constantFrom(13, 14, 15, 16, 17, 18),
  steps: fc.array(fc.oneof({ arbitrary: event, weight: 4 }, { arbitrary: snapshot, weight: 1 }), { maxLength: 40 }),
});

type Step = SimulatedEvent | { readonly unread: readonly string[] };

function played({ major, steps }: { major: number; steps: readonly Step[] }): readonly Taken[] {
  const server = simulateServer(major);
  for (let pick = 0; pick < 9; pick += 1) server.happen({ kind: 'work', pick, amount: 40 + pick });
  const taken = [server.snapshot()];
  for (const step of steps) {
    if ('kind' in step) server.happen(step);
    else taken.push(server.snapshot(step.unread));
  }
  return [...taken, server.snapshot()];
}

const counters = (table: DeltaTable): readonly string[] =>
  table.columns.flatMap(({ name, kind }) => (kind === 'counter' ? [name] : []));

function everyDelta(range: Range, look: (value: number, key: string) => void): void {
  for (const view of VIEWS) {
    const table = range.table(view);
    for (const row of table.rows) {
      const uid = table.last(row, 'uid');
      for (const column of counters(table)) {
        const value = table.delta(row, column);
        if (value !== null) look(value, uid === null ? view : `${String(uid)} ${column}`);
      }
    }
  }
}

const factsOf = (range: Range): WorkloadFacts => ({
  ...{ cluster: { name: 'shop', engine: 'postgres' }, range, minutes: [], texts: new Map(), trend: [] },
  ...{ baseline: null, locale: 'en', timeZone: 'UTC' },
});

/** Looks like an id used again for another table; its index scans are those of indexes that were not reset. */
const ALL_AT_ONCE = (['rewrite table', 'reset table', 'rename table'] as const).map((kind) => ({
  kind,
  pick: 4,
  amount: 1,
}));

/** The new index stands at nothing as the old one does after the crash, but belongs to another table. */
const TABLE_AFTER_CRASH: readonly Step[] = [
  { kind: 'work', pick: 10, amount: 1 },
  { unread: [] },
  { kind: 'postmaster killed', pick: 0, amount: 1 },
  { unread: [] },
  { kind: 'make table again', pick: 4, amount: 1 },
];

test('no delta of any history is negative or no number, and none is more than was really done', () => {
  fc.assert(
    fc.property(history, (one) => {
      const taken = played(one);
      const range = rangeOf(taken.map((each) => each.snapshot));
      const [first, last] = [taken[0]?.truth, taken.at(-1)?.truth];
      everyDelta(range, (value, key) => {
        expect(value, key).toBeGreaterThanOrEqual(0);
        const done = (last?.get(key) ?? 0) - (first?.get(key) ?? 0);
        expect(value, key).toBeLessThanOrEqual(done * (1 + 1e-9) + 1e-6);
      });
      expect(range.seconds).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(range.seconds)).toBe(true);
    }),
    { numRuns: 200, examples: [[{ major: 13, steps: ALL_AT_ONCE }], [{ major: 13, steps: [...TABLE_AFTER_CRASH] }]] },
  );
});

test('rates, shares and means of any history are finite and not negative, and shares make no more than the whole', () => {
  fc.assert(
    fc.property(history, (one) => {
      const range = rangeOf(played(one).map((each) => each.snapshot));
      for (const [name, value] of snapshotMetricsOf(range)) {
        expect(Number.isFinite(value), name).toBe(true);
        expect(value, name).toBeGreaterThanOrEqual(0);
      }
      const { all, outer, whole } = statementsOf(factsOf(range));
      for (const statement of all) {
        for (const value of [meanMs(statement), hitShare(statement), statement.stddevMs, statement.seconds]) {
          if (value === null) continue;
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
        expect(hitShare(statement) ?? 0).toBeLessThanOrEqual(1);
      }
      const shares = outer.map(({ seconds }) => (whole.seconds > 0 ? seconds / whole.seconds : 0));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
      for (const { series } of statementsElapsed.blocks(factsOf(range))) {
        for (const value of series.flatMap(({ rows }) => rows.values.flat())) {
          if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('without resets the pieces add up to the whole, and to what was done', () => {
  const calm = history.map(({ major, steps }) => ({
    major,
    steps: steps.filter(
      (step) => !('kind' in step) || ['work', 'restart', 'rename table', 'reindex', 'promotion'].includes(step.kind),
    ),
  }));
  fc.assert(
    fc.property(calm, (one) => {
      const taken = played(one);
      const snapshots = taken.map((each) => each.snapshot);
      const [start, end] = [snapshots[0], snapshots.at(-1)];
      if (start === undefined || end === undefined) return;
      const [pieces, whole] = [sums(rangeOf(snapshots)), sums(rangeOf([start, end]))];
      for (const [key, value] of whole) expect(pieces.get(key), key).toBeCloseTo(value, 4);
      const [first, last] = [taken[0]?.truth, taken.at(-1)?.truth];
      for (const [key, value] of whole) {
        expect(value, key).toBeCloseTo((last?.get(key) ?? 0) - (first?.get(key) ?? 0), 4);
      }
    }),
    { numRuns: 200 },
  );
});

function sums(range: Range): Map<string, number> {
  const found = new Map<string, number>();
  everyDelta(range, (value, key) => found.set(key, (found.get(key) ?? 0) + value));
  return found;
}
