import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeltaRow, DeltaTable } from '../../src/workload/delta-table.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { type Range, rangeOf } from '../../src/workload/range.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';
import { captureNow, handIn } from './capture-now.ts';
import { blocksOf, linesOf, textIn } from './printed.ts';

const WAIT_MS = 20_000;

/** What a report of the range says at its head, and what it says of its tables. */
const headOf = (range: Range): string => textIn(blocksOf(factsOf(range), 'header'), 'header') ?? '';
const tablesSaid = (range: Range): string => textIn(blocksOf(factsOf(range), 'tables'), 'tables') ?? '';

const factsOf = (range: Range): WorkloadFacts => ({
  ...{ cluster: { name: 'shop', engine: 'postgres' }, range, texts: new Map(), minutes: [], trend: [] },
  ...{ baseline: null, locale: 'en', timeZone: 'UTC' },
});

describe.each(watchableServers())('$name', ({ bin }) => {
  let server: WatchedServer;

  beforeAll(async () => {
    server = await startWatchedServer(bin);
    await server.sql.unsafe('create table orders (id int primary key, note text)');
    await server.sql.unsafe("insert into orders select n, 'x' from generate_series(1, 2000) n");
    await server.sql.unsafe('create table lines as select n from generate_series(1, 500) n');
    await scan(20);
    for (let count = 0; count < 200; count += 1) await server.sql.unsafe('select 1');
    await handIn(server);
  });

  afterAll(() => server.remove());

  const scan = async (times: number): Promise<void> => {
    for (let count = 0; count < times; count += 1) await server.sql.unsafe('select count(*) from lines');
  };

  /** The range around something that happens. */
  const around = async (what: () => Promise<void>): Promise<Range> => {
    await handIn(server);
    const before = await captureNow(server);
    await what();
    await handIn(server);
    return rangeOf([before, await captureNow(server)]);
  };

  const untilUp = async (): Promise<void> => {
    for (const until = Date.now() + WAIT_MS; ; ) {
      try {
        await server.sql.unsafe('select 1');
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  };

  const kinds = (range: Range): readonly string[] => range.events.map(({ kind }) => kind);

  test('a clean restart is an event, and counters go on', async () => {
    const range = await around(async () => {
      await scan(3);
      await handIn(server);
      server.stop('fast');
      server.start();
      await untilUp();
      await scan(2);
    });
    expect(kinds(range)).toEqual(['restart']);
    expect(headOf(range)).toMatch(/The server was restarted at .*; its counters were kept\./);
    const { table, row } = tableRow(range, 'lines');
    expect(table.delta(row, 'seq_scan')).toBe(5);
    expect([...row.labels]).toEqual([]);
    expect(range.seconds).toBeGreaterThan(0);
  });

  test('pg_stat_reset() is an event of its database, whose rows count since then', async () => {
    const range = await around(async () => {
      await scan(4);
      await handIn(server);
      await server.sql.unsafe('select pg_stat_reset()');
      await scan(3);
    });
    expect(range.events).toMatchObject([{ kind: 'database reset', subject: 'app' }]);
    expect(headOf(range)).toMatch(/Statistics in database app were reset at .*: what fell counts since then\./);
    const { table, row } = tableRow(range, 'lines');
    expect(table.delta(row, 'seq_scan')).toBe(3);
    expect(row.labels.has('reset')).toBe(true);
    // Its row says so beside its numbers.
    const lines = linesOf(blocksOf(factsOf(range), 'tables'), 'tables-fetched');
    expect(lines.find((one) => one.table === 'lines')).toMatchObject({ note: 'reset' });
  });

  test('one table’s reset leaves the others alone', async () => {
    await scan(5);
    const range = await around(async () => {
      await server.sql.unsafe('select count(*) from orders where id = 7');
      await server.sql.unsafe("select pg_stat_reset_single_table_counters('orders'::regclass)");
      await scan(2);
    });
    expect(kinds(range)).toEqual(['database reset']);
    const { table, row } = tableRow(range, 'lines');
    expect(table.delta(row, 'seq_scan')).toBe(2);
    expect([...row.labels]).toEqual([]);
  });

  test('pg_stat_statements_reset() is an event of the statements', async () => {
    const range = await around(async () => {
      await scan(9);
      await server.sql.unsafe('select pg_stat_statements_reset()');
      await scan(2);
    });
    expect(range.events).toMatchObject([{ kind: 'view reset', subject: 'statements' }]);
    expect(headOf(range)).toMatch(/Statistics of statements were reset at .*: they count since then\./);
    const table = range.table('statements');
    const calls = table.rows.map((row) => table.delta(row, 'calls') ?? 0);
    expect(Math.min(...calls)).toBeGreaterThanOrEqual(0);
    expect(calls.filter((count) => count === 2).length).toBeGreaterThan(0);
    expect(calls).not.toContain(9);
  });

  test('a table dropped and made again counts as a new life under its name', async () => {
    const range = await around(async () => {
      await server.sql.unsafe('drop table lines');
      await server.sql.unsafe('create table lines as select n from generate_series(1, 50) n');
      await scan(2);
    });
    expect(kinds(range)).toEqual([]);
    const rows = tableRows(range, 'lines');
    expect(rows.map(({ row }) => [...row.labels])).toEqual([['gone'], ['recreated']]);
    expect(rows.map(({ table, row }) => table.delta(row, 'seq_scan') ?? 0)).toEqual([0, 2]);
  });

  test('tables dropped, created and made again are named by the report', async () => {
    await server.sql.unsafe('create table parcels as select 1 as n');
    await server.sql.unsafe('create table pallets as select 1 as n');
    const range = await around(async () => {
      await server.sql.unsafe('drop table parcels');
      await server.sql.unsafe('drop table pallets');
      await server.sql.unsafe('create table pallets as select 2 as n');
      await server.sql.unsafe('create table crates as select 1 as n');
    });
    expect(tablesSaid(range)).toContain(
      'Dropped in the range: app.public.parcels. Dropped and created again under the same name: app.public.pallets. ' +
        'Created in the range: app.public.crates.',
    );
  });

  test('an index rebuilt concurrently is one index that goes on counting', async () => {
    await server.sql.unsafe('set enable_seqscan = off');
    const look = async (times: number): Promise<void> => {
      for (let count = 0; count < times; count += 1) await server.sql.unsafe('select note from orders where id = 7');
    };
    await look(30);
    const range = await around(async () => {
      await look(2);
      await handIn(server);
      await server.sql.unsafe('reindex index concurrently orders_pkey');
      await look(3);
    });
    const table = range.table('indexes');
    const rows = table.rows.filter((row) => table.last(row, 'indexrelname') === 'orders_pkey');
    expect(rows).toHaveLength(1);
    for (const row of rows) {
      expect(table.delta(row, 'idx_scan')).toBe(5);
      expect([...row.labels]).toEqual([]);
      expect(table.first(row, 'indexrelid')).not.toBe(table.last(row, 'indexrelid'));
    }
  });

  test('a dropped index does not make its table look reset', async () => {
    await server.sql.unsafe('create index orders_note on orders (note)');
    await server.sql.unsafe("select count(*) from orders where note = 'y'");
    const range = await around(async () => {
      await server.sql.unsafe('drop index orders_note');
    });
    const { table, row } = tableRow(range, 'orders');
    expect([...row.labels]).toEqual([]);
    expect(table.delta(row, 'n_tup_ins')).toBe(0);
    expect(table.delta(row, 'idx_scan')).toBe(0);
  });

  test.each(['a killed session', 'an immediate stop'])(
    '%s is a crash: counters since then',
    async (how) => {
      for (let count = 0; count < 300; count += 1) await server.sql.unsafe('select 1');
      const range = await around(async () => {
        if (how === 'an immediate stop') {
          server.stop('immediate');
          server.start();
        } else {
          const victim = server.connect();
          const [backend] = await victim.unsafe<{ pid: number }[]>('select pg_backend_pid() as pid');
          // The server ends everybody's session once it has noticed: before that it still answers.
          const witness = server.connect();
          await witness.unsafe('select 1');
          const noticed = witness.unsafe('select pg_sleep(30)').catch(() => undefined);
          process.kill(Number(backend?.pid), 'SIGKILL');
          await noticed;
          await Promise.all([victim, witness].map((client) => client.end({ timeout: 1 }).catch(() => undefined)));
        }
        await untilUp();
        await scan(2);
      });
      expect(kinds(range)).toEqual(['crash']);
      expect(headOf(range)).toMatch(/The server recovered from a crash at .*: counters count since then\./);
      const { table, row } = tableRow(range, 'lines');
      expect(table.delta(row, 'seq_scan')).toBe(2);
      expect(row.labels.has('reset')).toBe(true);
      const [piece] = range.pieces;
      expect(range.seconds).toBeLessThan(
        ((piece?.to.identity.capturedAt ?? 0) - (piece?.from.identity.capturedAt ?? 0)) / 1000,
      );
    },
    120_000,
  );
});

function tableRows(range: Range, name: string): readonly { table: DeltaTable; row: DeltaRow }[] {
  const table = range.table('tables');
  return table.rows.filter((row) => table.last(row, 'relname') === name).map((row) => ({ table, row }));
}

function tableRow(range: Range, name: string): { table: DeltaTable; row: DeltaRow } {
  const [found] = tableRows(range, name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}
