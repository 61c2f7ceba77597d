import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerText } from '../../src/rows/snapshot.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { indexesOf } from '../../src/workload/indexes.ts';
import { rangeOf } from '../../src/workload/range.ts';
import { walFiguresOf } from '../../src/workload/wal.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';
import { captureNow, handIn } from './capture-now.ts';
import { blocksOf, linesOf } from './printed.ts';

/** The load profile's measures as they are printed, each by a statement of this test's own. */
const MEASURES: Readonly<Record<string, string>> = {
  'Database time, s': 'select sum(active_time) / 1000 from pg_stat_database',
  Transactions: 'select sum(xact_commit + xact_rollback) from pg_stat_database',
  Rollbacks: 'select sum(xact_rollback) from pg_stat_database',
  Statements: 'select sum(calls) from pg_stat_statements where toplevel',
  'Rows of statements': 'select sum(rows) from pg_stat_statements where toplevel',
  'Rows inserted': 'select sum(tup_inserted) from pg_stat_database',
  'Rows updated': 'select sum(tup_updated) from pg_stat_database',
  'Rows deleted': 'select sum(tup_deleted) from pg_stat_database',
  'Blocks found in shared buffers': 'select sum(blks_hit) from pg_stat_database',
  'Blocks read': 'select sum(blks_read) from pg_stat_database',
  'Read, MB': "select sum(blks_read) * current_setting('block_size')::int / 1e6 from pg_stat_database",
  'WAL, MB': 'select wal_bytes / 1e6 from pg_stat_wal',
  'WAL records': 'select wal_records from pg_stat_wal',
  'Full page images': 'select wal_fpi from pg_stat_wal',
  'Temporary files, MB': 'select sum(temp_bytes) / 1e6 from pg_stat_database',
  'Sessions opened': 'select sum(sessions) from pg_stat_database',
  Deadlocks: 'select sum(deadlocks) from pg_stat_database',
};

interface Raw {
  readonly at: number;
  readonly measures: Readonly<Record<string, number>>;
  readonly index: Readonly<Record<string, number>>;
}

async function readRaw(sql: postgres.Sql): Promise<Raw> {
  const fields = Object.values(MEASURES).map((text, index) => `(${text})::float8 as m${index}`);
  const [row] = await sql.unsafe<Record<string, number>[]>(
    `select extract(epoch from clock_timestamp())::float8 as at, ${fields.join(', ')}`,
  );
  const [index = {}] = await sql.unsafe(
    `select i.idx_scan::float8 as scans, i.idx_tup_read::float8 as read, i.idx_tup_fetch::float8 as fetched,
      (o.idx_blks_hit + o.idx_blks_read)::float8 as blocks
    from pg_stat_user_indexes i join pg_statio_user_indexes o using (indexrelid) where i.indexrelname = 'orders_kind'`,
  );
  const measures = Object.keys(MEASURES).map((name, at) => [name, Number(row?.[`m${at}`])] as const);
  return { at: Number(row?.at), measures: Object.fromEntries(measures), index: index as Record<string, number> };
}

const WORK = [
  'insert into orders select n, n % 70 from generate_series(1, 30000) n',
  'update orders set kind = kind + 1 where id <= 5000',
  'delete from orders where id > 29000',
  'select count(*) from (select md5(g::text) as m from generate_series(1, 200000) g order by m offset 1) sorted',
  ...Array.from({ length: 40 }, (_, kind) => `select count(id) from orders where kind = ${kind}`),
];

/** A printed figure: whole from 100, three digits below. */
const numberOf = (text: unknown): number => Number(String(text).replaceAll(',', '').replace(/^< .*/, '0'));
const ROUNDING = 0.006;

describe.each(watchableServers())('$name', ({ bin }) => {
  let server: WatchedServer;
  let facts: WorkloadFacts;
  /** Read just outside of the two snapshots, and just inside: the capture works too, so that figures lie between. */
  let outer: readonly [Raw, Raw];
  let inner: readonly [Raw, Raw];

  beforeAll(async () => {
    server = await startWatchedServer(bin, ["work_mem = '256kB'", 'autovacuum = off', 'enable_seqscan = off']);
    const reader = server.connect();
    await server.sql.unsafe('create table orders (id int primary key, kind int)');
    await server.sql.unsafe('create index orders_kind on orders (kind)');
    await handIn(server);
    const texts = new Map<string, ServerText>();
    const before = await readRaw(reader);
    const start = await captureNow(server, texts);
    const began = await readRaw(reader);
    for (const text of WORK) await server.sql.unsafe(text);
    await expect(server.sql.unsafe('select 1 / 0')).rejects.toThrow('division by zero');
    await handIn(server);
    const ended = await readRaw(reader);
    const end = await captureNow(server, texts);
    const after = await readRaw(reader);
    await reader.end();
    [outer, inner] = [
      [before, after],
      [began, ended],
    ];
    const rest = { minutes: [], trend: [], baseline: null, locale: 'en', timeZone: 'UTC' } as const;
    facts = { cluster: { name: 'shop', engine: 'postgres' }, range: rangeOf([start, end]), texts, ...rest };
  }, 120_000);

  afterAll(() => server.remove());

  const grown = ([a, b]: readonly [Raw, Raw], name: string): number =>
    (b.measures[name] ?? Number.NaN) - (a.measures[name] ?? Number.NaN);

  test('the load profile prints what the raw views grew by, per second and per transaction too', () => {
    const lines = linesOf(blocksOf(facts, 'load-profile'), 'load-profile');
    expect(lines.map(({ measure }) => measure)).toEqual(Object.keys(MEASURES));
    const seconds = [inner[1].at - inner[0].at, outer[1].at - outer[0].at] as const;
    const transactions = [grown(inner, 'Transactions'), grown(outer, 'Transactions')] as const;
    for (const line of lines) {
      const name = String(line.measure);
      const [least, most] = [grown(inner, name), grown(outer, name)];
      const between = (value: number, low: number, high: number, what: string): void => {
        expect(value, `${name} ${what}`).toBeGreaterThanOrEqual(low * (1 - ROUNDING) - 0.001);
        expect(value, `${name} ${what}`).toBeLessThanOrEqual(high * (1 + ROUNDING) + 0.001);
      };
      between(numberOf(line.total), least, most, 'in total');
      between(numberOf(line.second), least / seconds[1], most / seconds[0], 'per second');
      if (name === 'Transactions') continue;
      between(numberOf(line.transaction), least / transactions[1], most / transactions[0], 'per transaction');
    }
    const total = (name: string) => lines.find(({ measure }) => measure === name)?.total;
    expect([total('Rows inserted'), total('Rows updated'), total('Rows deleted')]).toEqual([
      '30,000',
      '5,000',
      '1,000',
    ]);
    expect(numberOf(total('Rollbacks'))).toBe(1);
  });

  test('an index’s figures are those that its raw views grew by', () => {
    const ours = indexesOf(facts).find(({ name }) => name === 'orders_kind');
    const by = (name: string): number => Number(outer[1].index[name]) - Number(outer[0].index[name]);
    expect(ours).toMatchObject({
      ...{ scans: by('scans'), rowsRead: by('read'), rowsFetched: by('fetched'), blocksFetched: by('blocks') },
    });
    expect(ours?.scans).toBe(40);
  });

  test('WAL is what pg_stat_wal grew by', () => {
    const { bytes, records, images } = walFiguresOf(facts.range);
    // Whole bytes: a difference of two megabyte figures has a last binary digit of its own.
    const inBytes = (raw: readonly [Raw, Raw]): number => Math.round(grown(raw, 'WAL, MB') * 1e6);
    expect(bytes, 'WAL bytes').toBeGreaterThanOrEqual(inBytes(inner));
    expect(bytes, 'WAL bytes').toBeLessThanOrEqual(inBytes(outer));
    for (const [name, value] of [
      ['WAL records', records],
      ['Full page images', images],
    ] as const) {
      expect(value, name).toBeGreaterThanOrEqual(grown(inner, name));
      expect(value, name).toBeLessThanOrEqual(grown(outer, name));
    }
    expect(records).toBeGreaterThan(30_000);
  });
});
