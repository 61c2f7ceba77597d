import { describe, expect, test } from 'vitest';
import type { DeltaRow, DeltaTable } from '../../src/workload/delta-table.ts';
import { type Range, rangeOf } from '../../src/workload/range.ts';
import { type SimulatedEvent, type SimulatedServer, simulateServer } from './simulated-server.ts';

type Happening = SimulatedEvent['kind'];

/** A range in which these things happen, after some work and with a little more behind them. */
function rangeWith(happenings: readonly Happening[], major = 15, pick = 0): Range {
  const server = worked(major);
  const start = server.snapshot().snapshot;
  for (const kind of happenings) server.happen({ kind, pick, amount: 5 });
  return rangeOf([start, server.snapshot().snapshot]);
}

function worked(major: number): SimulatedServer {
  const server = simulateServer(major);
  for (let turn = 0; turn < 14; turn += 1) server.happen({ kind: 'work', pick: turn, amount: 50 });
  return server;
}

function rowOf(range: Range, view: string, uid: string): { readonly table: DeltaTable; readonly row: DeltaRow } {
  const table = range.table(view);
  const row = table.rows.find((one) => table.last(one, 'uid') === uid);
  if (row === undefined) throw new Error(`no row ${uid}`);
  return { table, row };
}

const labelsOf = (range: Range, view: string): readonly string[] =>
  range.table(view).rows.flatMap(({ labels }) => [...labels]);
const kindsOf = (range: Range): readonly string[] => range.events.map(({ kind }) => kind);
const sumsOf = (range: Range, view: string, column: string): number => {
  const table = range.table(view);
  return table.rows.reduce((sum, row) => sum + (table.delta(row, column) ?? 0), 0);
};

describe('two snapshots subtracted', () => {
  test('R1: counters of one life are subtracted', () => {
    const range = rangeWith(['work']);
    expect(kindsOf(range)).toEqual([]);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(5);
    expect(sumsOf(range, 'statements', 'calls')).toBe(6);
    expect(sumsOf(range, 'wal', 'wal_bytes')).toBe(5);
    expect(labelsOf(range, 'tables')).toEqual([]);
  });

  test('R2: a clean restart keeps counters', () => {
    const range = rangeWith(['work', 'restart', 'work']);
    expect(kindsOf(range)).toEqual(['restart']);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(10);
    expect(sumsOf(range, 'statements', 'calls')).toBe(12);
  });

  test.each([13, 15, 18])('R3: after a crash what the end shows counts, over the time since then (%i)', (major) => {
    const range = rangeWith(['work', 'session killed', 'work'], major);
    expect(kindsOf(range)).toEqual(['crash']);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(5);
    expect(sumsOf(range, 'statements', 'calls')).toBe(6);
    expect(sumsOf(range, 'tables', 'seq_scan')).toBe(5);
    expect(range.seconds).toBe(60);
  });

  test('R3: an immediate stop keeps the statements', () => {
    const range = rangeWith(['work', 'immediate stop', 'work']);
    expect(kindsOf(range)).toEqual(['crash']);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(5);
    expect(sumsOf(range, 'statements', 'calls')).toBe(12);
  });

  test('R4: the reset of one view is its own', () => {
    const range = rangeWith(['work', 'reset shared', 'work']);
    expect(range.events).toMatchObject([{ kind: 'view reset', subject: 'wal' }]);
    expect(sumsOf(range, 'wal', 'wal_bytes')).toBe(5);
    expect(sumsOf(range, 'bgwriter', 'buffers_clean')).toBe(10);
  });

  test('R5: a database’s reset takes its tables with it, even those that have counted more since', () => {
    const server = simulateServer(15);
    server.happen({ kind: 'work', pick: 0, amount: 3 });
    server.happen({ kind: 'work', pick: 2, amount: 400 });
    const start = server.snapshot().snapshot;
    server.happen({ kind: 'reset database', pick: 0, amount: 1 });
    server.happen({ kind: 'work', pick: 0, amount: 5 });
    const range = rangeOf([start, server.snapshot().snapshot]);
    expect(range.events).toMatchObject([{ kind: 'database reset', subject: 'app' }]);
    const { table, row } = rowOf(range, 'tables', 'table 16002');
    expect(table.delta(row, 'seq_scan')).toBe(5);
    expect([...row.labels]).toEqual(['reset']);
  });

  test('R5, R6: one table’s reset is that table’s', () => {
    const range = rangeWith(['work', 'reset table', 'work']);
    expect(kindsOf(range)).toEqual(['database reset']);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(10);
    const { table, row } = rowOf(range, 'tables', 'table 16002');
    expect(table.delta(row, 'seq_scan')).toBe(5);
    expect([...row.labels]).toEqual(['reset']);
    expect(labelsOf(range, 'tables')).toEqual(['reset']);
  });

  test.each([13, 16, 18])('R7: a statement that was evicted and came back is a lower bound (%i)', (major) => {
    const range = rangeWith(['reset statement', 'work'], major);
    const { table, row } = rowOf(range, 'statements', 'statement 0');
    expect(table.delta(row, 'calls')).toBe(6);
    expect([...row.labels]).toEqual(['at least']);
  });

  test('R8: evictions are an event', () => {
    const range = rangeWith(['evict', 'evict']);
    expect(range.events).toMatchObject([{ kind: 'evictions', detail: '2' }]);
    expect(labelsOf(range, 'statements')).toContain('gone');
  });

  test('R9: what is gone has what the snapshots in between saw of it', () => {
    const server = worked(15);
    const taken = [server.snapshot().snapshot];
    server.happen({ kind: 'work', pick: 0, amount: 5 });
    taken.push(server.snapshot().snapshot);
    server.happen({ kind: 'reset statement', pick: 0, amount: 5 });
    taken.push(server.snapshot().snapshot);
    const range = rangeOf(taken);
    const { table, row } = rowOf(range, 'statements', 'statement 0');
    expect(table.delta(row, 'calls')).toBe(6);
    expect([...row.labels]).toEqual(['gone']);
  });

  test('R10: what is new counts from its beginning', () => {
    const server = simulateServer(15);
    const start = server.snapshot().snapshot;
    server.happen({ kind: 'work', pick: 3, amount: 5 });
    const range = rangeOf([start, server.snapshot().snapshot]);
    const { table, row } = rowOf(range, 'statements', 'statement 3');
    expect([table.delta(row, 'calls'), [...row.labels]]).toEqual([6, ['new']]);
  });

  test('R11: nothing is subtracted across a failover', () => {
    const range = rangeWith(['work', 'failover', 'work']);
    expect(kindsOf(range)).toEqual(['failover']);
    expect(range.seconds).toBe(0);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(0);
    expect(labelsOf(range, 'tables')).toEqual([]);
  });

  test('R12: a promoted standby goes on counting', () => {
    const range = rangeWith(['work', 'promotion', 'work']);
    expect(kindsOf(range)).toEqual(['promotion']);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(10);
  });

  test('R13, R19: another server, another major version and a clock gone back are refused', () => {
    const [start, end] = [worked(15).snapshot().snapshot, worked(16).snapshot().snapshot];
    expect(() => rangeOf([start, end])).toThrow('different servers or major versions');
    const later = worked(15);
    const [a, b] = [later.snapshot().snapshot, later.snapshot().snapshot];
    expect(() => rangeOf([b, a])).toThrow('the clock of the server went back');
    const other = { ...b, identity: { ...b.identity, system: 'another' } };
    expect(() => rangeOf([a, other])).toThrow('different servers or major versions');
  });

  test('R14: a database made again under its name', () => {
    const range = rangeWith(['work', 'make database again', 'work']);
    expect(labelsOf(range, 'database').toSorted()).toEqual(['gone', 'recreated']);
    expect(sumsOf(range, 'database', 'xact_commit')).toBe(5);
    expect(sumsOf(range, 'tables', 'seq_scan')).toBe(5);
  });

  test('R15: a table made again, and an index rebuilt, which is the same one', () => {
    const made = rangeWith(['work', 'make table again', 'work']);
    expect(labelsOf(made, 'tables').toSorted()).toEqual(['gone', 'recreated']);
    expect(sumsOf(made, 'tables', 'seq_scan')).toBe(5);
    const rebuilt = rangeWith(['work', 'reindex', 'work']);
    expect(labelsOf(rebuilt, 'indexes')).toEqual([]);
    expect(sumsOf(rebuilt, 'indexes', 'idx_scan')).toBe(10);
  });

  test('R16: an id used by another object', () => {
    const server = worked(15);
    const [start, end] = [server.snapshot().snapshot, server.snapshot().snapshot];
    const parts = end.parts.map((part) => {
      if (part.view !== 'tables' || part.scope !== 'app') return part;
      const place = (name: string): number => part.columns.findIndex((column) => column.name === name);
      const rows = part.rows.map((row, index) =>
        index > 0
          ? row
          : row.map((value, at) => {
              if (at === place('relname')) return 'other';
              if (at === place('relfilenode')) return 99_999;
              return at === place('seq_scan') || at === place('n_tup_ins') ? 2 : value;
            }),
      );
      return { ...part, rows };
    });
    const table = rangeOf([start, { ...end, parts }]).table('tables');
    const row = table.rows.find((one) => table.last(one, 'relname') === 'other');
    expect(row && [table.delta(row, 'seq_scan'), [...row.labels]]).toEqual([2, ['recreated']]);
  });

  test('R17, R18: a table renamed, and one rewritten, go on counting', () => {
    const renamed = rowOf(rangeWith(['work', 'rename table', 'work']), 'tables', 'table 16002');
    expect([renamed.table.delta(renamed.row, 'seq_scan'), renamed.row.was]).toEqual([10, 'public.app_a']);
    const rewritten = rowOf(rangeWith(['work', 'rewrite table', 'work']), 'tables', 'table 16002');
    expect([rewritten.table.delta(rewritten.row, 'seq_scan'), [...rewritten.row.labels]]).toEqual([10, ['rewritten']]);
  });

  test('a part that one snapshot lacks costs nothing, and makes nothing look new or gone', () => {
    const server = worked(15);
    const taken = [server.snapshot().snapshot];
    server.happen({ kind: 'work', pick: 0, amount: 5 });
    taken.push(server.snapshot(['statements', 'tables']).snapshot);
    server.happen({ kind: 'work', pick: 0, amount: 5 });
    taken.push(server.snapshot().snapshot);
    const range = rangeOf(taken);
    expect(sumsOf(range, 'statements', 'calls')).toBe(12);
    expect(sumsOf(range, 'tables', 'seq_scan')).toBe(10);
    expect([...labelsOf(range, 'statements'), ...labelsOf(range, 'tables')]).toEqual([]);
    const late = rangeOf([server.snapshot(['tables']).snapshot, server.snapshot().snapshot]);
    expect(labelsOf(late, 'tables')).toEqual([]);
    expect(sumsOf(late, 'tables', 'seq_scan')).toBe(0);
  });
});
