import type { Value } from '../../src/rows/rows.ts';
import type { BuiltRow, BuiltViews } from './built-facts.ts';

/** How far the shop's counters are at an instant. */
export interface Moment {
  readonly at: number;
  /** Hours of peak load so far. */
  readonly work: number;
  /** The same of the report statement, which became slower on the second day. */
  readonly slowWork: number;
  readonly hours: number;
  /** Load of the moment, 0 to 1. */
  readonly load: number;
  readonly isAfternoon: boolean;
}

interface Query {
  readonly id: string;
  readonly text: string;
  readonly user: number;
  /** Of an hour of peak load. */
  readonly calls: number;
  readonly ms: number;
  readonly rows: number;
  /** Blocks of a call. */
  readonly hit: number;
  readonly read: number;
  readonly dirtied: number;
  readonly walBytes: number;
  readonly temp: number;
  readonly grows?: 'slowWork' | 'hours';
}

const query = (
  id: string,
  user: number,
  figures: readonly [calls: number, ms: number, rows: number, hit: number, read: number, dirtied: number, wal: number],
  text: string,
  more: Partial<Query> = {},
): Query => {
  const [calls, ms, rows, hit, read, dirtied, walBytes] = figures;
  return { ...{ id, user, calls, ms, rows, hit, read, dirtied, walBytes, temp: 0, text }, ...more };
};

/** The statements of the shop: cart, report, nightly job, stock update, its holder, and smaller ones. */
export const QUERIES: readonly Query[] = [
  query(
    '4611686018427387911',
    101,
    [420_000, 2.4, 6, 38, 0.1, 0, 0],
    'SELECT i.sku, i.name, i.price, c.quantity FROM cart_items c JOIN items i USING (item_id) WHERE c.cart_id = $1',
  ),
  query(
    '-3458764513820540921',
    102,
    [620, 2100, 40, 21_000, 4200, 0, 0],
    'SELECT o.customer_id, count(*), sum(o.total) FROM orders o WHERE o.note LIKE $1 AND o.created_at >= $2 GROUP BY o.customer_id ORDER BY sum(o.total) DESC LIMIT $3',
    { grows: 'slowWork' },
  ),
  query(
    '1152921504606846983',
    103,
    [1.5, 240_000, 2_000_000, 40_000, 90_000, 0, 0],
    'CREATE TEMP TABLE daily_facts AS SELECT * FROM events e JOIN sessions s USING (session_id) ORDER BY e.at',
    { temp: 210_000, grows: 'hours' },
  ),
  query(
    '2305843009213693967',
    101,
    [36_000, 9.5, 1, 14, 0.4, 2.2, 1900],
    'UPDATE stock SET reserved = reserved + $1 WHERE item_id = $2',
  ),
  query(
    '5764607523034234891',
    102,
    [40, 16, 1, 12, 0, 2, 1500],
    'UPDATE stock SET counted = $1, counted_at = now() WHERE item_id = $2',
  ),
  query(
    '-576460752303423501',
    101,
    [52_000, 4.1, 1, 22, 0.6, 4.5, 5200],
    'INSERT INTO orders (customer_id, total, note, created_at) VALUES ($1, $2, $3, $4) RETURNING order_id',
  ),
  query('6917529027641081873', 101, [310_000, 0.31, 1, 4, 0, 0, 0], 'SELECT value FROM settings WHERE name = $1'),
  query(
    '-8070450532247928839',
    101,
    [96_000, 1.7, 24, 30, 0.9, 0, 0],
    'SELECT * FROM items WHERE category_id = $1 ORDER BY rank LIMIT $2',
  ),
  query(
    '3170534137668829199',
    103,
    [240, 190, 900, 5200, 310, 80, 240_000],
    'DELETE FROM sessions WHERE expires_at < $1',
    { grows: 'hours' },
  ),
  query(
    '-1441151880758558727',
    102,
    [900, 84, 120, 2600, 60, 0, 0],
    'SELECT day, sum(revenue) FROM revenue_by_day WHERE day BETWEEN $1 AND $2 GROUP BY day',
  ),
];

function statement(one: Query, moment: Moment): BuiltRow {
  // Calls follow the load; only what a call costs grew with the slower days.
  const calls = Math.round(one.calls * (one.grows === 'hours' ? moment.hours : moment.work));
  const cost = one.grows === 'slowWork' ? moment.slowWork / moment.work : 1;
  const times = calls * cost;
  return {
    ...{ userid: one.user, dbid: 16_384, queryid: one.id, toplevel: true, calls, rows: Math.round(calls * one.rows) },
    ...{ plans: 0, total_plan_time: 0, total_exec_time: times * one.ms, min_exec_time: one.ms / 4 },
    ...{ max_exec_time: one.ms * 9, stddev_exec_time: one.ms * 0.4, shared_blks_hit: Math.round(times * one.hit) },
    ...{ shared_blks_read: Math.round(times * one.read), shared_blks_dirtied: Math.round(calls * one.dirtied) },
    ...{ shared_blks_written: 0, shared_blk_read_time: times * one.read * 0.045, shared_blk_write_time: 0 },
    ...{
      temp_blks_read: calls * one.temp,
      temp_blks_written: calls * one.temp,
      temp_blk_read_time: calls * one.temp * 0.02,
    },
    ...{ temp_blk_write_time: calls * one.temp * 0.03, wal_records: Math.round((calls * one.walBytes) / 120) },
    ...{ wal_fpi: Math.round((calls * one.walBytes) / 40_000), wal_bytes: Math.round(calls * one.walBytes) },
    ...{
      jit_functions: 0,
      jit_generation_time: 0,
      jit_inlining_time: 0,
      jit_optimization_time: 0,
      jit_emission_time: 0,
    },
    ...{ parallel_workers_to_launch: 0, parallel_workers_launched: 0, wal_buffers_full: 0 },
  };
}

const total = (rows: readonly BuiltRow[], column: string): number =>
  rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);

interface TableShape {
  readonly name: string;
  readonly pages: number;
  readonly rows: number;
  /** Of an hour of peak load. */
  readonly changes: readonly [inserted: number, updated: number, deleted: number];
  readonly scans: readonly [sequential: number, index: number];
  readonly dead: number;
  readonly growth: number;
}

const table = (
  name: string,
  [pages, rows, dead, growth]: readonly [number, number, number, number],
  changes: TableShape['changes'],
  scans: TableShape['scans'],
): TableShape => ({ name, pages, rows, dead, growth, changes, scans });

const TABLES: readonly TableShape[] = [
  table('orders', [620_000, 21_000_000, 310_000, 0.02], [52_000, 8_000, 0], [620, 110_000]),
  table('order_items', [910_000, 74_000_000, 90_000, 0.016], [148_000, 0, 0], [0, 240_000]),
  table('stock', [4_200, 96_000, 41_000, 0.001], [0, 36_000, 0], [12, 72_000]),
  table('events', [1_480_000, 190_000_000, 0, 0.031], [610_000, 0, 0], [2, 9_000]),
  table('sessions', [180_000, 2_400_000, 640_000, 0.004], [22_000, 60_000, 21_000], [4, 330_000]),
  table('items', [22_000, 96_000, 1_100, 0.0004], [12, 400, 4], [80, 520_000]),
  table('cart_items', [31_000, 640_000, 52_000, 0.002], [84_000, 31_000, 80_000], [0, 470_000]),
  table('customers', [94_000, 3_100_000, 8_800, 0.0011], [900, 2_400, 0], [1, 150_000]),
  table('settings', [3, 140, 2, 0], [0, 1, 0], [310_000, 0]),
  table('revenue_by_day', [420, 1_900, 30, 0], [24, 300, 0], [900, 200]),
];

function tableRow(one: TableShape, at: number, { work, hours }: Moment): BuiltRow {
  const [inserted, updated, deleted] = one.changes.map((count) => Math.round(count * work));
  const [scans = 0, indexScans = 0] = one.scans.map((count) => Math.round(count * work));
  const size = 1 + (one.growth * hours) / 24;
  return {
    ...{ relid: 16_400 + at * 5, relfilenode: 16_400 + at * 5, schemaname: 'public', relname: one.name, relkind: 'r' },
    ...{
      toastrelid: null,
      toast_of: null,
      relpages: Math.round(one.pages * size),
      reltuples: Math.round(one.rows * size),
    },
    ...{ xid_age: 84_000_000, mxid_age: 1200, reloptions: null, seq_scan: scans, idx_scan: indexScans },
    ...{
      seq_tup_read: scans * one.rows,
      idx_tup_fetch: indexScans * 6,
      n_tup_ins: inserted ?? 0,
      n_tup_upd: updated ?? 0,
    },
    ...{ n_tup_del: deleted ?? 0, n_tup_hot_upd: Math.round((updated ?? 0) * 0.62), n_tup_newpage_upd: 0 },
    ...{
      n_live_tup: Math.round(one.rows * size),
      n_dead_tup: Math.round(one.dead * size),
      n_mod_since_analyze: one.dead,
    },
    ...{
      vacuum_count: 0,
      autovacuum_count: Math.floor(hours / 6),
      analyze_count: 0,
      autoanalyze_count: Math.floor(hours / 5),
    },
    ...{ blks_fetched: scans * Math.min(one.pages, 40_000) + indexScans * 5 },
    blks_hit: Math.round(scans * Math.min(one.pages, 40_000) * 0.86 + indexScans * 4.9),
  };
}

const indexRow = (
  name: string,
  at: number,
  owner: number,
  pages: number,
  scans: number,
  more: BuiltRow = {},
): BuiltRow => ({
  ...{ indexrelid: 17_000 + at, relid: 16_400 + owner * 5, schemaname: 'public', indexrelname: name, amname: 'btree' },
  ...{ relpages: pages, reltuples: pages * 200, indisunique: false, indisprimary: false, indisexclusion: false },
  ...{ indisvalid: true, indisready: true, indisreplident: false, indkey: String(at), indclass: '1', indoption: '0' },
  ...{ indcollation: '0', is_partial: false, is_expression: false, indnkeyatts: 1, contype: null, last_idx_scan: null },
  ...{
    idx_scan: scans,
    idx_tup_read: scans * 8,
    idx_tup_fetch: scans * 6,
    blks_fetched: scans * 4,
    blks_hit: scans * 3.9,
    ...more,
  },
});

const PRIMARY = { indisunique: true, indisprimary: true, contype: 'p' };

function indexRows({ work }: Moment): BuiltRow[] {
  const scans = (count: number): number => Math.round(count * work);
  return [
    indexRow('orders_pkey', 1, 0, 58_000, scans(70_000), PRIMARY),
    indexRow('orders_customer', 2, 0, 61_000, scans(40_000)),
    indexRow('orders_note_old', 3, 0, 44_000, 0),
    indexRow('order_items_pkey', 4, 1, 199_000, scans(240_000), PRIMARY),
    indexRow('stock_pkey', 5, 2, 320, scans(72_000), PRIMARY),
    indexRow('events_at', 6, 3, 260_000, scans(9_000)),
    indexRow('sessions_pkey', 7, 4, 12_000, scans(330_000), PRIMARY),
    indexRow('items_category', 8, 5, 900, scans(96_000)),
    indexRow('customers_mail_new', 9, 7, 9_100, 0, { indisvalid: false }),
  ];
}

const BACKENDS: readonly (readonly [state: string, user: string, share: number])[] = [
  ['active', 'web', 9],
  ['idle', 'web', 46],
  ['idle', 'office', 8],
  ['idle in transaction', 'office', 1],
];

/** All that is counted at one moment. */
export function shopViews(moment: Moment): BuiltViews {
  const { work, hours, load, isAfternoon } = moment;
  const statements = QUERIES.map((one) => statement(one, moment));
  const active = total(statements, 'total_exec_time') * 1.06;
  const [hit, read] = ['shared_blks_hit', 'shared_blks_read'].map((column) => total(statements, column));
  const wal = total(statements, 'wal_bytes');
  const sessions = Math.round(24 + load * 52);
  const database = (datid: number, datname: string, part: number, size: number): BuiltRow => ({
    ...{ datid, datname, active_time: active * part, idle_in_transaction_time: work * 26_000 * part },
    ...{
      session_time: hours * 160_000_000 * part,
      numbackends: Math.round(sessions * part),
      sessions: Math.round(work * 900 * part),
    },
    ...{
      sessions_abandoned: Math.round(work * 3 * part),
      sessions_fatal: 0,
      sessions_killed: isAfternoon && part > 0.5 ? 1 : 0,
    },
    ...{ xact_commit: Math.round(work * 410_000 * part), xact_rollback: Math.round(work * 1_900 * part) },
    ...{
      blks_hit: Math.round((hit ?? 0) * part),
      blks_read: Math.round((read ?? 0) * part),
      deadlocks: isAfternoon && part > 0.5 ? 1 : 0,
    },
    ...{ blk_read_time: (read ?? 0) * 0.045 * part, blk_write_time: 0, tup_returned: Math.round(work * 9e8 * part) },
    ...{ tup_fetched: Math.round(work * 4e7 * part), tup_inserted: Math.round(work * 920_000 * part) },
    ...{ tup_updated: Math.round(work * 138_000 * part), tup_deleted: Math.round(work * 101_000 * part), conflicts: 0 },
    ...{ temp_files: Math.round(hours * 12 * part), temp_bytes: total(statements, 'temp_blks_written') * 8192 * part },
    ...{
      size_bytes: Math.round(size * (1 + hours / 2400)),
      xid_age: 84_000_000 + Math.round(work * 50_000),
      mxid_age: 1200,
    },
    ...{ parallel_workers_to_launch: 0, parallel_workers_launched: 0, checksum_failures: 0, stats_reset: null },
  });
  return {
    database: [
      database(16_384, 'app', 0.94, 41e9),
      database(16_385, 'analytics', 0.05, 9e9),
      database(5, 'postgres', 0.01, 8e6),
    ],
    statements,
    names: names(),
    tables: TABLES.map((one, index) => tableRow(one, index, moment)),
    indexes: indexRows(moment),
    wal: [
      {
        wal_records: Math.round(wal / 110),
        wal_fpi: Math.round(wal / 21_000),
        wal_bytes: Math.round(wal * 1.3),
        wal_buffers_full: 0,
      },
    ],
    wal_dir: [{ files: 64, bytes: 64 * 16_777_216 }],
    checkpointer: [
      {
        ...{ num_timed: Math.floor(hours * 2), num_requested: Math.floor(work * 3.2), restartpoints_done: 0 },
        ...{ write_time: work * 620_000, sync_time: work * 4_100, buffers_written: Math.round(work * 88_000) },
      },
    ],
    bgwriter: [
      {
        buffers_clean: Math.round(work * 21_000),
        maxwritten_clean: Math.round(work * 3),
        buffers_alloc: Math.round((read ?? 0) * 1.1),
      },
    ],
    io: ioRows(moment, read ?? 0),
    activity_counts: BACKENDS.map(([state, usename, share]) => ({
      ...{
        datname: 'app',
        usename,
        backend_type: 'client backend',
        state,
        wait_event_type: 'Client',
        wait_event: 'ClientRead',
      },
      ...{ n: Math.max(1, Math.round(share * load)), max_xact_s: state === 'idle' ? 0 : 2 + load * 40, max_query_s: 1 },
      ...{ max_state_s: 3 + load * 12, max_xmin_age: Math.round(load * 900) },
    })),
    stmt_info: [{ dealloc: 0 }],
    temp_dir: [{ spcid: 1663, spcname: 'pg_default', size_bytes: 50e9, temp_files: 0, temp_bytes: 0 }],
    archiver: [{ archived_count: Math.floor(wal / 16e6), failed_count: 0, ready_files: 0 }],
    slru: [
      {
        name: 'transaction',
        blks_hit: Math.round(work * 900_000),
        blks_read: Math.round(work * 40),
        blks_written: Math.round(work * 22),
        stats_reset: null,
      },
    ],
  };
}

const names = (): BuiltRow[] => {
  const known: readonly (readonly [string, number, string])[] = [
    ...([
      ['role', 10, 'postgres'],
      ['role', 101, 'web'],
      ['role', 102, 'office'],
      ['role', 103, 'jobs'],
    ] as const),
    ...([
      ['database', 16_384, 'app'],
      ['database', 16_385, 'analytics'],
      ['database', 5, 'postgres'],
    ] as const),
  ];
  return known.map(([kind, id, name]): Record<string, Value> => ({ kind, id, name }));
};

function ioRows({ work }: Moment, read: number): BuiltRow[] {
  const row = (backend: string, object: string, context: string, reads: number, writes: number): BuiltRow => ({
    ...{ backend_type: backend, object, context, reads: Math.round(reads), read_time: reads * 0.05 },
    ...{
      writes: Math.round(writes),
      write_time: writes * 0.04,
      extends: Math.round(writes / 9),
      extend_time: writes / 300,
    },
    ...{ hits: Math.round(reads * 11), evictions: Math.round(reads * 0.7), reuses: 0, fsyncs: 0, fsync_time: 0 },
    ...{ read_bytes: Math.round(reads) * 8192, write_bytes: Math.round(writes) * 8192, extend_bytes: 0 },
  });
  return [
    row('client backend', 'relation', 'normal', read * 0.8, work * 24_000),
    row('client backend', 'relation', 'bulkread', read * 0.2, 0),
    row('autovacuum worker', 'relation', 'vacuum', work * 31_000, work * 9_000),
    row('checkpointer', 'relation', 'normal', 0, work * 88_000),
    row('background writer', 'relation', 'normal', 0, work * 21_000),
    row('client backend', 'wal', 'normal', 0, work * 61_000),
  ];
}
