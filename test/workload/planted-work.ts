import type { WatchedServer } from '../harness/watched-server.ts';

type Sql = WatchedServer['sql'];

/** Sessions of planted work on one server. */
export interface Workers {
  /** Run `work` on a connection of its own that ends with it. */
  session(role: string, work: (sql: Sql) => Promise<unknown>): Promise<void>;
  /**
   * A transaction that runs a statement and stays open until the other work is done and the sessions were looked at often
   * enough. What cannot end before it begins after the statement, by `then`.
   */
  holdOpen(role: string, text: string, then?: () => readonly Promise<void>[]): Promise<void>;
}

/** Work of one kind on a real server, good or bad. */
export interface Plant {
  readonly name: string;
  readonly prepare?: readonly string[];
  /** A fixed amount: it ends by itself. */
  readonly work?: (workers: Workers) => readonly Promise<void>[];
  /** Transactions that are held open. */
  readonly hold?: (workers: Workers) => Promise<void>;
  /** How often the sessions are looked at meanwhile, about once a second. */
  readonly looks?: number;
  readonly remove?: readonly string[];
  /** Findings that must name it: id, what they name, and what is in their sentence. */
  readonly named: readonly (readonly [id: string, subject: RegExp, sentence: RegExp])[];
}

const ROLES = ['shop', 'batch', 'forgetful'];

/** What the work is done on, the same for bad and good work; nothing is wrong with it yet. */
export const SCHEMA = [
  ...ROLES.map((role) => `create role ${role} login in role pg_read_all_data, pg_write_all_data`),
  // A fill factor of ten makes a large table of few rows.
  'create table parcels (id int primary key, customer int, note text) with (fillfactor = 10)',
  "insert into parcels select n, n % 1000, repeat('x', 100) from generate_series(1, 80000) n",
  'create index parcels_customer on parcels (customer)',
  'create table shipments (id int primary key, label text)',
  'insert into shipments select n, repeat(md5(n::text), 58) from generate_series(1, 20000) n',
  'create table queue (id int primary key, state int)',
  'insert into queue select n, 0 from generate_series(1, 100) n',
  'create table invoices (id int generated always as identity primary key, customer int, note text)',
  'insert into invoices (customer, note) select n % 1000, md5(n::text) || md5(n::text) from generate_series(1, 20000) n',
  'create index invoices_customer on invoices (customer)',
  'create table receipts (id int primary key, state int)',
  'insert into receipts select n, 0 from generate_series(1, 20000) n',
];

async function times(count: number, step: (turn: number) => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await step(turn);
}

const OF_CUSTOMER = 'select count(*) from parcels where customer = $1';
const BY_KEY = 'select note from parcels where id = $1';
const SORTED = 'select count(*) from (select id, label from shipments order by label offset 1) sorted';

const missingIndex: Plant = {
  name: 'a missing index',
  prepare: ['drop index parcels_customer'],
  // Beside it, searches of the same table that are as they should be.
  work: ({ session }) => [
    ...[7, 8].map((customer) => session('shop', (sql) => times(20, () => sql.unsafe(OF_CUSTOMER, [customer])))),
    session('shop', (sql) => times(2000, (turn) => sql.unsafe(BY_KEY, [turn]))),
  ],
  remove: ['create index parcels_customer on parcels (customer)'],
  named: [['SEQ-BIG', /^public\.parcels$/, /select count\(\*\) from parcels where customer = \$1/]],
};

const spill: Plant = {
  name: 'sorts that spill',
  work: ({ session }) => [1, 2].map(() => session('batch', (sql) => times(18, () => sql.unsafe(SORTED)))),
  named: [['TEMP-SPILL', /^[\da-z]{8}$/, /from shipments order by label/]],
};

const locks: Plant = {
  name: 'lock waits',
  looks: 8,
  hold: ({ session, holdOpen }) =>
    holdOpen('batch', 'update queue set state = state + 1 where id = 1', () =>
      Array.from({ length: 6 }, () =>
        session('shop', (sql) => sql.unsafe('update queue set state = state - 1 where id = 1')),
      ),
    ),
  named: [['LOCK-WAIT', /^[\da-z]{8}$/, /batch \(idle in transaction\).*update queue set state = state \+ \$1/]],
};

const idleTransaction: Plant = {
  name: 'a transaction left open',
  looks: 13,
  hold: ({ holdOpen }) => holdOpen('forgetful', 'select count(*) from receipts'),
  named: [['TX-IDLE', /^forgetful$/, /forgetful.*select count\(\*\) from receipts/]],
};

const unusedIndex: Plant = {
  name: 'an unused index',
  prepare: ['create index invoices_note on invoices (note)'],
  work: ({ session }) => [
    session('batch', (sql) =>
      sql.unsafe('insert into invoices (customer, note) select n, md5(n::text) from generate_series(1, 12000) n'),
    ),
  ],
  remove: ['drop index invoices_note'],
  named: [['IDX-UNUSED', /^public\.invoices_note$/, /public\.invoices/]],
};

const duplicateIndex: Plant = {
  name: 'an index there twice',
  prepare: ['create index invoices_customer_again on invoices (customer)'],
  remove: ['drop index invoices_customer_again'],
  named: [['IDX-DUPLICATE', /^public\.invoices_customer_again$/, /public\.invoices_customer$/]],
};

const deadRows: Plant = {
  name: 'dead rows',
  prepare: ['alter table receipts set (autovacuum_enabled = false)'],
  work: ({ session }) => [session('batch', (sql) => sql.unsafe('update receipts set state = state + 1'))],
  remove: ['alter table receipts reset (autovacuum_enabled)', 'vacuum full analyze receipts'],
  named: [['VAC-STARVED', /^public\.receipts$/, /20,000 dead/]],
};

export const PLANTS: readonly Plant[] = [
  missingIndex,
  spill,
  locks,
  idleTransaction,
  unusedIndex,
  duplicateIndex,
  deadRows,
];

/** The same work as it should be: searches by an index, sorts in memory, short transactions. */
export const calm: Plant = {
  name: 'calm work',
  looks: 7,
  work: ({ session }) => [
    session('shop', (sql) => times(20, (turn) => sql.unsafe(OF_CUSTOMER, [turn]))),
    session('batch', async (sql) => {
      await sql.unsafe("set work_mem = '128MB'");
      await times(3, () => sql.unsafe(SORTED));
    }),
    ...[1, 2].map((id) =>
      session('shop', (sql) =>
        times(50, () => sql.begin((tx) => tx.unsafe('update queue set state = state + 1 where id = $1', [id]))),
      ),
    ),
  ],
  named: [],
};
