import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '../../../src/operations/context.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { deleteCluster } from '../../../src/operations/fleet/delete-cluster.ts';
import { createWorkloadReport } from '../../../src/operations/workload/create-report.ts';
import { listWorkloadReports, openWorkloadReport } from '../../../src/operations/workload/reports.ts';
import { createSecrets } from '../../../src/secrets.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { startClusterWorker, takeSnapshot, taskEnd } from '../../harness/cluster.ts';
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

describe.each(watchableServers())('a workload report of $name', ({ name, bin }) => {
  let server: WatchedServer;
  let clusterId: number;

  beforeAll(async () => {
    server = await startWatchedServer(bin);
    clusterId = (await createCluster({ ctx, input: { name, kind: 'POSTGRESQL', url: server.url } })).id;
  });

  afterAll(() => server.remove());

  test('is ordered, made and opened', async () => {
    const start = await takeSnapshot(ctx, database, clusterId);
    await server.sql.unsafe('create table orders as select n from generate_series(1, 5000) n');
    await server.sql.unsafe('select count(*) from orders');
    await server.sql.unsafe('select pg_stat_force_next_flush()');
    const end = await takeSnapshot(ctx, database, clusterId);
    const input = { clusterId, startSnapshotId: start.id, endSnapshotId: end.id, name: 'First report' };
    const { report } = await createWorkloadReport({ ctx, input });
    expect(report).toMatchObject({ status: 'CREATING', creatorName: 'system' });
    expect(await taskEnd(database, report.taskInstanceId ?? 0)).toBe('SUCCESSFUL');
    const { items } = await listWorkloadReports({ ctx, input: { clusterId, page: 1, size: 10 } });
    expect(items[0]?.report).toMatchObject({ name: 'First report', status: 'SUCCESSFUL' });
    const one = { clusterId, reportId: report.id };
    const html = await bytesOf(await openWorkloadReport({ ctx, input: { ...one, format: 'html' } }));
    expect(html.toString()).toContain('Load profile');
    const pdf = await bytesOf(await openWorkloadReport({ ctx, input: { ...one, format: 'pdf' } }));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    if (process.env.KEEP_REPORTS) writeFileSync(`${process.env.KEEP_REPORTS}/${name.replaceAll(/\W+/g, '-')}.pdf`, pdf);
  }, 120_000);

  test('goes with its cluster, files and all', async () => {
    await deleteCluster({ ctx, input: { id: clusterId } });
    expect(await database.sql`select id from documents`).toEqual([]);
    expect(await database.sql`select document_id from document_chunks`).toEqual([]);
  });
});

async function bytesOf(file: { read: (signal: AbortSignal) => AsyncIterable<Buffer> }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of file.read(AbortSignal.timeout(10_000))) pieces.push(piece);
  return Buffer.concat(pieces);
}
