import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../../src/store/schema/access.ts';
import { reports, type reportTasks, reportUsers } from '../../../src/store/schema/definitions.ts';
import { runs } from '../../../src/store/schema/runs.ts';
import { createReportRow, createTaskRow } from '../../operations/report-tasks/task-fixtures.ts';
import { type Client, cruddyClient, NOW, someId } from './client.ts';

let client: Client;
let owner: string;
let reader: string;
let stranger: string;
beforeAll(async () => {
  client = await cruddyClient();
  [owner, reader, stranger] = [await client.user(), await client.user(), await client.user()];
});
afterAll(() => client.close());

/** A task of `owner` on a report that `reader` may see. */
async function task(values: Partial<typeof reportTasks.$inferInsert> = {}): Promise<string> {
  const { db } = client.database;
  const reportId = await createReportRow(db, { ownerId: owner });
  await db.insert(reportUsers).values({ objectId: reportId, memberId: reader });
  return createTaskRow(db, { reportId, ownerId: owner, after: NOW, ...values });
}

const post = (id: string, verb: string, user?: string) =>
  client.call('POST', `/report_tasks/${id}/${verb}`, undefined, user ? { user } : {});

const audits = async (id: string): Promise<string[]> => {
  const rows = await client.database.db
    .select()
    .from(auditLog)
    .where(eq(auditLog.objectId, id))
    .orderBy(asc(auditLog.id));
  return rows.map((row) => `${row.action} ${row.actorId}`);
};

describe('run', () => {
  it('starts a run of the task and says where to follow it', async () => {
    const id = await task();
    const answer = await post(id, 'run', owner);
    expect(answer).toMatchObject({ status: 202, body: { state: 'QUEUED', reason: null } });
    expect(answer.headers.get('Location')).toBe(`/runs/${answer.body.run_id}`);
    const [run] = await client.database.db.select().from(runs).where(eq(runs.id, answer.body.run_id));
    expect(run).toMatchObject({ taskId: id, trigger: 'manual', scheduledFor: NOW, requestedBy: owner, params: {} });
    expect(await audits(answer.body.run_id)).toEqual([`run.create ${owner}`]);
  });

  it('minds the overlap policy', async () => {
    const id = await task({ overlapPolicy: 'skip' });
    await post(id, 'run', owner);
    client.clock.advance(5);
    expect((await post(id, 'run', owner)).body).toMatchObject({
      state: 'SKIPPED',
      reason: expect.stringContaining('not finished'),
    });
  });

  it('is for who may change the task', async () => {
    const id = await task();
    expect((await post(id, 'run', reader)).status).toBe(403);
    expect((await post(id, 'run', stranger)).status).toBe(403);
    expect((await post(id, 'run')).status).toBe(202);
    expect(await post(someId(), 'run')).toMatchObject({ status: 404, body: { error: 'report task not found' } });
    expect((await post('five', 'run')).status).toBe(400);
  });
});

describe('test-send', () => {
  it('goes to the caller alone, who only needs to see the task', async () => {
    const id = await task({ recipients: { to: ['boss@example.test'], cc: ['all@example.test'], bcc: [] } });
    const answer = await post(id, 'test-send', reader);
    expect(answer.status).toBe(202);
    const [run] = await client.database.db.select().from(runs).where(eq(runs.id, answer.body.run_id));
    const me = (await client.call('GET', `/users/${reader}`)).body.email;
    expect(run).toMatchObject({ trigger: 'test', params: { recipients: { to: [me], cc: [], bcc: [] } } });
    expect((await post(id, 'test-send', stranger)).status).toBe(403);
  });
});

describe('pause and resume', () => {
  it('take the next fire time away, and give it back from now on', async () => {
    const id = await task({ interval: '0 * * * *' });
    const paused = await post(id, 'pause', owner);
    expect(paused).toMatchObject({ status: 200, body: { id, enabled: false, next_run_at: null } });
    client.clock.advance(5 * 3_600_000);
    const resumed = await post(id, 'resume', owner);
    const hour = new Date(Math.ceil((await client.clock.now()).getTime() / 3_600_000) * 3_600_000);
    expect(resumed.body).toMatchObject({ enabled: true, next_run_at: `${hour.toISOString().slice(0, -1)}000Z` });
    expect(await audits(id)).toEqual([`report_task.pause ${owner}`, `report_task.resume ${owner}`]);
  });

  it('change nothing the second time', async () => {
    const id = await task();
    await post(id, 'resume', owner);
    expect(await audits(id)).toEqual([]);
    await post(id, 'pause', owner);
    await post(id, 'pause', owner);
    expect(await audits(id)).toHaveLength(1);
  });

  it('are for who may change the task', async () => {
    const id = await task();
    for (const verb of ['pause', 'resume']) expect((await post(id, verb, reader)).status).toBe(403);
    expect((await client.call('GET', `/report_tasks/${id}`)).body.enabled).toBe(true);
  });
});

describe('next_runs', () => {
  const nextRuns = (id: string, query = '', user = owner) =>
    client.call('GET', `/report_tasks/${id}/next_runs${query}`, undefined, { user });

  it('tells fire times in UTC and in the zone, and what the clock change does to them', async () => {
    client.clock.set(new Date('2026-03-07T00:00:00Z'));
    const id = await task({ interval: '30 2 * * *', timeZone: 'America/New_York' });
    const { status, body } = await nextRuns(id, '?n=2', reader);
    expect(status).toBe(200);
    expect(body).toEqual({
      objects: [
        {
          scheduled_for: '2026-03-07T07:30:00.000000Z',
          local: '2026-03-07T02:30:00-05:00',
          time_zone: 'America/New_York',
          clock_change: null,
        },
        {
          scheduled_for: '2026-03-08T07:00:00.000000Z',
          local: '2026-03-08T03:00:00-04:00',
          time_zone: 'America/New_York',
          clock_change: 'gap',
        },
      ],
      total: 2,
    });
  });

  it('tells five unless asked otherwise, fewer where the schedule ends, none while paused', async () => {
    const now = await client.clock.now();
    expect((await nextRuns(await task())).body.total).toBe(5);
    expect((await nextRuns(await task({ endAt: new Date(now.getTime() + 2.5 * 86_400_000) }))).body.total).toBeLessThan(
      4,
    );
    expect((await nextRuns(await task({ enabled: false }))).body).toEqual({ objects: [], total: 0 });
  });

  it.each(['?n=0', '?n=101', '?n=many', '?n=1.5'])('refuses %s', async (query) => {
    expect((await nextRuns(await task(), query)).status).toBe(400);
  });

  it('is for who sees the task', async () => {
    const id = await task();
    expect((await nextRuns(id, '', stranger)).status).toBe(403);
    await client.database.db.update(reports).set({ isSystem: true });
    expect((await nextRuns(id, '', stranger)).status).toBe(200);
  });
});
