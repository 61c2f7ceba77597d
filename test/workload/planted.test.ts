import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observeSource } from '../../src/operations/workload/observe-source.ts';
import { findingsOf } from '../../src/workload/findings.ts';
import type { Finding } from '../../src/workload/section.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';

/** How often everything is planted: once in the suite; ten times with PLANTED_RUNS=10. */
const RUNS = Number(process.env.PLANTED_RUNS ?? 1);
const TIMEOUT_MS = 180_000;

/** Bad work of one kind on a real server. */
interface Plant {
  readonly name: string;
  /** How long the server is watched. */
  readonly seconds: number;
  readonly prepare: readonly string[];
  /** Until `signal` is given; connections end before the second snapshot, so that what they counted is in it. */
  readonly work: (server: WatchedServer, signal: AbortSignal) => readonly Promise<void>[];
  readonly remove: readonly string[];
  /** Findings that must name it: id, what they name, and what is in their sentence. */
  readonly named: readonly (readonly [id: string, subject: RegExp, sentence: RegExp])[];
}

type Sql = WatchedServer['sql'];

async function session(
  server: WatchedServer,
  signal: AbortSignal,
  step: (sql: Sql) => Promise<unknown>,
): Promise<void> {
  const sql = server.connect();
  try {
    while (!signal.aborted) await step(sql);
  } finally {
    await sql.end();
  }
}

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => undefined);

const holding = (hold: (sql: Sql) => Promise<unknown>) => async (server: WatchedServer, signal: AbortSignal) => {
  const sql = server.connect();
  try {
    await sql.unsafe('begin');
    await hold(sql);
    await rest(TIMEOUT_MS, signal);
    await sql.unsafe('commit');
  } finally {
    await sql.end();
  }
};

const missingIndex: Plant = {
  name: 'a missing index',
  seconds: 8,
  // A fill factor of ten makes a large table of few rows.
  prepare: [
    'create table parcels (id int primary key, customer int, note text) with (fillfactor = 10)',
    "insert into parcels select n, n % 1000, repeat('x', 100) from generate_series(1, 80000) n",
    'vacuum analyze parcels',
  ],
  work: (server, signal) =>
    [1, 2].map(() =>
      session(server, signal, (sql) => sql.unsafe('select count(*) from parcels where customer = $1', [7])),
    ),
  remove: ['drop table parcels'],
  named: [['SEQ-BIG', /^public\.parcels$/, /select count\(\*\) from parcels where customer = \$1/]],
};

const spill: Plant = {
  name: 'sorts that spill',
  seconds: 9,
  prepare: [],
  work: (server, signal) =>
    [1, 2].map(() =>
      session(server, signal, (sql) =>
        sql.unsafe(
          `select count(*) from (select n, repeat('x', 200) from generate_series(1, 60000) n order by md5(n::text) offset 1) spilled`,
        ),
      ),
    ),
  remove: [],
  named: [['TEMP-SPILL', /^[\da-z]{8}$/, /generate_series/]],
};

const locks: Plant = {
  name: 'lock waits',
  seconds: 11,
  prepare: ['create table queue (id int primary key, state int)', 'insert into queue values (1, 0)'],
  work: (server, signal) => [
    holding((sql) => sql.unsafe('update queue set state = state + 1 where id = 1'))(server, signal),
    ...[1, 2, 3].map(async () => {
      await rest(300, signal);
      const sql = server.connect();
      try {
        await sql.unsafe('update queue set state = state - 1 where id = 1');
      } finally {
        await sql.end();
      }
    }),
  ],
  remove: ['drop table queue'],
  named: [['LOCK-WAIT', /^[\da-z]{8}$/, /idle in transaction.*update queue set state = state \+ \$1/]],
};

const idleTransaction: Plant = {
  name: 'a transaction left open',
  seconds: 13,
  prepare: ['create role forgetful login superuser'],
  work: (server, signal) => [
    (async () => {
      const sql = server.connect({ user: 'forgetful' });
      try {
        await sql.unsafe('begin');
        await sql.unsafe('select 1');
        await rest(TIMEOUT_MS, signal);
        await sql.unsafe('commit');
      } finally {
        await sql.end();
      }
    })(),
  ],
  remove: ['drop role forgetful'],
  named: [['TX-IDLE', /^forgetful$/, /forgetful/]],
};

const indexesAndDeadRows: Plant = {
  name: 'needless indexes and dead rows',
  seconds: 5,
  prepare: [
    'create table invoices (id int primary key, customer int, note text) with (autovacuum_enabled = false)',
    'insert into invoices select n, n % 1000, md5(n::text) || md5(n::text) from generate_series(1, 20000) n',
    'create index invoices_note on invoices (note)',
    'create index invoices_customer on invoices (customer)',
    'create index invoices_customer_again on invoices (customer)',
    'vacuum analyze invoices',
  ],
  work: (server) => [
    (async () => {
      const sql = server.connect();
      await sql.unsafe('update invoices set note = md5(note) || note');
      await sql.end();
    })(),
  ],
  remove: ['drop table invoices'],
  named: [
    ['IDX-UNUSED', /^public\.invoices_note$/, /public\.invoices/],
    ['IDX-DUPLICATE', /^public\.invoices_customer_again$/, /public\.invoices_customer$/],
    ['VAC-STARVED', /^public\.invoices$/, /20,000 dead/],
  ],
};

const PLANTS: readonly Plant[] = [missingIndex, spill, locks, idleTransaction, indexesAndDeadRows];
/** Before the watch ends: what sessions counted must be handed in. */
const TAIL_S = 1.5;

async function watched(server: WatchedServer, plants: readonly Plant[]): Promise<readonly Finding[]> {
  for (const { prepare } of plants) for (const text of prepare) await server.sql.unsafe(text);
  await server.sql.unsafe('select pg_stat_force_next_flush()').catch(() => undefined);
  const seconds = Math.max(...plants.map((plant) => plant.seconds));
  // Work begins once the first snapshot is taken.
  const begun = Promise.withResolvers<void>();
  const input = { url: server.url, seconds, locale: 'en' as const, timeZone: 'UTC', onProgress: () => begun.resolve() };
  const work = begun.promise.then(async () => {
    const stop = AbortSignal.timeout((seconds - TAIL_S) * 1000);
    await Promise.all(plants.flatMap((plant) => plant.work(server, stop)));
  });
  const [facts] = await Promise.all([
    observeSource({ ...input, signal: AbortSignal.timeout(TIMEOUT_MS) }).finally(() => begun.resolve()),
    work,
  ]);
  for (const { remove } of plants) for (const text of remove) await server.sql.unsafe(text);
  return findingsOf(facts);
}

function expectNamed(findings: readonly Finding[], plants: readonly Plant[]): void {
  const said = findings.map(({ id, subject, sentence }) => `${id} ${subject}: ${sentence}`).join('\n');
  for (const [id, subject, sentence] of plants.flatMap(({ named }) => named)) {
    const found = findings.filter((finding) => finding.id === id && subject.test(finding.subject ?? ''));
    expect(
      found.map((finding) => finding.sentence),
      said,
    ).toContainEqual(expect.stringMatching(sentence));
  }
}

const calm: Plant = {
  name: 'calm',
  seconds: 5,
  prepare: ['create table accounts as select n as id, 0 as balance from generate_series(1, 2000) n'],
  work: (server, signal) =>
    [1, 2].map((offset) =>
      session(server, signal, async (sql) => {
        await sql.unsafe('update accounts set balance = balance + 1 where id = $1', [offset]);
        await sql.unsafe('select balance from accounts where id = $1', [offset + 10]);
        await rest(20, signal);
      }),
    ),
  remove: ['drop table accounts'],
  named: [],
};

describe.each(watchableServers())('bad work planted on $name', ({ bin }) => {
  let server: WatchedServer;

  beforeAll(async () => {
    // Durable, since a server that is not would be found to be at risk; commits need not wait for the disk.
    server = await startWatchedServer(bin, ['fsync = on', 'synchronous_commit = off', 'max_wal_size = 4GB']);
  }, 60_000);

  afterAll(() => server.remove());

  describe.each(Array.from({ length: RUNS }, (_, run) => run + 1))('run %i', () => {
    test('calm work gives nothing above a notice', { timeout: TIMEOUT_MS }, async () => {
      const findings = await watched(server, [calm]);
      expect(findings.filter(({ severity }) => severity < 3)).toEqual([]);
    });

    test.each(PLANTS)('$name is named', { timeout: TIMEOUT_MS }, async (plant) => {
      expectNamed(await watched(server, [plant]), [plant]);
    });

    test('all of them together are named', { timeout: TIMEOUT_MS }, async () => {
      expectNamed(await watched(server, PLANTS), PLANTS);
    });
  });
});
