import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerText } from '../../src/rows/snapshot.ts';
import { statementText, type WorkloadFacts } from '../../src/workload/facts.ts';
import { type Range, rangeOf } from '../../src/workload/range.ts';
import { statementsOf } from '../../src/workload/statements.ts';
import { sumOf } from '../../src/workload/sums.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';
import { captureNow, handIn } from './capture-now.ts';

interface Raw {
  readonly database: Readonly<Record<string, number>>;
  readonly statements: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly tables: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** By statements of this test's own, not the capture's. */
async function readRaw(sql: postgres.Sql): Promise<Raw> {
  const [database = {}] = await sql.unsafe(`select sum(xact_commit + xact_rollback)::float8 as transactions,
    sum(tup_inserted)::float8 as inserted, sum(tup_updated)::float8 as updated, sum(tup_deleted)::float8 as deleted,
    sum(temp_bytes)::float8 as temp, sum(blks_hit)::float8 as hit, sum(blks_read)::float8 as read,
    sum(active_time) as active from pg_stat_database`);
  const statements =
    await sql.unsafe(`select regexp_replace(query, '\\s+', ' ', 'g') as query, sum(calls)::float8 as calls,
    sum(total_exec_time + total_plan_time) / 1000 as seconds, sum(rows)::float8 as rows,
    sum(temp_blks_written)::float8 * 8192 as temp, sum(shared_blks_hit + shared_blks_read)::float8 * 8192 as gets
    from pg_stat_statements where toplevel group by 1`);
  const tables =
    await sql.unsafe(`select relname, seq_scan::float8 as seq_scan, coalesce(idx_scan, 0)::float8 as idx_scan,
    n_tup_ins::float8 as n_tup_ins, n_tup_upd::float8 as n_tup_upd, n_tup_del::float8 as n_tup_del from pg_stat_user_tables`);
  const by = (rows: readonly postgres.Row[], key: string) =>
    new Map(rows.map(({ [key]: name, ...rest }) => [String(name), rest as Record<string, number>]));
  return {
    database: database as Record<string, number>,
    statements: by(statements, 'query'),
    tables: by(tables, 'relname'),
  };
}

const WORK = [
  'insert into orders select n, n % 7 from generate_series(1, 4000) n',
  'update orders set kind = kind + 1 where id <= 500',
  'delete from orders where id > 3900',
  'select count(*) from (select md5(g::text) as m from generate_series(1, 60000) g order by m offset 0) as sorted, orders where id = 1',
  'select count(*) from orders where kind = 3',
  'select kind from orders where id = 42',
];
const REPEATED = 7;

describe.each(watchableServers())('$name', ({ bin }) => {
  let server: WatchedServer;
  let range: Range;
  let facts: WorkloadFacts;
  let outer: readonly [Raw, Raw];
  let inner: readonly [Raw, Raw];

  beforeAll(async () => {
    server = await startWatchedServer(bin, [
      "work_mem = '256kB'",
      'autovacuum = off',
      'max_parallel_workers_per_gather = 0',
    ]);
    const { sql } = server;
    const reader = server.connect();
    await sql.unsafe('create table orders (id int primary key, kind int)');
    await sql.unsafe('create table untouched as select 1 as n');
    await handIn(server);
    const texts = new Map<string, ServerText>();
    const before = await readRaw(reader);
    const start = await captureNow(server, texts);
    const began = await readRaw(reader);
    for (const [index, text] of WORK.entries()) {
      for (let turn = 0; turn < (index < 3 ? 1 : REPEATED); turn += 1) await sql.unsafe(text);
    }
    await handIn(server);
    const ended = await readRaw(reader);
    const end = await captureNow(server, texts);
    const after = await readRaw(reader);
    await reader.end();
    [outer, inner, range] = [[before, after], [began, ended], rangeOf([start, end])];
    const rest = { minutes: [], trend: [], baseline: null, locale: 'en', timeZone: 'UTC' } as const;
    facts = { cluster: { name: 'shop', engine: 'postgres' }, range, texts, ...rest };
  }, 120_000);

  afterAll(() => server.remove());

  const grown = ([a, b]: readonly [Raw, Raw], name: string): number =>
    Number(b.database[name]) - Number(a.database[name]);

  test('the database’s figures are those that the raw view grew by', () => {
    const database = range.table('database');
    const sum = (...columns: readonly string[]): number =>
      columns.reduce((total, column) => total + (sumOf(database, column) ?? Number.NaN), 0);
    expect(sum('tup_inserted')).toBe(grown(outer, 'inserted'));
    expect(sum('tup_inserted')).toBe(4000);
    expect(sum('tup_updated')).toBe(grown(outer, 'updated'));
    expect(sum('tup_deleted')).toBe(100);
    expect(sum('temp_bytes')).toBe(grown(outer, 'temp'));
    expect(sum('temp_bytes')).toBeGreaterThan(0);
    // The capture works too: what it reads lies between what was seen just inside and just outside of the range.
    for (const [name, value] of [
      ['transactions', sum('xact_commit', 'xact_rollback')],
      ['hit', sum('blks_hit')],
      ['read', sum('blks_read')],
      ['active', sum('active_time')],
    ] as const) {
      expect(value, name).toBeGreaterThanOrEqual(grown(inner, name) - 1e-6);
      expect(value, name).toBeLessThanOrEqual(grown(outer, name) + 1e-6);
    }
  });

  test('the statements’ figures are those that pg_stat_statements grew by', () => {
    const { outer: statements } = statementsOf(facts);
    const [a, b] = inner;
    let compared = 0;
    for (const [text, now] of b.statements) {
      if (!/\borders\b/.test(text) || /pg_stat/.test(text)) continue;
      const was = a.statements.get(text);
      const calls = Number(now.calls) - Number(was?.calls ?? 0);
      if (calls === 0) continue;
      const ours = statements.filter(({ queryId }) => statementText(facts, queryId) === text.trim());
      const sum = (of: (one: (typeof ours)[number]) => number): number =>
        ours.reduce((total, one) => total + of(one), 0);
      expect(
        sum((one) => one.calls),
        text,
      ).toBe(calls);
      expect(
        sum((one) => one.rows),
        text,
      ).toBe(Number(now.rows) - Number(was?.rows ?? 0));
      expect(
        sum((one) => one.seconds),
        text,
      ).toBeCloseTo(Number(now.seconds) - Number(was?.seconds ?? 0), 9);
      expect(
        sum((one) => one.tempWritten),
        text,
      ).toBe(Number(now.temp) - Number(was?.temp ?? 0));
      expect(
        sum((one) => one.hit + one.read),
        text,
      ).toBe(Number(now.gets) - Number(was?.gets ?? 0));
      compared += 1;
    }
    expect(compared).toBe(WORK.length);
  });

  test('the top statement is the one that took longest by the raw view', () => {
    const [a, b] = inner;
    const [longest] = [...b.statements]
      .map(([text, now]) => ({ text, seconds: Number(now.seconds) - Number(a.statements.get(text)?.seconds ?? 0) }))
      .sort((one, other) => other.seconds - one.seconds);
    const [ours] = statementsOf(facts).outer.toSorted((one, other) => other.seconds - one.seconds);
    expect(statementText(facts, ours?.queryId ?? '')).toBe(longest?.text.trim());
  });

  test('the tables’ figures are those that pg_stat_user_tables grew by', () => {
    const [a, b] = outer;
    const table = range.table('tables');
    for (const name of ['orders', 'untouched']) {
      const row = table.rows.find((one) => table.last(one, 'relname') === name);
      for (const column of ['seq_scan', 'idx_scan', 'n_tup_ins', 'n_tup_upd', 'n_tup_del']) {
        const expected = Number(b.tables.get(name)?.[column]) - Number(a.tables.get(name)?.[column]);
        expect(row && (table.delta(row, column) ?? 0), `${name}.${column}`).toBe(expected);
      }
    }
    expect(b.tables.get('orders')?.n_tup_ins).toBe(4000);
  });
});
