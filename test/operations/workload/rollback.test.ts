import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { workloadReports } from '../../../src/store/schema/fleet.ts';
import { startClusterWorker, taskEnd } from '../../harness/cluster.ts';
import { prepareSnapshot } from '../../harness/prepared-snapshots.ts';
import { clusterRow, type OcpClient, ocpClient } from '../../http/ocp/client.ts';
import { until } from '../../tasks/engine.ts';

const SCRIPT = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const RECOVERY_MS = 90_000;

let client: OcpClient;
let clusterId: number;
let order: { startSnapshotId: number; endSnapshotId: number; name: string };
const children = new Set<ChildProcess>();

beforeAll(async () => {
  client = await ocpClient();
  clusterId = await clusterRow(client);
  const now = (await client.ctx.clock.now()).getTime();
  const snapshot = (hours: number, commits: number) =>
    prepareSnapshot(client.ctx, { clusterId, at: new Date(now - hours * 3_600_000), commits, tables: 3 });
  order = { startSnapshotId: await snapshot(2, 1), endSnapshotId: await snapshot(1, 500), name: 'r' };
});
afterEach(async () => {
  for (const child of [...children]) await kill(child);
});
afterAll(() => client.close());

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [SCRIPT, client.database.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const [line] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  expect(String(line)).toContain('started');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const reports = () => `/api/v2/ob/clusters/${clusterId}/performance/workload/reports`;
const task = (id: number) => `/api/v2/tasks/instances/${id}`;

/** What is stored of a report: files, pieces of them, and what its row says. */
async function stored(reportId: number) {
  const [report] = await client.database.db.select().from(workloadReports).where(eq(workloadReports.id, reportId));
  const [files] = await client.database.sql<{ documents: number; chunks: number }[]>`
    select (select count(*)::int from documents) as documents,
      (select count(distinct document_id)::int from document_chunks) as chunks`;
  const linked = [report?.htmlDocumentId, report?.pdfDocumentId].filter((id) => id !== null).length;
  return { ...files, linked, status: report?.status };
}

/** Order a report on a disk that does not keep what it is given: made and stored, but never to be said to be there. */
async function brokenReport(): Promise<{ id: number; taskId: number }> {
  await client.database.sql.unsafe(`
    create or replace function spoil() returns trigger language plpgsql as
      $$ begin new.data = set_byte(new.data, 9, get_byte(new.data, 9) # 1); return new; end $$;
    create trigger spoil before insert on document_chunks for each row execute function spoil()`);
  const { body } = await client.call('POST', reports(), { body: order });
  const { id, taskInstanceId: taskId } = body.data;
  expect(await taskEnd(client.database, taskId)).toBe('FAILED');
  await client.database.sql.unsafe('drop trigger spoil on document_chunks');
  return { id, taskId };
}

describe('the rollback of a workload report', () => {
  it('takes its files back, whole, also when its worker is killed in the middle of it', async () => {
    const victim = await startWorker();
    const { id, taskId } = await brokenReport();
    const failed = await client.call('GET', task(taskId));
    expect(failed.body.data.subtasks.map((step: { name: string; status: string }) => [step.name, step.status])).toEqual(
      [
        ['Generate report', 'SUCCESSFUL'],
        ['Store workload report', 'FAILED'],
      ],
    );
    expect(failed.body.data.prohibitRollback).toBe(false);
    const whole = { documents: 2, chunks: 2, linked: 2, status: 'FAILED' };
    expect(await stored(id)).toEqual(whole);
    expect((await client.call('GET', `${reports()}/${id}`)).body).toMatchObject({
      status: 409,
      error: { taskInstanceId: taskId },
    });

    // The files' rows are held, so that their removal waits half way; there the worker is killed.
    const { database } = client;
    await database.sql.begin(async (held) => {
      await held`select id from documents for update`;
      const asked = await client.call('POST', `${task(taskId)}/rollback`);
      expect(asked.body.data).toMatchObject({ status: 'RUNNING', operation: 'ROLLBACK' });
      await until(
        () => database.sql`
          select 1 from pg_stat_activity
          where application_name = 'victim' and wait_event_type = 'Lock' and query ilike 'delete from "documents"%'`,
        (waiting) => waiting.length > 0,
        RECOVERY_MS,
      );
      await kill(victim);
    });
    await until(
      () => database.sql`
        select 1 from pg_stat_activity where application_name = 'victim' and datname = current_database()`,
      (left) => left.length === 0,
    );
    expect(await stored(id)).toEqual(whole);

    await startWorker();
    expect(await taskEnd(database, taskId, RECOVERY_MS)).toBe('SUCCESSFUL');
    expect(await stored(id)).toEqual({ documents: 0, chunks: 0, linked: 0, status: 'FAILED' });
    const { body } = await client.call('GET', task(taskId));
    expect(body.data).toMatchObject({ status: 'SUCCESSFUL', operation: 'ROLLBACK' });
    expect(
      body.data.subtasks.map((step: { status: string; operation: string }) => [step.status, step.operation]),
    ).toEqual([
      ['PENDING', 'ROLLBACK'],
      ['PENDING', 'ROLLBACK'],
    ]);
    const listed = await client.call('GET', reports());
    expect(listed.body.data.contents).toMatchObject([{ id, status: 'FAILED', taskInstanceId: taskId }]);
    expect((await client.call('GET', `${reports()}/${id}`)).status).toBe(409);
    const again = await client.call('POST', `${task(taskId)}/rollback`);
    expect(again.body).toMatchObject({ status: 400, error: { code: 20_003 } });
  }, 240_000);

  it('is not for a report that was made, nor for who may not manage its task', async () => {
    await startWorker();
    const { body } = await client.call('POST', reports(), { body: order });
    const { id, taskInstanceId } = body.data;
    expect(await taskEnd(client.database, taskInstanceId)).toBe('SUCCESSFUL');
    expect(await stored(id)).toMatchObject({ linked: 2, status: 'SUCCESSFUL' });
    expect((await client.call('POST', `${task(taskInstanceId)}/rollback`)).body.error.code).toBe(20_003);
    const { taskId } = await brokenReport();
    const stranger = await client.user();
    expect((await client.call('POST', `${task(taskId)}/rollback`, { as: stranger })).status).toBe(403);
    expect((await client.call('GET', `${reports()}/${id}`)).status).toBe(200);
  }, 120_000);
});

describe('a report that is deleted while it is made', () => {
  it('leaves no files behind', async () => {
    const before = await stored(0);
    const { ctx, database } = client;
    let reportId = 0;
    const worker = await startClusterWorker(ctx, database, {
      drawn: async () => {
        expect((await client.call('DELETE', `${reports()}/${reportId}`)).status).toBe(200);
      },
    });
    const { body } = await client.call('POST', reports(), { body: order });
    reportId = body.data.id;
    expect(await taskEnd(database, body.data.taskInstanceId)).toBe('FAILED');
    await worker.stop(1000);
    expect(await stored(0)).toEqual(before);
  });
});
