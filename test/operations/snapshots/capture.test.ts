import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '../../../src/operations/context.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { loadSnapshot } from '../../../src/operations/snapshots/load-snapshots.ts';
import { createSecrets } from '../../../src/secrets.ts';
import { clusters, clusterTexts, snapshots, tenants } from '../../../src/store/schema/fleet.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { rangeOf } from '../../../src/workload/range.ts';
import { startClusterWorker, takeSnapshot } from '../../harness/cluster.ts';
import { testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../../harness/watched-server.ts';

let database: TestDatabase;
let ctx: Ctx;
let worker: Worker;

beforeAll(async () => {
  database = await testDatabase();
  ctx = testCtx({ db: database.db, clock: database.clock, secrets: createSecrets(randomBytes(32)) });
  worker = await startClusterWorker(ctx, database);
});

afterAll(async () => {
  await worker.stop(1000);
  await database.close();
});

const snapshotOf = (clusterId: number) => takeSnapshot(ctx, database, clusterId);

/** A session hands in its counters when it is busy a second later, or idle for ten: here at once. */
async function flush(sql: WatchedServer['sql']): Promise<void> {
  await sql.unsafe('select pg_stat_force_next_flush()');
  await sql.unsafe('select 1');
}

describe.each(watchableServers())('a cluster on $name', ({ bin }) => {
  let server: WatchedServer;
  let clusterId: number;

  beforeAll(async () => {
    server = await startWatchedServer(bin);
    const input = { name: `cluster ${bin}`, kind: 'POSTGRESQL' as const, url: server.url };
    clusterId = (await createCluster({ ctx, input })).id;
  });

  afterAll(() => server.remove());

  test('two snapshots tell what was done between them', async () => {
    const { sql } = server;
    await sql.unsafe('create table orders (id int primary key, amount int)');
    await flush(sql);
    const first = await snapshotOf(clusterId);
    expect(first.state, JSON.stringify(first.missing)).toBe('ok');
    await sql.unsafe('insert into orders select n, n from generate_series(1, 500) n');
    for (let turn = 0; turn < 7; turn += 1) await sql.unsafe('select sum(amount) from orders');
    await flush(sql);
    const second = await snapshotOf(clusterId);
    const range = rangeOf([
      await loadSnapshot(ctx, clusterId, first.id),
      await loadSnapshot(ctx, clusterId, second.id),
    ]);
    const tables = range.table('tables');
    const orders = tables.rows.find((row) => tables.last(row, 'relname') === 'orders');
    expect(orders && tables.delta(orders, 'n_tup_ins')).toBe(500);
    expect(orders && tables.delta(orders, 'seq_scan')).toBe(7);
    const texts = await database.db.select().from(clusterTexts).where(eq(clusterTexts.clusterId, clusterId));
    const sum = texts.find(({ text }) => text === 'select sum(amount) from orders');
    const statements = range.table('statements');
    const row = statements.rows.find((one) => statements.last(one, 'queryid') === sum?.key);
    expect(row && statements.delta(row, 'calls')).toBe(7);
    expect([...(row?.labels ?? [])]).toEqual(['new']);
    expect(range.events).toEqual([]);
  });

  test('the second snapshot is stored as what changed, and is smaller', async () => {
    const stored = await database.db
      .select()
      .from(snapshots)
      .where(eq(snapshots.clusterId, clusterId))
      .orderBy(snapshots.id);
    const [first, second] = stored.map(({ bytes }) => bytes);
    expect(second).toBeLessThan(Number(first));
  });

  test('its databases become tenants', async () => {
    const found = await database.db.select().from(tenants).where(eq(tenants.clusterId, clusterId));
    expect(found.map(({ name }) => name).sort()).toEqual(['app', 'postgres']);
  });

  test('a server that does not answer is recorded as a failed snapshot, and shown', async () => {
    const away = await createCluster({
      ctx,
      input: { name: `away ${bin}`, kind: 'POSTGRESQL', url: 'postgres://monitor@127.0.0.1:1/app' },
    });
    await database.db.update(clusters).set({ captureEnabled: false }).where(eq(clusters.id, away.id));
    const failed = await snapshotOf(away.id);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'unavailable' } });
    const [cluster] = await database.db.select().from(clusters).where(eq(clusters.id, away.id));
    expect(cluster?.status).toBe('UNAVAILABLE');
    const metrics = await ctx.metrics.registry.metrics();
    expect(metrics).toContain('broadsheet_captures_total{outcome="failed"}');
    expect(metrics).toMatch(/broadsheet_captures_total\{outcome="ok"\} [1-9]/);
  });
});
