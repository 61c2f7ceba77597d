import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkloadReport } from '../../../src/operations/workload/create-report.ts';
import { clusterGrants } from '../../../src/store/schema/fleet.ts';
import { subtasks } from '../../../src/store/schema/tasks.ts';
import { clusterRow, type OcpClient, ocpClient, snapshotRow } from '../../http/ocp/client.ts';

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
