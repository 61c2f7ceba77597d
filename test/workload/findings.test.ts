import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SampledBlocker, SampleGroup, SampleMinute } from '../../src/rows/session-samples.ts';
import { FINDING_RULES, findingsOf } from '../../src/workload/findings.ts';
import { workloadReport } from '../../src/workload/report.ts';
import type { Severity } from '../../src/workload/section.ts';
import { type Built, type BuiltRow, type BuiltViews, builtFacts, START } from './built-facts.ts';
import { blocksOf, linesOf } from './printed.ts';

const GB = 1e9;

/** A database that worked for so many seconds. */
const worked = (seconds: number, more: BuiltRow = {}): BuiltViews => ({
  database: [
    {
      ...{ datid: 5, datname: 'app', active_time: seconds * 1000, numbackends: 3, xact_commit: 1000, xact_rollback: 0 },
      ...{ blks_hit: 1000, blks_read: 0, tup_inserted: 0, tup_updated: 0, tup_deleted: 0, temp_bytes: 0, deadlocks: 0 },
      ...{ blk_read_time: 0, checksum_failures: 0, xid_age: 100, mxid_age: 1, idle_in_transaction_time: 0 },
      ...more,
    },
  ],
});
const idle = worked(0, { xact_commit: 0, blks_hit: 0 });

const statement = (queryid: string, calls: number, seconds: number, more: BuiltRow = {}): BuiltRow => ({
  ...{ userid: 10, dbid: 5, queryid, toplevel: true, calls, rows: calls, total_exec_time: seconds * 1000 },
  ...{ total_plan_time: 0, temp_blks_written: 0, shared_blks_hit: calls, shared_blks_read: 0, stddev_exec_time: 0 },
  ...more,
});

const table = (more: BuiltRow = {}): BuiltRow => ({
  ...{
    relid: 20,
    schemaname: 'public',
    relname: 'orders',
    relkind: 'r',
    relpages: 20_000,
    reltuples: 1e6,
    relfilenode: 20,
  },
  ...{ seq_scan: 0, seq_tup_read: 0, idx_scan: 0, n_tup_ins: 0, n_tup_upd: 0, n_tup_del: 0, n_tup_hot_upd: 0 },
  ...{ n_live_tup: 1e6, n_dead_tup: 0, last_autovacuum: null, reloptions: null, toastrelid: 0 },
  ...more,
});

const index = (indexrelid: number, indexrelname: string, more: BuiltRow = {}): BuiltRow => ({
  ...{ indexrelid, relid: 20, schemaname: 'public', indexrelname, amname: 'btree', relpages: 10_000, reltuples: 1e6 },
  ...{ indisunique: false, indisprimary: false, indisexclusion: false, indisvalid: true, indisready: true },
  ...{ indisreplident: false, indkey: '2', indclass: '1', indoption: '0', indcollation: '0', contype: null },
  ...{ is_partial: false, is_expression: false, indnkeyatts: 1, idx_scan: 0, last_idx_scan: null },
  ...more,
});

const group = (more: Partial<SampleGroup>): SampleGroup => ({
  ...{ database: 'app', user: 'shop', queryId: null, state: 'active', waitClass: 'CPU', waitEvent: null },
  ...{ backend: 'client backend', seconds: 0, sessionsMax: 1, transactionSecondsMax: 0, stateSecondsMax: 0 },
  ...more,
});

const minute = (groups: readonly SampleGroup[], blockers: readonly SampledBlocker[] = []): readonly SampleMinute[] => [
  { minute: START, samples: 60, covered: 60, groups, blockers },
];

const blocker = (more: Partial<SampledBlocker>): SampledBlocker => ({
  ...{ pid: 7, state: 'idle in transaction', transactionSeconds: 20, lockType: 'transactionid', mode: 'ShareLock' },
  ...{ relation: null, database: 'app', user: 'batch', queryId: '99', waiterQueryIds: ['98'], blockedSeconds: 40 },
  ...{ longestWaitSeconds: 10, ...more },
});

interface Case {
  readonly id: string;
  readonly severity: Severity;
  readonly subject: string | null;
  readonly fires: Built;
  /** Just below the threshold, or stopped by a guard. */
  readonly holds: readonly Built[];
}

const views = (...all: readonly BuiltViews[]): BuiltViews => Object.assign({}, ...all);
const text = { '11': 'select * from orders where customer = $1', '99': 'update queue set state = $1' };
const one = (seconds: number, calls = 100, more: BuiltRow = {}): BuiltViews => ({
  statements: [statement('11', calls, seconds, more)],
});
/** A statement among small ones. */
const among = (seconds: number): BuiltViews => ({
  statements: [statement('11', 100, seconds), ...['12', '13', '14'].map((id) => statement(id, 10, 59))],
});
const before = views(idle, { statements: [] });
const tables = (was: BuiltRow, is: BuiltRow): Pick<Built, 'before' | 'after'> => ({
  before: views(idle, { tables: [table(was)] }),
  after: views(worked(20), { tables: [table(is)] }),
});
const indexes = (was: readonly BuiltRow[], is: readonly BuiltRow[], changes = 20_000): Built => ({
  before: views(idle, { tables: [table()], indexes: was }),
  after: views(worked(20), { tables: [table({ n_tup_upd: changes })], indexes: is }),
});
const set = (settings: Readonly<Record<string, string>>, major = 18): Built => ({
  before: idle,
  after: worked(20),
  settings,
  major,
});
const of = (view: string, was: readonly BuiltRow[], is: readonly BuiltRow[], more: Built = {}): Built => ({
  before: views(idle, { [view]: was }),
  after: views(worked(20), { [view]: is }),
  ...more,
});
const ios = (is: BuiltRow): Built => {
  const zero = { reads: 0, read_time: 0, writes: 0, fsyncs: 0, fsync_time: 0 };
  const key = { backend_type: 'client backend', object: 'relation', context: 'normal' };
  return of('io', [{ ...key, ...zero }], [{ ...key, ...zero, ...is }]);
};
const compared = (calls: number, mean: number, blocks: number): Built => ({
  before,
  after: views(
    worked(100),
    one(calls * mean, calls, { rows: calls, shared_blks_hit: calls * blocks, stddev_exec_time: 5 }),
  ),
  baseline: {
    before,
    after: views(
      worked(10),
      one(calls * 0.01, calls, { rows: calls, shared_blks_hit: calls * 10, stddev_exec_time: 5 }),
    ),
  },
  texts: text,
});

const CASES: readonly Case[] = [
  {
    id: 'SQL-DOMINANT',
    severity: 2,
    subject: '0000000b',
    fires: { before, after: views(worked(600), among(150)), texts: text },
    holds: [
      { before, after: views(worked(601), among(150)) },
      { before, after: views(worked(100), one(59)) },
      // Statements explain less than half of it.
      { before, after: views(worked(600), one(150)) },
    ].map((built) => ({ ...built, seconds: 600 })),
  },
  {
    id: 'SQL-CHATTY',
    severity: 3,
    subject: '0000000b',
    fires: { before, after: views(worked(300), one(40, 300_000)), texts: text },
    holds: [
      { before, after: views(worked(300), one(40, 299_000)) },
      { before, after: views(worked(3000), one(40, 300_000)) },
      { before, after: views(worked(20), one(5, 10_000)), seconds: 10 },
    ],
  },
  {
    id: 'TEMP-SPILL',
    severity: 2,
    subject: '0000000b',
    fires: { before, after: views(worked(20), one(5, 10, { temp_blks_written: GB / 8192 + 1 })), texts: text },
    holds: [
      { before, after: views(worked(100), one(5, 10, { temp_blks_written: GB / 8192 - 1 })), texts: text },
      {
        before,
        after: views(worked(20), one(5, 10, { temp_blks_written: GB / 8192 + 1 })),
        texts: { '11': 'create index on orders (customer)' },
      },
    ],
  },
  {
    id: 'JIT-OVERHEAD',
    severity: 3,
    subject: '0000000b',
    fires: { before, after: views(worked(200), one(150, 10, { jit_generation_time: 30_000 })), texts: text },
    holds: [{ before, after: views(worked(200), one(150, 10, { jit_generation_time: 29_000 })) }],
  },
  {
    id: 'PLAN-HEAVY',
    severity: 3,
    subject: '0000000b',
    fires: { before, after: views(worked(200), one(29, 10, { total_plan_time: 30_000 })), texts: text },
    holds: [{ before, after: views(worked(200), one(31, 10, { total_plan_time: 30_000 })) }],
  },
  {
    id: 'SEQ-BIG',
    severity: 2,
    subject: 'public.orders',
    fires: { ...tables({}, { seq_scan: 10, seq_tup_read: 1e7 }), texts: text },
    holds: [
      tables({}, { seq_scan: 9, seq_tup_read: 1e7 }),
      tables({}, { seq_scan: 10, seq_tup_read: 4e6 }),
      tables({ relpages: 9000 }, { relpages: 9000, seq_scan: 10, seq_tup_read: 1e7 }),
    ],
  },
  {
    id: 'VAC-STARVED',
    severity: 2,
    subject: 'public.orders',
    fires: tables({ n_dead_tup: 401_000 }, { n_dead_tup: 500_000 }),
    holds: [
      tables({ n_dead_tup: 400_000 }, { n_dead_tup: 500_000 }),
      tables({ n_dead_tup: 500_000 }, { n_dead_tup: 390_000 }),
      tables({ n_dead_tup: 500_000 }, { n_dead_tup: 500_000, last_autovacuum: START - 3_600_000 }),
      tables({ n_dead_tup: 500_000 }, { n_dead_tup: 500_000, reloptions: '{autovacuum_vacuum_scale_factor=0.5}' }),
      tables({}, { n_dead_tup: 390_000, reloptions: '{autovacuum_enabled=false}' }),
    ],
  },
  {
    id: 'BLOAT-SIGN',
    severity: 3,
    subject: 'public.orders',
    fires: tables({}, { n_dead_tup: 300_000, last_autovacuum: START }),
    holds: [
      tables({}, { n_dead_tup: 200_000, last_autovacuum: START }),
      tables({}, { n_dead_tup: 300_000, last_autovacuum: START, relfilenode: 21 }),
      // A reset forgets how many rows there are.
      tables({ n_tup_ins: 5 }, { n_live_tup: 0, n_dead_tup: 10, last_autovacuum: START }),
      tables({ n_live_tup: 0 }, { n_live_tup: 0, n_dead_tup: 0 }),
    ],
  },
  {
    id: 'IDX-UNUSED',
    severity: 3,
    subject: 'public.orders_note',
    fires: indexes([index(30, 'orders_note')], [index(30, 'orders_note')]),
    holds: [
      indexes([index(30, 'orders_note')], [index(30, 'orders_note')], 9000),
      indexes([index(30, 'orders_note')], [index(30, 'orders_note', { idx_scan: 1 })]),
      indexes([index(30, 'u', { indisunique: true })], [index(30, 'u', { indisunique: true })]),
      indexes([], [index(30, 'orders_note')]),
    ],
  },
  {
    id: 'IDX-DUPLICATE',
    severity: 3,
    subject: 'public.second',
    fires: indexes([], [index(30, 'first', { idx_scan: 5 }), index(31, 'second', { idx_scan: 5 })], 0),
    holds: [
      indexes([], [index(30, 'first'), index(31, 'second', { indkey: '3' })], 0),
      indexes([], [index(30, 'first'), index(31, 'second', { indoption: '3' })], 0),
      indexes([], [index(30, 'a', { is_partial: true }), index(31, 'b', { is_partial: true })], 0),
    ],
  },
  {
    id: 'IDX-INVALID',
    severity: 2,
    subject: 'public.broken',
    fires: indexes([index(30, 'broken', { indisvalid: false })], [index(30, 'broken', { indisvalid: false })], 0),
    holds: [indexes([], [index(30, 'broken', { indisvalid: false })], 0)],
  },
  {
    id: 'CACHE-LOW',
    severity: 2,
    subject: null,
    fires: { before: idle, after: worked(100, { blks_hit: 1e6, blks_read: 1.6e6, blk_read_time: 1.6e6 * 0.2 }) },
    holds: [
      { before: idle, after: worked(100, { blks_hit: 1e6, blks_read: 1.4e6, blk_read_time: 1.4e6 * 0.2 }) },
      { before: idle, after: worked(100, { blks_hit: 1e6, blks_read: 1.6e6, blk_read_time: 1.6e6 * 0.05 }) },
      { before: idle, after: worked(100, { blks_hit: 3e7, blks_read: 1.6e6, blk_read_time: 1.6e6 * 0.2 }) },
    ],
  },
  {
    id: 'IO-SLOW',
    severity: 2,
    subject: 'client backend',
    fires: ios({ reads: 10_000, read_time: 100_000 }),
    holds: [ios({ reads: 9999, read_time: 100_000 }), ios({ reads: 10_001, read_time: 100_000 })],
  },
  {
    id: 'BACKEND-WRITE',
    severity: 3,
    subject: null,
    fires: of(
      'bgwriter',
      [{ buffers_backend: 0, buffers_checkpoint: 0, buffers_clean: 0, buffers_backend_fsync: 0 }],
      [{ buffers_backend: 50_000, buffers_checkpoint: 50_000, buffers_clean: 0, buffers_backend_fsync: 0 }],
      { major: 15 },
    ),
    holds: [
      of(
        'bgwriter',
        [{ buffers_backend: 0, buffers_checkpoint: 0, buffers_clean: 0, buffers_backend_fsync: 0 }],
        [{ buffers_backend: 49_000, buffers_checkpoint: 51_000, buffers_clean: 0, buffers_backend_fsync: 0 }],
        { major: 15 },
      ),
      ios({ writes: 99_999 }),
    ],
  },
  {
    id: 'BACKEND-FSYNC',
    severity: 1,
    subject: null,
    fires: ios({ fsyncs: 1 }),
    holds: [ios({ fsyncs: 0 })],
  },
  {
    id: 'CKPT-FREQ',
    severity: 2,
    subject: 'max_wal_size',
    fires: of('checkpointer', [{ num_timed: 0, num_requested: 0 }], [{ num_timed: 2, num_requested: 2 }]),
    holds: [
      of('checkpointer', [{ num_timed: 0, num_requested: 0 }], [{ num_timed: 3, num_requested: 2 }]),
      of('checkpointer', [{ num_timed: 0, num_requested: 0 }], [{ num_timed: 0, num_requested: 3 }]),
    ],
  },
  {
    id: 'WAL-FPI',
    severity: 3,
    subject: null,
    fires: of('wal', [{ wal_bytes: 0, wal_fpi: 0 }], [{ wal_bytes: 6e8, wal_fpi: 44_000 }]),
    holds: [
      of('wal', [{ wal_bytes: 0, wal_fpi: 0 }], [{ wal_bytes: 6e8, wal_fpi: 43_900 }]),
      of('wal', [{ wal_bytes: 0, wal_fpi: 0 }], [{ wal_bytes: 5.9e8, wal_fpi: 44_000 }]),
    ],
  },
  {
    id: 'ARCHIVE-FAIL',
    severity: 1,
    subject: 'archive_command',
    fires: of(
      'archiver',
      [{ failed_count: 0, ready_files: 0, last_failed_time: null, last_archived_time: START }],
      [{ failed_count: 1, ready_files: 3, last_failed_time: START + 5000, last_archived_time: START }],
    ),
    holds: [
      of(
        'archiver',
        [{ failed_count: 0, ready_files: 0, last_failed_time: null, last_archived_time: START }],
        [{ failed_count: 1, ready_files: 3, last_failed_time: START + 5000, last_archived_time: START + 6000 }],
      ),
      of(
        'archiver',
        [{ failed_count: 0, ready_files: 150, last_failed_time: null, last_archived_time: START }],
        [{ failed_count: 0, ready_files: 150, last_failed_time: null, last_archived_time: START }],
      ),
    ],
  },
  {
    id: 'WRAPAROUND',
    severity: 2,
    subject: 'app',
    fires: { before: idle, after: worked(20, { xid_age: 1e9 }) },
    holds: [{ before: idle, after: worked(20, { xid_age: 0.99e9 }) }],
  },
  {
    id: 'HORIZON',
    severity: 2,
    subject: '4242',
    fires: of(
      'horizon',
      [{ holder: 'session', id: '4242', who: 'etl', state: 'active', xid_age: 9e6 }],
      [{ holder: 'session', id: '4242', who: 'etl', state: 'active', xid_age: 1e7 }],
    ),
    holds: [
      of(
        'horizon',
        [{ holder: 'session', id: '4242', who: 'etl', state: 'active', xid_age: 1e7 }],
        [{ holder: 'session', id: '4242', who: 'etl', state: 'active', xid_age: 1e7 }],
      ),
    ],
  },
  {
    id: 'SEQ-EXHAUST',
    severity: 2,
    subject: 'public.ids',
    fires: of('sequences', [], [sequence(76)]),
    holds: [of('sequences', [], [sequence(75)]), of('sequences', [], [sequence(99, { cycle: true })])],
  },
  {
    id: 'TX-LONG',
    severity: 2,
    subject: 'shop',
    fires: { before: idle, after: worked(20), minutes: minute([group({ transactionSecondsMax: 1800 })]) },
    holds: [
      { before: idle, after: worked(20), minutes: minute([group({ transactionSecondsMax: 1799 })]) },
      {
        before: idle,
        after: worked(20),
        minutes: minute([group({ transactionSecondsMax: 9000, backend: 'walsender' })]),
      },
    ],
  },
  {
    id: 'TX-IDLE',
    severity: 2,
    subject: 'shop',
    fires: { before: idle, after: worked(20), minutes: minute([standing(10, 25)]), seconds: 100 },
    holds: [
      { before: idle, after: worked(20), minutes: minute([standing(9, 90)]), seconds: 100 },
      { before: idle, after: worked(20), minutes: minute([standing(24, 24)]), seconds: 100 },
    ],
  },
  {
    id: 'LOCK-WAIT',
    severity: 2,
    subject: '0000002r',
    fires: {
      before: idle,
      after: worked(100),
      minutes: minute([group({ waitClass: 'Lock', waitEvent: 'transactionid', seconds: 10 })], [blocker({})]),
      texts: text,
    },
    holds: [
      {
        before: idle,
        after: worked(100),
        minutes: minute([group({ waitClass: 'Lock', waitEvent: 'transactionid', seconds: 9 })], [blocker({})]),
      },
      {
        before: idle,
        after: worked(101),
        minutes: minute([group({ waitClass: 'Lock', waitEvent: 'transactionid', seconds: 10 })], [blocker({})]),
      },
    ],
  },
  {
    id: 'DEADLOCK',
    severity: 3,
    subject: 'app',
    fires: { before: idle, after: worked(20, { deadlocks: 1 }) },
    holds: [{ before: idle, after: worked(20) }],
  },
  {
    id: 'CONN-NEAR-MAX',
    severity: 2,
    subject: 'max_connections',
    fires: { before: idle, after: worked(20, { numbackends: 85 }), settings: { max_connections: '100' } },
    holds: [
      { before: idle, after: worked(20, { numbackends: 84 }), settings: { max_connections: '100' } },
      { before: idle, after: worked(20, { numbackends: 85 }) },
    ],
  },
  {
    id: 'ROLLBACK',
    severity: 3,
    subject: 'app',
    fires: { before: idle, after: worked(20, { xact_rollback: 600, tup_inserted: 5 }) },
    holds: [
      { before: idle, after: worked(20, { xact_rollback: 599, tup_inserted: 5 }) },
      { before: idle, after: worked(20, { xact_rollback: 600 }) },
      { before: idle, after: worked(20, { xact_rollback: 600, xact_commit: 5500, tup_inserted: 5 }) },
    ],
  },
  {
    id: 'REPL-LAG',
    severity: 2,
    subject: 'standby1 10.0.0.2',
    fires: of('replication', [], [standby(60, 5)]),
    holds: [of('replication', [], [standby(59, 0.9 * GB)])],
  },
  {
    id: 'SLOT-RETAIN',
    severity: 1,
    subject: 'left',
    fires: of('slots', [], [slot({ retained_bytes: 5 * GB })]),
    holds: [
      of('slots', [], [slot({ retained_bytes: 4.9 * GB })]),
      of('slots', [], [slot({ retained_bytes: 6 * GB, active: true })]),
      of('slots', [], [slot({ retained_bytes: 6 * GB, temporary: true })]),
    ],
  },
  {
    id: 'PGSS-EVICT',
    severity: 3,
    subject: 'pg_stat_statements.max',
    fires: of('stmt_info', [{ dealloc: 3, stats_reset: START - 5 }], [{ dealloc: 4, stats_reset: START - 5 }]),
    holds: [of('stmt_info', [{ dealloc: 3, stats_reset: START - 5 }], [{ dealloc: 3, stats_reset: START - 5 }])],
  },
  {
    id: 'STATS-OFF',
    severity: 2,
    subject: 'track_counts',
    fires: set({ track_counts: 'off' }),
    holds: [set({ track_counts: 'on' })],
  },
  {
    id: 'RISK-DURABILITY',
    severity: 1,
    subject: 'fsync',
    fires: set({ fsync: 'off' }),
    holds: [set({ fsync: 'on', zero_damaged_pages: 'off' })],
  },
  {
    id: 'RISK-AUTOVACUUM',
    severity: 3,
    subject: 'public.orders',
    fires: tables({}, { reloptions: '{autovacuum_enabled=false}' }),
    holds: [
      tables({}, { reloptions: '{autovacuum_enabled=true}' }),
      tables({}, { reloptions: '{autovacuum_enabled=false}', relpages: 999 }),
    ],
  },
  {
    id: 'CHECKSUM',
    severity: 1,
    subject: 'app',
    fires: { before: idle, after: worked(20, { checksum_failures: 1 }) },
    holds: [{ before: idle, after: worked(20, { checksum_failures: null }) }],
  },
  {
    id: 'CRASH',
    severity: 1,
    subject: null,
    fires: {
      before: views(worked(20, { stats_reset: START - 9e6 }), stamps(START - 9e6)),
      after: views(worked(0, { stats_reset: null, xact_commit: 5 }), stamps(START + 60_000)),
    },
    holds: [
      {
        before: views(idle, stamps(START - 9e6)),
        after: views(worked(20), stamps(START - 9e6)),
      },
    ],
  },
  {
    id: 'REGRESSION',
    severity: 2,
    subject: '0000000b',
    fires: compared(1000, 0.016, 10),
    holds: [compared(1000, 0.0149, 10), compared(29, 0.5, 10)],
  },
  {
    id: 'PLAN-CHANGE',
    severity: 2,
    subject: '0000000b',
    fires: compared(1000, 0.031, 31),
    holds: [compared(1000, 0.031, 29), compared(1000, 0.029, 31)],
  },
];

function sequence(last: number, more: BuiltRow = {}): BuiltRow {
  return {
    ...{ schemaname: 'public', sequencename: 'ids', data_type: 'integer', min_value: 1, max_value: 101 },
    ...{ increment_by: 1, cycle: false, last_value: last, ...more },
  };
}

function standing(longest: number, total: number): SampleGroup {
  return group({
    state: 'idle in transaction',
    waitClass: 'Idle in transaction',
    seconds: total,
    stateSecondsMax: longest,
  });
}

function standby(seconds: number, bytes: number): BuiltRow {
  return {
    ...{ pid: 3, application_name: 'standby1', client_addr: '10.0.0.2', state: 'streaming' },
    ...{ replay_lag_s: seconds, replay_behind_bytes: bytes },
  };
}

function slot(more: BuiltRow): BuiltRow {
  return {
    ...{ slot_name: 'left', slot_type: 'logical', temporary: false, active: false, wal_status: 'reserved' },
    ...{ safe_wal_size: null, ...more },
  };
}

function stamps(at: number): BuiltViews {
  return {
    bgwriter: [{ buffers_clean: 0, stats_reset: at }],
    wal: [{ wal_bytes: 0, stats_reset: at }],
    checkpointer: [{ num_timed: 0, num_requested: 0, stats_reset: at }],
    archiver: [{ failed_count: 0, ready_files: 0, stats_reset: at }],
  };
}

const idsOf = (built: Built): readonly string[] => findingsOf(builtFacts(built)).map(({ id }) => id);

describe('every rule', () => {
  test('has a case here', () => {
    expect(CASES.map(({ id }) => id).toSorted()).toEqual(FINDING_RULES.map(({ id }) => id).toSorted());
  });
});

test('docs/workload.md lists the rules and their conditions', () => {
  const [, section = ''] = readFileSync('docs/workload.md', 'utf8').split('## Findings');
  const listed = section.match(/^\| [A-Z]+(?:-[A-Z]+)* \|.*$/gm);
  expect(listed).toEqual(FINDING_RULES.map(({ id, since, condition }) => `| ${id} | ${since ?? ''} | ${condition} |`));
});

describe.each(CASES)('$id', ({ id, severity, subject, fires, holds }) => {
  test('is told at its threshold, and names what it found', () => {
    const found = findingsOf(builtFacts(fires)).find((finding) => finding.id === id);
    expect(found, JSON.stringify(findingsOf(builtFacts(fires)), null, 1)).toMatchObject({ severity, subject });
  });

  test.each(holds)('is not told below it, or where a guard holds (%#)', (built) => {
    expect(idsOf(built)).not.toContain(id);
  });

  test('leads to a place that the report has', () => {
    const facts = builtFacts(fires);
    const places = workloadReport(facts, null).flatMap(({ blocks }) => blocks.map(({ widget }) => widget.id));
    for (const { place } of findingsOf(facts).filter((finding) => finding.id === id)) expect(places).toContain(place);
  });

  test('is said in three languages, with whole figures', () => {
    const said = (['en', 'ru', 'zh'] as const).map((locale) =>
      findingsOf(builtFacts({ ...fires, locale })).filter((finding) => finding.id === id),
    );
    for (const findings of said) {
      expect(findings.length).toBeGreaterThan(0);
      for (const { sentence, advice, impact } of findings) {
        expect(`${sentence} ${advice}`).not.toMatch(/NaN|undefined|Infinity|[{}]|(?<![\w–.])-\d/);
        expect(impact).toBeGreaterThanOrEqual(0);
        expect(impact).toBeLessThanOrEqual(1);
      }
    }
    expect(new Set(said.map(([first]) => first?.sentence)).size).toBe(3);
    expect(new Set(said.map(([first]) => first?.advice)).size).toBe(3);
  });
});

describe('findings', () => {
  test('are none of a server at rest', () => {
    expect(idsOf({ before: idle, after: worked(5) })).toEqual([]);
  });

  test('stand by severity, then by impact', () => {
    const found = findingsOf(
      builtFacts({
        before,
        after: views(worked(1000, { deadlocks: 1, checksum_failures: 2 }), {
          statements: [statement('11', 10, 300), statement('12', 10, 600)],
        }),
      }),
    );
    expect(found.map(({ id, subject }) => [id, subject])).toEqual([
      ['CHECKSUM', 'app'],
      ['SQL-DOMINANT', '0000000c'],
      ['SQL-DOMINANT', '0000000b'],
      ['DEADLOCK', 'app'],
    ]);
  });

  test('a dominant statement of a quiet server is a notice', () => {
    const found = findingsOf(builtFacts({ before, after: views(worked(100), one(80)) }));
    expect(found.map(({ id, severity }) => [id, severity])).toEqual([['SQL-DOMINANT', 3]]);
  });

  describe('an unused index', () => {
    const built = indexes([index(30, 'orders_note')], [index(30, 'orders_note')]);
    const text = 'CREATE INDEX orders_note ON orders USING btree (note)';
    const hour = 3_600_000;
    const saidOf = (seen: number | null, trend: readonly number[], more: Partial<Built> = {}): string => {
      const facts = builtFacts({ ...built, ...more, texts: { '30 orders_note': text } });
      const texts = new Map(
        [...facts.texts].map(([key, one]) => [key, { ...one, ...(seen !== null && { firstSeenAt: new Date(seen) }) }]),
      );
      const found = findingsOf({ ...facts, texts, trend: trend.map((at) => ({ at, metrics: new Map() })) });
      return found.find(({ id }) => id === 'IDX-UNUSED')?.sentence ?? '';
    };

    test('is not called unused for longer than it is known to exist', () => {
      // The server, and with it its statistics, started an hour before the range.
      expect(saidOf(null, [])).toContain('since 5 Jan 2026, 09:00:00, or since it was made if that was later');
      expect(saidOf(START - 2 * hour, [START - 2 * hour])).toContain('since 5 Jan 2026, 09:00:00, while');
      expect(saidOf(START - hour / 2, [START - hour, START - hour / 2])).toContain(
        'since it was first seen on 5 Jan 2026, 09:30:00, while',
      );
      // Nobody looked before.
      expect(saidOf(START - hour / 2, [START - hour / 2, START])).toContain('if that was later');
    });

    test('that was used once is not called never used', () => {
      const used = { last_idx_scan: START - 20 * 24 * hour, idx_scan: 7 };
      const both = indexes([index(30, 'orders_note', used)], [index(30, 'orders_note', used)]);
      expect(saidOf(null, [], both)).toContain('since 16 Dec 2025, 10:00:00, while');
    });
  });

  test('idle time that only counters tell is a notice', () => {
    const found = findingsOf(builtFacts({ before: idle, after: worked(20, { idle_in_transaction_time: 10_000 }) }));
    expect(found).toMatchObject([{ id: 'TX-IDLE', severity: 3, subject: 'app' }]);
  });

  test('dead rows of a table without autovacuum are told at once, with that as their cause', () => {
    const off = tables({}, { n_dead_tup: 401_000, reloptions: '{fillfactor=90,autovacuum_enabled=off}' });
    const found = findingsOf(builtFacts(off)).find(({ id }) => id === 'VAC-STARVED');
    expect(found).toMatchObject({ subject: 'public.orders' });
    expect(found?.sentence).toContain('autovacuum is switched off for it');
  });

  test('a table that is read from end to end is blamed on who read so many blocks, not on who took longest', () => {
    const read = tables({}, { seq_scan: 10, seq_tup_read: 1e7 });
    const texts = {
      '11': 'select note from orders where id = $1',
      '12': 'select count(*) from orders where note = $1',
    };
    const said = (blocks: number): string | undefined =>
      findingsOf(
        builtFacts({
          before: { ...read.before, statements: [] },
          after: {
            ...read.after,
            statements: [
              statement('11', 1e6, 50, { shared_blks_hit: 4e6 }),
              statement('12', 10, 5, { shared_blks_hit: blocks, shared_blks_read: 0 }),
            ],
          },
          texts,
        }),
      ).find(({ id }) => id === 'SEQ-BIG')?.sentence;
    expect(said(10 * 10_000)).toContain('where note = $1');
    // Nobody touched half of the table in a call: the longest is named.
    expect(said(10 * 9999)).toContain('where id = $1');
  });

  test('the list behind SEQ-BIG estimates as the finding does: parallel workers are not passes of their own', () => {
    const facts = builtFacts(tables({}, { seq_scan: 30, seq_tup_read: 1e7 }));
    expect(findingsOf(facts).find(({ id }) => id === 'SEQ-BIG')?.sentence).toContain('from end to end 10 times, 100%');
    const [line] = linesOf(blocksOf(facts, 'tables'), 'tables-sequential');
    expect(line).toMatchObject({ table: 'orders', scans: 30, volume: 10 * 20_000 * 8192, share: 1 });
  });

  test('a session left in a transaction is named with what it ran last', () => {
    const built = {
      ...{ before: idle, after: worked(20), texts: text, seconds: 100 },
      minutes: minute([standing(10, 5), { ...standing(30, 30), queryId: '11' }]),
    };
    const facts = builtFacts(built);
    const [found] = findingsOf(facts);
    // Its text stands at the report's end although no list of statements has it.
    const places = workloadReport(facts, null).flatMap(({ blocks }) => blocks.map(({ widget }) => widget.id));
    expect(places).toContain('sql-0000000b');
    expect(found).toMatchObject({ id: 'TX-IDLE', subject: 'shop' });
    expect(found?.sentence).toMatch(/The last statement was 0000000b: select \* from orders where customer = \$1$/);
  });

  const waited = (blockers: readonly SampledBlocker[]): Built => ({
    ...{ before: idle, after: worked(100), texts: text },
    minutes: minute([group({ waitClass: 'Lock', waitEvent: 'transactionid', seconds: 50 })], blockers),
  });

  test('a wait for a lock says who stood at its root, where, and what it held up', () => {
    const root = { ...blocker({ relation: '20', waiterQueryIds: ['11'] }) };
    const [found] = findingsOf(builtFacts(waited([root])));
    expect(found?.sentence).toMatch(
      /role batch \(idle in transaction\).*; its statement 0000002r: update queue .*\. It held up 0000000b: select/,
    );
    const [unknown] = findingsOf(builtFacts(waited([{ ...root, queryId: null, waiterQueryIds: [] }])));
    expect(unknown).toMatchObject({ id: 'LOCK-WAIT', subject: 'batch' });
    expect(unknown?.sentence).toMatch(/The root blocker was role batch \(idle in transaction\)/);
  });

  test('an idle transaction that LOCK-WAIT names is not told once more', () => {
    const root = blocker({ user: 'shop', queryId: '11' });
    const stood = { ...standing(400, 400), queryId: '11' };
    const built = waited([root]);
    const [first] = built.minutes ?? [];
    const ids = (groups: readonly SampleGroup[]) =>
      idsOf({ ...built, minutes: minute([...(first?.groups ?? []), ...groups], [root]) });
    expect(ids([stood])).toEqual(['LOCK-WAIT']);
    expect(ids([{ ...stood, user: 'batch' }])).toEqual(['LOCK-WAIT', 'TX-IDLE']);
    expect(ids([{ ...stood, queryId: '99' }])).toEqual(['LOCK-WAIT', 'TX-IDLE']);
  });

  test('roots that held up a fifth and 10 s are told beside the first', () => {
    const told = (seconds: number): readonly (string | null)[] =>
      findingsOf(
        builtFacts(waited([blocker({}), blocker({ pid: 8, user: 'shop', queryId: '11', blockedSeconds: seconds })])),
      ).map(({ subject }) => subject);
    expect(told(10)).toEqual(['0000002r', '0000000b']);
    expect(told(9.9)).toEqual(['0000002r']);
  });

  test('bloat also shows as growth without rows, and as updates that are not HOT', () => {
    const grown = tables({ relpages: 15_000 }, { relpages: 18_000 });
    const cold = tables({}, { n_tup_upd: 1e6, n_tup_hot_upd: 3e5 });
    for (const [built, said] of [
      [grown, 'grew by 20%'],
      [cold, 'Only 30%'],
    ] as const) {
      const found = findingsOf(builtFacts(built));
      expect(found).toMatchObject([{ id: 'BLOAT-SIGN', subject: 'public.orders' }]);
      expect(found[0]?.sentence).toContain(said);
    }
    expect(idsOf(tables({ relpages: 15_000 }, { relpages: 17_900 }))).toEqual([]);
    expect(idsOf(tables({}, { n_tup_upd: 1e6, n_tup_hot_upd: 3.1e5 }))).toEqual([]);
  });

  test('rules of newer servers are passed over', () => {
    const jit = CASES.find(({ id }) => id === 'JIT-OVERHEAD')?.fires ?? {};
    expect(idsOf({ ...jit, major: 14 })).not.toContain('JIT-OVERHEAD');
  });

  test('a short range is not taken for a rate', () => {
    const busy = views(worked(20, { xact_rollback: 30, tup_inserted: 5, xact_commit: 30 }));
    expect(idsOf({ before: idle, after: busy, seconds: 10 })).toEqual([]);
    const longer = views(worked(20, { xact_rollback: 60, tup_inserted: 5, xact_commit: 30 }));
    expect(idsOf({ before: idle, after: longer, seconds: 10 })).toEqual(['ROLLBACK']);
  });
});
