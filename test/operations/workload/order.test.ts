import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteCluster } from '../../../src/operations/fleet/delete-cluster.ts';
import { createWorkloadReport } from '../../../src/operations/workload/create-report.ts';
import { deleteWorkloadReport } from '../../../src/operations/workload/reports.ts';
import { clusterGrants, workloadReports } from '../../../src/store/schema/fleet.ts';
import { documents } from '../../../src/store/schema/runs.ts';
import { subtasks, taskInstances } from '../../../src/store/schema/tasks.ts';
import { SHARED_QUEUE } from '../../../src/tasks/jobs.ts';
import { type Caller, clusterRow, type OcpClient, ocpClient, snapshotRow } from '../../http/ocp/client.ts';

let client: OcpClient;
let clusterId: number;
let order: { startSnapshotId: number; endSnapshotId: number; name: string };

beforeAll(async () => {
  client = await ocpClient();
  clusterId = await clusterRow(client);
  const now = (await client.ctx.clock.now()).getTime();
  const at = (hours: number) => snapshotRow(client, clusterId, new Date(now - hours * 3_600_000));
  order = { startSnapshotId: await at(2), endSnapshotId: await at(1), name: 'r' };
});
afterAll(() => client.close());

const path = () => `/api/v2/ob/clusters/${clusterId}/performance/workload/reports`;

/** Rows of an order, by table. */
async function rows(): Promise<Record<string, number>> {
  const [counts] = await client.database.sql<Record<string, number>[]>`
    select (select count(*)::int from workload_reports) as reports, (select count(*)::int from task_instances) as tasks,
      (select count(*)::int from subtasks) as steps, (select count(*)::int from pgboss.job) as jobs,
      (select count(*)::int from audit_log where action = 'workload_report.create') as entries`;
  return counts ?? {};
}

describe('the order of a workload report', () => {
  it('is report, task, step, job and audit row, which name each other', async () => {
    const { body } = await client.call('POST', path(), { body: order });
    expect(body.data).toMatchObject({ status: 'CREATING', name: 'r', creator: client.admin.username });
    expect(await rows()).toEqual({ reports: 1, tasks: 1, steps: 2, jobs: 1, entries: 1 });
    const { id, taskInstanceId } = body.data;
    const steps = await client.database.db.select().from(subtasks).where(eq(subtasks.taskInstanceId, taskInstanceId));
    expect(steps.toSorted((a, b) => a.seriesId - b.seriesId)).toMatchObject([
      { name: 'Generate report', input: { report_id: id }, state: 'READY', attemptsLeft: 2 },
      { name: 'Store workload report', input: { report_id: id }, state: 'PENDING', pendingParents: 1 },
    ]);
    const first = steps.find(({ state }) => state === 'READY');
    const [job] = await client.database.sql`select data, group_id, heartbeat_seconds from pgboss.job`;
    expect(job).toEqual({
      data: { kind: 'subtask', subtaskId: first?.id },
      group_id: 'bounded',
      heartbeat_seconds: 10,
    });
    const [entry] = await client.database.sql`
      select object_id, detail from audit_log where action = 'workload_report.create'`;
    expect(entry).toEqual({
      object_id: String(id),
      detail: { cluster_id: clusterId, name: 'r', task_id: taskInstanceId },
    });
  });

  it('leaves nothing at all behind when one of its rows cannot be written', async () => {
    const before = await rows();
    for (const table of ['audit_log', 'workload_reports', 'subtasks', 'pgboss.job_common']) {
      await client.database.sql.unsafe(`
        create or replace function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$;
        create trigger refuse before insert on ${table} for each row execute function refuse()`);
      const { status } = await client.call('POST', path(), { body: order });
      await client.database.sql.unsafe(`drop trigger refuse on ${table}`);
      expect([table, status]).toEqual([table, 500]);
      expect(await rows()).toEqual(before);
    }
    expect((await client.call('POST', path(), { body: order })).status).toBe(200);
  });

  it('is for who may write the cluster, also at the very next order after a grant is taken back', async () => {
    const reader = await client.user();
    const grant = { clusterId, userId: reader.userId };
    const status = async () => (await client.call('POST', path(), { as: reader, body: order })).status;
    expect(await status()).toBe(403);
    await client.database.db.insert(clusterGrants).values({ ...grant, access: 'read' });
    expect(await status()).toBe(403);
    await client.database.db.update(clusterGrants).set({ access: 'read_write' });
    expect(await status()).toBe(200);
    await client.database.db.delete(clusterGrants);
    expect(await status()).toBe(403);
  });

  it('joins an open transaction, and is gone with it', async () => {
    const before = await rows();
    const ordered = client.database.db.transaction(async (tx) => {
      await createWorkloadReport({ ctx: { ...client.ctx, db: tx }, input: { clusterId, ...order } });
      throw new Error('no');
    });
    await expect(ordered).rejects.toThrow('no');
    expect(await rows()).toEqual(before);
  });
});

describe('the removal of a report', () => {
  const ordered = async (cluster: number): Promise<number> => {
    const now = (await client.ctx.clock.now()).getTime();
    const [startSnapshotId, endSnapshotId] = [
      await snapshotRow(client, cluster, new Date(now - 5000)),
      await snapshotRow(client, cluster, new Date(now - 1000)),
    ];
    const input = { clusterId: cluster, startSnapshotId, endSnapshotId, name: 'to go' };
    return (await createWorkloadReport({ ctx: client.ctx, input })).report.id;
  };

  /** `remove` while the step that has made the report stores its file, and has not committed yet. */
  async function whileStored(reportId: number, remove: () => Promise<void>): Promise<void> {
    const id = randomUUID();
    let removal: Promise<void> | undefined;
    await client.database.db.transaction(async (tx) => {
      const at = await client.ctx.clock.now();
      const times = { createdAt: at, updatedAt: at };
      const facts = { name: 'r.html', kind: 'html', mediaType: 'text/html', size: 0, pages: 0, sha256: '' } as const;
      await tx.insert(documents).values({ id, ...times, ...facts, instance: SHARED_QUEUE });
      await tx.update(workloadReports).set({ htmlDocumentId: id }).where(eq(workloadReports.id, reportId));
      removal = remove();
      for (let waits = 0; waits === 0; await pause(10)) {
        const [row] = await client.database.sql<{ count: number }[]>`
          select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        waits = row?.count ?? 0;
      }
    });
    await removal;
    expect(await client.database.db.select().from(workloadReports).where(eq(workloadReports.id, reportId))).toEqual([]);
    expect(await client.database.db.select().from(documents).where(eq(documents.id, id))).toEqual([]);
  }

  it('leaves no file behind that was stored at that moment', async () => {
    const reportId = await ordered(clusterId);
    await whileStored(reportId, () => deleteWorkloadReport({ ctx: client.ctx, input: { clusterId, reportId } }));
  });

  it('leaves none behind with its cluster either', async () => {
    const id = await clusterRow(client);
    const reportId = await ordered(id);
    await whileStored(reportId, () => deleteCluster({ ctx: client.ctx, input: { id } }));
  });

  it('is done once, however many ask for it at once', async () => {
    const reportId = await ordered(clusterId);
    const removed = await Promise.all([1, 2, 3].map(() => client.call('DELETE', `${path()}/${reportId}`)));
    expect(removed.map(({ status }) => status).toSorted()).toEqual([200, 404, 404]);
    const entries = await client.database.sql`
      select from audit_log where action = 'workload_report.delete' and object_id = ${String(reportId)}`;
    expect(entries).toHaveLength(1);
  });
});

describe('orders under way', () => {
  let few: OcpClient;
  beforeAll(async () => {
    few = await ocpClient({ ON_DEMAND_AT_ONCE: '2' });
  });
  afterAll(() => few.close());

  it('are so many of each user, reports and snapshots together, and room again when one has ended', async () => {
    const id = await clusterRow(few);
    const workload = `/api/v2/ob/clusters/${id}/performance/workload`;
    const now = (await few.ctx.clock.now()).getTime();
    const body = {
      startSnapshotId: await snapshotRow(few, id, new Date(now - 2000)),
      endSnapshotId: await snapshotRow(few, id, new Date(now - 1000)),
      name: 'r',
    };
    const report = (as: Caller) => few.call('POST', `${workload}/reports`, { as, body });
    const snapshot = (as: Caller) => few.call('POST', `${workload}/snapshots`, { as });
    const first = await report(few.admin);
    expect([first.status, (await snapshot(few.admin)).status]).toEqual([200, 200]);
    for (const refused of [await report(few.admin), await snapshot(few.admin)]) {
      expect(refused.body).toMatchObject({ status: 429, successful: false, error: { code: 0 } });
      expect(refused.body.error.message).toContain('2 or more');
      expect(refused.headers.get('Retry-After')).toBe('10');
    }
    expect((await report(await few.user(['admin']))).status).toBe(200);
    await few.database.db
      .update(taskInstances)
      .set({ state: 'FAILED' })
      .where(eq(taskInstances.id, first.body.data.taskInstanceId));
    expect((await report(few.admin)).status).toBe(200);
    expect((await report(few.admin)).status).toBe(429);
  });
});
