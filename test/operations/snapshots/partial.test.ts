import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSameLife } from '../../../src/engines/postgres-capture-identity.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { checkUrl } from '../../../src/operations/fleet/check-cluster.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import type { ServerIdentity } from '../../../src/rows/snapshot.ts';
import { createSecrets } from '../../../src/secrets.ts';
import { clusterTexts, snapshotParts } from '../../../src/store/schema/fleet.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { startClusterWorker, takeSnapshot } from '../../harness/cluster.ts';
import { testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../../harness/watched-server.ts';

/** What a capture cannot read is named with its reason, and the look at a cluster says what would help. */
let database: TestDatabase;
let ctx: Ctx;
let worker: Worker;
let server: WatchedServer;

beforeAll(async () => {
  database = await testDatabase();
  ctx = testCtx({ db: database.db, clock: database.clock, secrets: createSecrets(randomBytes(32)) });
  worker = await startClusterWorker(ctx, database);
  server = await startWatchedServer(watchableServers().at(-1)?.bin ?? '');
  await server.sql.unsafe('create role lookout login');
});

afterAll(async () => {
  await worker.stop(1000);
  await server.remove();
  await database.close();
});

let count = 0;

/** A first snapshot with a URL: what is missing, by view and scope, with the reason. */
async function missingOf(url: string) {
  count += 1;
  const { id } = await createCluster({ ctx, input: { name: `cluster ${count}`, kind: 'POSTGRESQL', url } });
  const row = await takeSnapshot(ctx, database, id);
  const missing = row.missing as { view: string; scope: string; reason: string }[];
  return { id, row, missing: new Map(missing.map(({ view, scope, reason }) => [`${view} ${scope}`.trim(), reason])) };
}

const adviceOf = async (url: string) => (await checkUrl({ ctx, input: { url } })).advice;

describe('a capture that cannot read everything', () => {
  test('names a database that refuses the connection, one it may not enter, and reads the others', async () => {
    const { sql } = server;
    await sql.unsafe('create database crowded');
    await sql.unsafe('alter database crowded connection limit 0');
    await sql.unsafe('create database closed');
    await sql.unsafe('revoke connect on database closed from public');
    const { id, row, missing } = await missingOf(server.url);
    expect(row.state).toBe('partial');
    expect(missing.get('database crowded')).toContain('too many connections for database "crowded"');
    expect(missing.get('database closed')).toBe('the login may not connect to it');
    expect(missing.size).toBe(2);
    const parts = await database.db.select().from(snapshotParts).where(eq(snapshotParts.snapshotId, row.id));
    expect(parts.filter(({ view }) => view === 'tables').map(({ scope }) => scope)).toContain('app');
    expect(id).toBeGreaterThan(0);
    expect(await adviceOf(server.url)).toEqual([
      {
        name: 'CONNECT',
        problem: 'the login monitor may not connect to the database closed',
        remedy: 'GRANT CONNECT ON DATABASE "closed" TO "monitor"',
        adds: 'tables, indexes and vacuum of closed',
      },
    ]);
    await sql.unsafe('drop database crowded');
    await sql.unsafe('drop database closed');
  });

  test('names what a login without pg_monitor may not read, and what the right would add', async () => {
    const url = server.url.replace('monitor@', 'lookout@');
    const { row, missing } = await missingOf(url);
    expect(row.state).toBe('partial');
    expect([...missing.keys()]).toEqual(
      expect.arrayContaining(['statements', 'activity_counts', 'settings', 'wal_dir', 'temp_dir', 'shmem', 'archiver']),
    );
    for (const reason of missing.values()) expect(reason).toMatch(/permission denied|pg_monitor/);
    const advice = await adviceOf(url);
    expect(advice.find(({ name }) => name === 'pg_monitor')).toEqual({
      name: 'pg_monitor',
      problem: 'the login lookout is not a member of pg_monitor',
      remedy: 'GRANT pg_monitor TO "lookout"',
      adds: 'statements, sessions and settings of other users, WAL and temporary files',
    });
  });

  test('names statements where the extension is missing', async () => {
    await server.sql.unsafe('drop extension pg_stat_statements');
    const { missing } = await missingOf(server.url);
    expect([...missing.keys()]).toEqual(['statements']);
    expect(missing.get('statements')).toContain('pg_stat_statements is not installed');
    const [advice] = await adviceOf(server.url);
    expect(advice).toMatchObject({ name: 'pg_stat_statements', adds: expect.stringContaining('SQL') });
    await server.sql.unsafe('create extension pg_stat_statements');
  });

  test('stores no secrets of statements', async () => {
    const secret = 'hunter2-not-for-reports';
    const { sql } = server;
    await sql.unsafe(`create role anna login password '${secret}'`);
    await sql.unsafe(`alter role anna password E'a\\'${secret}'`);
    await sql.unsafe('create extension postgres_fdw');
    await sql.unsafe('create server far foreign data wrapper postgres_fdw');
    await sql.unsafe(`create user mapping for anna server far options (user 'anna', password '${secret}')`);
    const connection = `host=127.0.0.1 port=1 password=${secret}`;
    await sql.unsafe(`create subscription s connection '${connection}' publication p with (connect = false)`);
    await sql.unsafe(`set app.token = '${secret}'`);
    const { id } = await missingOf(server.url);
    const texts = await database.db.select().from(clusterTexts).where(eq(clusterTexts.clusterId, id));
    const about = texts.map(({ text }) => text).filter((text) => /anna|subscription|app\.token/i.test(text));
    expect(about.length).toBeGreaterThanOrEqual(4);
    expect(texts.filter(({ text }) => text.includes(secret))).toEqual([]);
    await sql.unsafe('alter subscription s set (slot_name = none)');
    await sql.unsafe('drop subscription s');
  });
});

test('another server, another life or another role of it is not the same one', () => {
  const identity: ServerIdentity = {
    system: '1',
    node: 'a:5432',
    capturedAt: 1,
    startedAt: 1,
    version: 'PostgreSQL 18.1',
    major: 18,
    timeline: 1,
    inRecovery: false,
  };
  expect(isSameLife(identity, { ...identity, capturedAt: 2 })).toBe(true);
  const others = [{ system: '2' }, { node: 'b:5432' }, { startedAt: 2 }, { timeline: 2 }, { inRecovery: true }];
  expect(others.filter((other) => isSameLife(identity, { ...identity, ...other }))).toEqual([]);
});
