import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { engineOfUrl } from '../../src/engines/engines.ts';
import { createMinuteBook } from '../../src/rows/sample-minutes.ts';
import type { SampleMinute } from '../../src/rows/session-samples.ts';
import type { ServerText } from '../../src/rows/snapshot.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { rangeOf } from '../../src/workload/range.ts';
import { SECTIONS } from '../../src/workload/sections.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';
import { builtFacts } from './built-facts.ts';
import { captureNow, handIn } from './capture-now.ts';
import { blocksOf, type Line, linesOf, textIn } from './printed.ts';

const MINE = SECTIONS.filter(({ chapter }) => chapter === 'objects' || chapter === 'system');

describe.each(watchableServers())('sections of objects and server, $name', ({ bin }) => {
  let server: WatchedServer;
  let facts: WorkloadFacts;
  let raw: readonly Readonly<Record<string, number>>[];

  beforeAll(async () => {
    server = await startWatchedServer(bin, ['autovacuum = off']);
    const { sql } = server;
    await sql.unsafe(`create table orders (id int primary key, kind int, note text);
      insert into orders select n, n % 10, repeat('x', 100) from generate_series(1, 20000) n;
      create index orders_kind on orders (kind);
      create index orders_kind_id on orders (kind, id);
      create table twice (a int);
      insert into twice values (1), (1);
      create table dropped_later (a int)`);
    await sql.unsafe('vacuum analyze orders');
    await sql.unsafe('create unique index concurrently twice_a on twice (a)').catch(() => undefined);
    await handIn(server);
    const texts = new Map<string, ServerText>();
    const first = await ownFigures(server);
    const start = await captureNow(server, texts);
    const minutes = await work(server);
    await handIn(server);
    const last = await ownFigures(server);
    const end = await captureNow(server, texts);
    raw = [first, last];
    const range = rangeOf([start, end]);
    const cluster = { name: 'main', engine: 'postgres' };
    facts = { cluster, range, minutes, texts, trend: [], baseline: null, locale: 'en', timeZone: 'UTC' };
  });

  afterAll(() => server.remove());

  const named = (section: string, id: string, name: string): Line | undefined =>
    linesOf(blocksOf(facts, section), id).find((line) => Object.values(line)[0] === name);
  const grown = (key: string): number => (raw[1]?.[key] ?? 0) - (raw[0]?.[key] ?? 0);

  test('tables: scans, rows and changes are those of the server’s own counters', () => {
    expect(grown('seq_tup_read')).toBeGreaterThanOrEqual(60_000);
    expect(named('tables', 'tables-sequential', 'orders')).toMatchObject({
      scans: grown('seq_scan'),
      rows: grown('seq_tup_read'),
    });
    expect(named('tables', 'tables-changed', 'orders')).toMatchObject({
      inserted: grown('n_tup_ins'),
      updated: grown('n_tup_upd'),
      deleted: grown('n_tup_del'),
      live: raw[1]?.n_live_tup,
    });
    expect(named('tables', 'tables-changed', 'brand_new')).toMatchObject({ inserted: 3000, note: 'new' });
    expect(named('tables', 'tables-largest', 'orders')?.after).toBe(raw[1]?.size);
  });

  test('indexes: used, unused, duplicate and invalid ones', () => {
    const blocks = blocksOf(facts, 'indexes');
    expect(named('indexes', 'indexes-used', 'orders_kind_id')?.scans).toBe(grown('kind_id_scans'));
    expect(linesOf(blocks, 'indexes-unused').map(({ index }) => index)).toContain('orders_kind');
    expect(linesOf(blocks, 'indexes-duplicate')[0]).toMatchObject({
      extra: 'orders_kind',
      kept: 'orders_kind_id',
      how: 'first columns',
    });
    expect(linesOf(blocks, 'indexes-invalid').map(({ index }) => index)).toEqual(['twice_a']);
  });

  test('vacuum: dead rows against the threshold', () => {
    const dead = named('vacuum', 'vacuum-dead', 'orders');
    expect(dead).toMatchObject({ after: raw[1]?.n_dead_tup, live: raw[1]?.n_live_tup });
    expect(textIn(blocksOf(facts, 'vacuum'), 'vacuum')).toContain('Autovacuum is switched off');
    expect(linesOf(blocksOf(facts, 'vacuum'), 'vacuum-age').some(({ database }) => database === 'app')).toBe(true);
  });

  test('databases: rows changed are those of the statements sent', () => {
    const line = named('databases', 'databases-data', 'app');
    expect(line?.inserted).toBeGreaterThanOrEqual(3000);
    expect(line?.updated).toBeGreaterThanOrEqual(2000);
    expect(named('databases', 'databases-size-table', 'app')?.end).toBeGreaterThan(1_000_000);
  });

  test('WAL and checkpoints: one was requested', () => {
    const blocks = blocksOf(facts, 'wal-checkpoints');
    const value = (id: string, label: string) => linesOf(blocks, id).find(({ c0 }) => c0 === label)?.c1;
    expect(value('checkpoints', 'Requested checkpoints')).toBe('1');
    expect(value('checkpoints', 'Timed checkpoints')).toBe('0');
    expect(value('wal-checkpoints', 'WAL written')).toMatch(/^[\d.]+ (kB|MB)$/);
  });

  test('settings: what changed, what is set, and by whom', () => {
    const blocks = blocksOf(facts, 'settings');
    expect(linesOf(blocks, 'settings')).toEqual([
      { name: 'work_mem', before: '4 MB', after: '8 MB', source: 'configuration file' },
    ]);
    expect(named('settings', 'settings-set', 'autovacuum')).toMatchObject({ value: 'off', built: 'on' });
    expect(linesOf(blocks, 'settings-set').map(({ name }) => name)).not.toContain('application_name');
    expect(linesOf(blocks, 'settings-own')).toEqual([
      { role: 'all', database: 'app', setting: 'random_page_cost=1.1', change: 'new' },
    ]);
    expect(named('settings', 'settings-extensions', 'pg_stat_statements')).toMatchObject({ databases: 'app' });
  });

  test('locks: the root blocker, the table, and who waited', () => {
    const [blocker] = linesOf(blocksOf(facts, 'locks'), 'locks-blockers');
    expect(blocker).toMatchObject({ state: 'idle in transaction', relation: 'orders' });
    expect(blocker?.blocked).toBeGreaterThan(0.5);
    expect(linesOf(blocksOf(facts, 'locks'), 'locks-targets')[0]).toMatchObject({
      lock: 'relation',
      mode: expect.stringMatching(/^(Row|Access)ExclusiveLock$/),
      relation: 'orders',
      database: 'app',
    });
  });

  test('locks: who waited behind whom, as a tree', () => {
    const lines = linesOf(blocksOf(facts, 'locks'), 'locks-tree');
    const pids = lines.map(({ session }) => /\d+/.exec(String(session))?.[0]);
    expect(lines.map(({ behind }) => behind)).toEqual(['', pids[0], pids[1]]);
    expect(lines.map(({ session }) => String(session).replace(/\d+/, 'pid'))).toEqual([
      ...['pid postgres', '└ pid postgres', '\u2003└ pid postgres'],
    ]);
    expect(lines.map(({ waits }) => waits)).toEqual([
      expect.stringMatching(/^idle in transaction, open for /),
      'orders, relation RowExclusiveLock',
      'orders, relation AccessExclusiveLock',
    ]);
  });

  test('sessions, SLRU, host, I/O and replication print what this version tells', () => {
    const sessions = linesOf(blocksOf(facts, 'sessions'), 'sessions');
    expect(sessions.find(({ c0 }) => c0 === 'Connections for clients, at most')?.c1).toBe('97');
    expect(linesOf(blocksOf(facts, 'slru'), 'slru').length).toBeGreaterThan(0);
    expect(linesOf(blocksOf(facts, 'host'), 'host-tablespaces')[0]?.name).toBe('pg_default');
    if (server.major >= 16) {
      expect(linesOf(blocksOf(facts, 'io'), 'io-reading').map(({ process }) => process)).toContain('client backend');
    } else expect(textIn(blocksOf(facts, 'io'), 'io')).toContain('does not count I/O');
    expect(textIn(blocksOf(facts, 'replication'), 'archiver')).toContain('archive_mode is off');
  });

  test('all of them in three languages, each with blocks that have a name of their own', () => {
    for (const locale of ['en', 'ru', 'zh'] as const) {
      const blocks = MINE.flatMap((section) => section.blocks({ ...facts, locale }));
      const ids = blocks.map(({ widget }) => widget.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(MINE.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual([]);
      expect(JSON.stringify(blocks)).not.toMatch(/undefined|NaN|Infinity/);
    }
  });
});

test('every section prints something of a server that told nothing, and of one before counters of time', () => {
  const nothing = builtFacts({ major: 13 });
  const database = {
    datid: 5,
    datname: 'app',
    numbackends: 3,
    xact_commit: 10,
    xact_rollback: 0,
    blks_hit: 5,
    blks_read: 0,
  };
  const old = builtFacts({
    major: 13,
    before: { database: [database], bgwriter: [{ checkpoints_timed: 1, checkpoints_req: 0, buffers_backend: 3 }] },
    after: {
      database: [{ ...database, xact_commit: 30 }],
      bgwriter: [{ checkpoints_timed: 3, checkpoints_req: 0, buffers_backend: 9 }],
    },
  });
  for (const facts of [nothing, old]) {
    for (const section of MINE) expect(section.blocks(facts).length, section.id).toBeGreaterThan(0);
  }
  expect(linesOf(blocksOf(old, 'databases'), 'databases')[0]).toMatchObject({ database: 'app', transactions: 20 });
  expect(linesOf(blocksOf(old, 'databases'), 'databases')[0]).not.toHaveProperty('active');
  const checkpoints = linesOf(blocksOf(old, 'wal-checkpoints'), 'checkpoints');
  expect(checkpoints.find(({ c0 }) => c0 === 'Mean interval')?.c1).toBe('300 s');
  expect(linesOf(blocksOf(old, 'wal-checkpoints'), 'wal-checkpoints')[0]).toMatchObject({ c0: 'WAL written', c1: '–' });
  expect(textIn(blocksOf(old, 'locks'), 'locks')).toContain('Sessions were not sampled');
});

/** What the server itself says, by this test's own statement. */
async function ownFigures({ sql }: WatchedServer): Promise<Readonly<Record<string, number>>> {
  const [row = {}] = await sql.unsafe(`select seq_scan::float8 as seq_scan, seq_tup_read::float8 as seq_tup_read,
    n_tup_ins::float8 as n_tup_ins, n_tup_upd::float8 as n_tup_upd, n_tup_del::float8 as n_tup_del,
    n_live_tup::float8 as n_live_tup, n_dead_tup::float8 as n_dead_tup,
    (pg_table_size('orders') - coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0))::float8 as size,
    (select idx_scan::float8 from pg_stat_user_indexes where indexrelname = 'orders_kind_id') as kind_id_scans
    from pg_stat_user_tables join pg_class c on c.oid = relid where c.relname = 'orders'`);
  return row as Record<string, number>;
}

/** Returns when so many sessions stand in the queue for a lock. */
async function sessionsThatWait({ sql }: WatchedServer, count: number): Promise<void> {
  await vi.waitUntil(
    async () => {
      const [row] = await sql.unsafe(`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`);
      return row?.n === count;
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** Some work of each kind, and a session that is idle in a transaction and holds another one up; the samples of it. */
async function work(server: WatchedServer): Promise<readonly SampleMinute[]> {
  const { sql } = server;
  for (let turn = 0; turn < 3; turn += 1) await sql.unsafe(`select count(*) from orders where note like '%y%'`);
  await sql.unsafe('set enable_seqscan = off');
  await sql.unsafe('select count(*) from orders where kind = 3 and id < 500');
  await sql.unsafe('reset enable_seqscan');
  await sql.unsafe('update orders set kind = kind + 1 where id <= 2000');
  await sql.unsafe('delete from orders where id > 19000');
  await sql.unsafe('create table brand_new as select n from generate_series(1, 3000) n');
  await sql.unsafe('drop table dropped_later');
  await sql.unsafe('alter database app set random_page_cost = 1.1');
  await sql.unsafe(`alter system set work_mem = '8MB'`);
  await sql.unsafe('select pg_reload_conf()');
  await sql.unsafe('checkpoint');
  const [holder, waiter, second] = [server.connect(), server.connect(), server.connect()];
  const hold = await holder.reserve();
  await hold.unsafe('begin');
  await hold.unsafe('lock table orders in share mode');
  const waiting = waiter.unsafe('update orders set kind = 0 where id = 1').execute();
  await sessionsThatWait(server, 1);
  const behind = second.unsafe('begin; lock table orders in access exclusive mode; commit').execute();
  await sessionsThatWait(server, 2);
  const sampler = await engineOfUrl(server.url).watch?.(server.url).openSampler(AbortSignal.timeout(20_000));
  const book = createMinuteBook();
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    const sample = await sampler?.sample(true, AbortSignal.timeout(5000));
    if (sample !== undefined) book.add(sample);
  }
  sampler?.close();
  await hold.unsafe('commit');
  await Promise.all([waiting, behind]);
  await waiter.unsafe('select pg_stat_force_next_flush()');
  await waiter.unsafe('select 1');
  hold.release();
  await Promise.all([holder.end(), waiter.end(), second.end()]);
  return book.take();
}
