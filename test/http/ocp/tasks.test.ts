import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog, users } from '../../../src/store/schema/access.ts';
import { clusterGrants, tenants } from '../../../src/store/schema/fleet.ts';
import { type SubtaskState, subtasks, taskInstances } from '../../../src/store/schema/tasks.ts';
import type { NewTask } from '../../../src/tasks/handlers.ts';
import { SHARED_QUEUE } from '../../../src/tasks/jobs.ts';
import { writeStepLog } from '../../../src/tasks/step-log.ts';
import { submitTask } from '../../../src/tasks/submit-task.ts';
import { type Caller, clusterRow, type OcpClient, ocpClient } from './client.ts';

let client: OcpClient;
let clusterId: number;
let tenantId: number;

const AT = new Date('2021-09-03T07:05:01.100Z');
const LATER = new Date('2021-09-03T07:06:02.000Z');

beforeAll(async () => {
  client = await ocpClient({ TIME_ZONE: 'Asia/Shanghai' });
  clusterId = await clusterRow(client, { name: 'odc_meta1', obClusterId: 100_005, kind: 'POSTGRESQL' });
  const stamps = { createdAt: AT, updatedAt: AT };
  const [row] = await client.database.db
    .insert(tenants)
    .values({ clusterId, name: 'shop', obTenantId: 1001, ...stamps })
    .returning({ id: tenants.id });
  tenantId = row?.id ?? 0;
});
afterAll(() => client.close());

const TWO_STEPS: NewTask['steps'] = [
  { key: 'finish', name: 'Finish node', handler: 'finish', dependsOn: ['prepare'] },
  { key: 'prepare', name: 'Prepare obproxy install', handler: 'prepare', timeoutSeconds: 300 },
];

async function submit(given: Partial<NewTask> = {}) {
  const task = { name: 'Install obproxy', kind: 'test', queue: SHARED_QUEUE, creatorId: client.admin.userId };
  const whole = { ...task, context: { cluster_id: clusterId, tenant_id: tenantId }, steps: TWO_STEPS, ...given };
  const { taskId, subtaskIds } = await client.database.db.transaction((tx) => submitTask(tx, whole, { at: AT }));
  return {
    taskId,
    id: (key: string) => subtaskIds.get(key) ?? 0,
    path: `/api/v2/tasks/instances/${taskId}`,
    subtask: (key: string) => `/api/v2/tasks/instances/${taskId}/subtasks/${subtaskIds.get(key)}`,
  };
}

type Submitted = Awaited<ReturnType<typeof submit>>;

/** As a worker would leave it. */
async function set(
  task: Submitted,
  key: string,
  state: SubtaskState,
  more: Partial<typeof subtasks.$inferInsert> = {},
) {
  const ended = state === 'SUCCESSFUL' || state === 'FAILED' ? { finishedAt: LATER } : {};
  await client.database.db
    .update(subtasks)
    .set({ state, startedAt: AT, executor: 'host-1', ...ended, ...more })
    .where(eq(subtasks.id, task.id(key)));
}

async function setTask({ taskId }: Submitted, values: Partial<typeof taskInstances.$inferInsert>): Promise<void> {
  await client.database.db.update(taskInstances).set(values).where(eq(taskInstances.id, taskId));
}

async function failed(given: Partial<NewTask> = {}): Promise<Submitted> {
  const task = await submit(given);
  await set(task, 'prepare', 'FAILED');
  await setTask(task, { state: 'FAILED', finishedAt: LATER });
  return task;
}

describe('the creator of a task', () => {
  it('has a number of its own, the same everywhere and always, whatever its uuid is like', async () => {
    const uuids = ['0198c9f0-1234-7000-8000-000000000001', '0198c9f0-1234-7000-8000-000000000002'];
    const stamps = { createdAt: AT, updatedAt: AT };
    const people = uuids.map((id) => ({ id, username: `made at once ${id}`, email: 'x@example.test', ...stamps }));
    await client.database.db.insert(users).values(people);
    const creators = [];
    for (const creatorId of uuids) {
      const { path } = await submit({ creatorId });
      const { creator } = (await client.call('GET', path)).body.data;
      expect((await client.call('GET', '/api/v2/tasks/instances?size=1')).body.data.contents[0].creator).toEqual(
        creator,
      );
      creators.push(creator);
    }
    expect(creators.map(({ name }) => name)).toEqual(people.map(({ username }) => username));
    expect(creators[0].id).toBeGreaterThan(1000);
    expect(creators[1].id).not.toBe(creators[0].id);
    await client.database.db
      .update(users)
      .set({ username: 'renamed' })
      .where(eq(users.id, uuids[0] ?? ''));
    const { path } = await submit({ creatorId: uuids[0] ?? null });
    expect((await client.call('GET', path)).body.data.creator).toEqual({ id: creators[0].id, name: 'renamed' });
    await client.database.db.delete(users).where(eq(users.id, uuids[0] ?? ''));
    expect((await client.call('GET', path)).body.data.creator).toEqual({ id: 0, name: 'unknown' });
  });
});

describe('the shapes of a task', () => {
  it('in a list: BasicTaskInstance, with what is null left out', async () => {
    const task = await submit();
    const { status, body } = await client.call('GET', `/api/v2/tasks/instances?name=INSTALL&cluterName=odc_m&size=1`);
    expect(status).toBe(200);
    expect(body.data.page).toMatchObject({ number: 1, size: 1 });
    const [shown] = body.data.contents;
    expect(shown).toEqual({
      id: task.taskId,
      name: 'Install obproxy',
      cluster: { id: clusterId, name: 'odc_meta1', obClusterId: 100_005, type: 'PRIMARY' },
      tenant: { id: tenantId, name: 'shop', mode: 'POSTGRESQL', obTenantId: 1001 },
      creator: { id: expect.any(Number), name: client.admin.username },
      status: 'RUNNING',
      startTime: '2021-09-03T15:05:01.1+08:00',
      subtasks: [
        {
          id: task.id('finish'),
          name: 'Finish node',
          description: 'Finish node',
          status: 'PENDING',
          operation: 'EXECUTE',
        },
        {
          id: task.id('prepare'),
          name: 'Prepare obproxy install',
          description: 'Prepare obproxy install',
          status: 'READY',
          operation: 'EXECUTE',
        },
      ],
    });
    expect(Number.isSafeInteger(shown.creator.id)).toBe(true);
  });

  it('alone: WrappedTaskInstance, also where some clients look for it', async () => {
    const task = await submit({ creatorId: null, context: {}, type: 'SYS_SCHEDULED' });
    await set(task, 'prepare', 'RUNNING');
    const { body } = await client.call('GET', task.path);
    expect(body.data).toEqual({
      id: task.taskId,
      name: 'Install obproxy',
      creator: { id: 200, name: 'system' },
      createTime: '2021-09-03T15:05:01+08:00',
      startTime: '2021-09-03T15:05:01.1+08:00',
      status: 'RUNNING',
      operation: 'EXECUTE',
      type: 'SYS_SCHEDULED',
      executor: expect.stringMatching(/./),
      prohibitRollback: false,
      taskDefinitionId: -1,
      subtasks: [
        {
          id: task.id('finish'),
          name: 'Finish node',
          description: 'Finish node',
          seriesId: 0,
          timeout: 0,
          status: 'PENDING',
          operation: 'EXECUTE',
          runTime: 1,
          nodeType: 'JAVA_TASK',
          parallelIdx: -1,
          upstreams: [task.id('prepare')],
          downstreams: [],
          prohibitRollback: false,
          createTime: '2021-09-03T15:05:01+08:00',
        },
        {
          id: task.id('prepare'),
          name: 'Prepare obproxy install',
          description: 'Prepare obproxy install',
          seriesId: 1,
          timeout: 300,
          status: 'RUNNING',
          operation: 'EXECUTE',
          executor: 'host-1',
          runTime: 1,
          nodeType: 'JAVA_TASK',
          parallelIdx: -1,
          upstreams: [],
          downstreams: [task.id('finish')],
          prohibitRollback: false,
          createTime: '2021-09-03T15:05:01+08:00',
          startTime: '2021-09-03T15:05:01.1+08:00',
        },
      ],
    });
    expect((await client.call('GET', `/api/v2/tasks/${task.taskId}`)).body.data).toEqual(body.data);
  });

  it('just started: TaskInstance, as taking a snapshot answers it', async () => {
    const { status, body } = await client.call(
      'POST',
      `/api/v2/ob/clusters/${clusterId}/performance/workload/snapshots`,
    );
    expect(status).toBe(200);
    const { data } = body;
    const [subtask] = data.subtasks;
    expect(data).toEqual({
      context: {
        listMap: {},
        parallel: false,
        parallelIdx: -1,
        stringMap: { prohibit_rollback: 'false', cluster_id: String(clusterId), trigger: 'manual' },
      },
      creator: client.admin.username,
      executor: expect.any(String),
      id: data.taskInstanceId,
      taskInstanceId: expect.any(Number),
      clusterId,
      name: 'Capture snapshot of odc_meta1',
      operation: 'EXECUTE',
      createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/),
      startTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?\+08:00$/),
      status: 'RUNNING',
      taskDefinitionId: -1,
      type: 'MANUAL',
      subtasks: [
        {
          className: 'capture-snapshot',
          createTime: data.createTime,
          description: 'Capture snapshot',
          downstreams: [],
          id: subtask.id,
          name: 'Capture snapshot',
          nodeType: 'JAVA_TASK',
          operation: 'EXECUTE',
          parallelIdx: -1,
          prohibitRollback: false,
          runTime: 1,
          seriesId: 0,
          status: 'READY',
          timeout: 180,
          upstreams: [],
        },
      ],
    });
    const [row] = await client.database.db.select().from(taskInstances).where(eq(taskInstances.id, data.id));
    expect(row).toMatchObject({ clusterId, tenantId: null, hostId: null });
  });
});

describe('the list', () => {
  it('is narrowed by names, states, types and ids, and sorted', async () => {
    const one = await submit({
      name: 'Narrow alpha',
      context: { cluster_id: clusterId, host_id: 77 },
      type: 'SCHEDULED',
    });
    const two = await failed({ name: 'Narrow beta_1', context: { tenant_id: tenantId } });
    const ids = async (query: string) =>
      (await client.call('GET', `/api/v2/tasks/instances?${query}`)).body.data.contents.map(
        (t: { id: number }) => t.id,
      );
    expect(await ids('name=narrow')).toEqual([two.taskId, one.taskId]);
    expect(await ids('name=narrow&sort=id,asc')).toEqual([one.taskId, two.taskId]);
    expect(await ids('name=narrow&sort=name,desc')).toEqual([two.taskId, one.taskId]);
    expect(await ids('name=beta_1')).toEqual([two.taskId]);
    expect(await ids('name=a_p')).toEqual([]);
    expect(await ids('name=narrow&status=FAILED,SUCCESSFUL')).toEqual([two.taskId]);
    expect(await ids('name=narrow&status=FAILED&status=RUNNING')).toEqual([two.taskId, one.taskId]);
    expect(await ids('name=narrow&type=SCHEDULED')).toEqual([one.taskId]);
    expect(await ids('name=narrow&type=SYS_ONECE')).toEqual([]);
    expect(await ids(`name=narrow&clusterId=${clusterId}`)).toEqual([one.taskId]);
    expect(await ids('name=narrow&clusterName=ODC')).toEqual([one.taskId]);
    expect(await ids('name=narrow&cluterName=nobody')).toEqual([]);
    expect(await ids(`name=narrow&tenantId=${tenantId}`)).toEqual([two.taskId]);
    expect(await ids('name=narrow&tenantName=SHO')).toEqual([two.taskId]);
    expect(await ids('name=narrow&hostId=77')).toEqual([one.taskId]);
    expect(await ids('name=narrow&page=2&size=1')).toEqual([one.taskId]);
    for (const query of ['status=DONE', 'sort=nothing', 'clusterId=x', 'size=0']) {
      expect((await client.call('GET', `/api/v2/tasks/instances?${query}`)).status).toBe(400);
    }
  });

  it('of ten thousand tasks is as fast at its end as at its beginning', async () => {
    const { sql } = client.database;
    await sql`
      with made as (
        insert into task_instances (name, kind, state, queue, context, created_at, updated_at, finished_at)
        select 'Bulk ' || n, 'test', 'SUCCESSFUL', ${SHARED_QUEUE}, jsonb_build_object('cluster_id', ${clusterId}::int),
          ${AT.toISOString()}::timestamptz, ${AT.toISOString()}::timestamptz, ${AT.toISOString()}::timestamptz
        from generate_series(1, 10000) n returning id)
      insert into subtasks (task_instance_id, series_id, name, handler, state, created_at, updated_at)
      select id, s, 'Step', 'none', 'SUCCESSFUL', ${AT.toISOString()}::timestamptz, ${AT.toISOString()}::timestamptz
      from made, generate_series(0, 4) s`;
    await sql`analyze task_instances, subtasks`;
    const fastest = async (query: string): Promise<number> => {
      const times: number[] = [];
      for (let n = 0; n < 5; n += 1) {
        const began = performance.now();
        const { body } = await client.call('GET', `/api/v2/tasks/instances?${query}`);
        times.push(performance.now() - began);
        expect(body.data.contents).toHaveLength(10);
        expect(body.data.contents[0].subtasks).toHaveLength(5);
      }
      return Math.min(...times);
    };
    const first = await fastest('name=bulk&page=1');
    const last = await fastest('name=bulk&page=1000');
    const ofCluster = await fastest(`name=bulk&clusterId=${clusterId}&status=SUCCESSFUL`);
    expect(Math.max(first, last, ofCluster)).toBeLessThan(1_000);
    const plan = await sql.unsafe(
      `explain select * from subtasks where task_instance_id in (5, 6, 7) and series_id < 1000`,
    );
    expect(JSON.stringify(plan)).toContain('subtasks_series');
  });
});

describe('the guards', () => {
  const problem = (code: number) => ({ successful: false, status: code === 20_000 ? 404 : 400, error: { code } });

  it('let nothing happen in the wrong state', async () => {
    const running = await submit();
    await set(running, 'prepare', 'RUNNING', { workerId: client.admin.userId });
    const bad = await failed();
    const undoing = await failed();
    await setTask(undoing, { operation: 'ROLLBACK' });
    const done = await submit();
    await set(done, 'prepare', 'SUCCESSFUL');
    await setTask(done, { state: 'SUCCESSFUL' });
    const refusals = [
      `${running.path}/retry`,
      `${running.path}/rollback`,
      `${done.path}/retry`,
      `${done.path}/rollback`,
      `${undoing.path}/retry`,
      `${undoing.subtask('prepare')}/retry`,
      `${running.subtask('prepare')}/retry`,
      `${running.subtask('prepare')}/skip`,
      `${done.subtask('prepare')}/skip`,
      `${bad.subtask('finish')}/retry`,
      `${bad.subtask('finish')}/skip`,
      `${bad.subtask('prepare')}/cancel`,
      `${bad.subtask('finish')}/cancel`,
    ];
    for (const path of refusals) {
      const answer = await client.call('POST', path);
      expect({ path, ...answer.body }).toMatchObject({ path, ...problem(20_003) });
      expect(answer.status).toBe(400);
      expect(answer.body).not.toHaveProperty('data');
    }
    const { body } = await client.call('POST', `${running.path}/retry`);
    expect(body.error.message).toBe(
      `This operation is not supported for the ${running.taskId} task in the RUNNING state.`,
    );
  });

  it('know no task, and no subtask of another one', async () => {
    const one = await failed();
    const two = await failed();
    const paths = ['/api/v2/tasks/instances/1', '/api/v2/tasks/1'];
    for (const path of paths) expect((await client.call('GET', path)).body).toMatchObject(problem(20_000));
    const stray = `${one.path}/subtasks/${two.id('prepare')}`;
    expect((await client.call('GET', `${stray}/log`)).body).toMatchObject(problem(20_000));
    for (const verb of ['retry', 'skip', 'cancel']) {
      expect((await client.call('POST', `${stray}/${verb}`)).body).toMatchObject(problem(20_000));
      expect((await client.call('POST', `${one.path}/subtasks/1/${verb}`)).status).toBe(404);
    }
    for (const verb of ['retry', 'rollback']) {
      expect((await client.call('POST', `/api/v2/tasks/instances/1/${verb}`)).body).toMatchObject(problem(20_000));
    }
    const { body } = await client.call('GET', '/api/v2/tasks/instances/1', { headers: { 'Accept-Language': 'zh-CN' } });
    expect(body.error.message).toBe('任务 1 不存在。');
    expect((await client.call('GET', '/api/v2/tasks/instances/x')).status).toBe(400);
  });

  it('keep what may not be undone from being rolled back', async () => {
    const never = await failed({ prohibitRollback: true });
    const steps = TWO_STEPS.map((step) => ({ ...step, prohibitRollback: step.key === 'prepare' }));
    const begun = await failed({ steps });
    const later = await failed({
      steps: TWO_STEPS.map((step) => ({ ...step, prohibitRollback: step.key === 'finish' })),
    });
    for (const task of [never, begun]) {
      const { status, body } = await client.call('POST', `${task.path}/rollback`);
      expect({ status, code: body.error.code, message: body.error.message }).toEqual({
        status: 400,
        code: 20_004,
        message: `Task ${task.taskId} can not rollback.`,
      });
      expect((await client.call('GET', task.path)).body.data).toMatchObject({
        prohibitRollback: true,
        status: 'FAILED',
      });
    }
    expect((await client.call('GET', later.path)).body.data.prohibitRollback).toBe(false);
    expect((await client.call('POST', `${later.path}/rollback`)).status).toBe(200);
  });
});

describe('changing a task', () => {
  const audited = async (objectId: number, action: string) => {
    const rows = await client.database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.objectId, String(objectId)));
    return rows.filter((row) => row.action === action);
  };

  it('retry: the task runs again, its FAILED subtasks are READY', async () => {
    const task = await failed();
    const { body } = await client.call('POST', `${task.path}/retry`);
    expect(body.data).toMatchObject({ id: task.taskId, status: 'RUNNING', operation: 'RETRY' });
    expect(body.data).not.toHaveProperty('finishTime');
    const prepare = body.data.subtasks.find((step: { name: string }) => step.name.startsWith('Prepare'));
    expect(prepare).toMatchObject({ status: 'READY', operation: 'RETRY', runTime: 2 });
    expect(prepare).not.toHaveProperty('className');
    const [row] = await audited(task.taskId, 'task.retry');
    expect(row).toMatchObject({ actorId: client.admin.userId, objectKind: 'task_instance' });
  });

  it('rollback: what is not PENDING goes back, the last first', async () => {
    const task = await submit();
    await set(task, 'prepare', 'SUCCESSFUL');
    await set(task, 'finish', 'FAILED', { pendingParents: 0 });
    await setTask(task, { state: 'FAILED', finishedAt: LATER });
    const { body } = await client.call('POST', `${task.path}/rollback`);
    expect(body.data).toMatchObject({ status: 'RUNNING', operation: 'ROLLBACK' });
    expect(body.data.subtasks.map((s: Record<string, unknown>) => [s.status, s.operation])).toEqual([
      ['READY', 'ROLLBACK'],
      ['SUCCESSFUL', 'ROLLBACK'],
    ]);
    expect(await audited(task.taskId, 'task.rollback')).toHaveLength(1);
  });

  it("a subtask's retry answers it; skip and cancel answer nothing", async () => {
    const retried = await failed();
    const { body } = await client.call('POST', `${retried.subtask('prepare')}/retry`);
    expect(body.data).toMatchObject({
      id: retried.id('prepare'),
      className: 'prepare',
      status: 'READY',
      operation: 'RETRY',
      downstreams: [retried.id('finish')],
    });
    const skipped = await failed();
    const skip = await client.call('POST', `${skipped.subtask('prepare')}/skip`);
    expect(skip.status).toBe(200);
    expect(skip.body).toMatchObject({ successful: true });
    expect(skip.body).not.toHaveProperty('data');
    const after = (await client.call('GET', skipped.path)).body.data;
    expect(after.status).toBe('RUNNING');
    expect(after.subtasks.map((s: Record<string, unknown>) => [s.status, s.operation])).toEqual([
      ['READY', 'EXECUTE'],
      ['SUCCESSFUL', 'SKIP'],
    ]);
    const canceled = await submit();
    await set(canceled, 'prepare', 'RUNNING', { workerId: client.admin.userId });
    const cancel = await client.call('POST', `${canceled.subtask('prepare')}/cancel`);
    expect(cancel.body).not.toHaveProperty('data');
    expect((await client.call('GET', canceled.path)).body.data.subtasks[1]).toMatchObject({
      status: 'CANCELING',
      operation: 'CANCEL',
    });
    expect(await audited(retried.id('prepare'), 'subtask.retry')).toHaveLength(1);
    expect(await audited(skipped.id('prepare'), 'subtask.skip')).toHaveLength(1);
    expect(await audited(canceled.id('prepare'), 'subtask.cancel')).toHaveLength(1);
  });

  it('is for admins, for who may write the cluster, and for who started a task without one', async () => {
    const grant = async (caller: Caller, access: 'read' | 'read_write') => {
      await client.database.db.insert(clusterGrants).values({ clusterId, userId: caller.userId, access });
    };
    const [reader, writer, stranger] = [await client.user(), await client.user(), await client.user()];
    await grant(reader, 'read');
    await grant(writer, 'read_write');
    const task = await failed({ name: 'Rights' });
    const own = await failed({ name: 'Rights', context: {}, creatorId: stranger.userId });
    const status = async (caller: Caller, method: string, path: string) =>
      (await client.call(method, path, { as: caller })).status;
    const seen = async (caller: Caller) =>
      (await client.call('GET', '/api/v2/tasks/instances?name=Rights', { as: caller })).body.data.page.totalElements;
    expect([await seen(client.admin), await seen(reader), await seen(writer), await seen(stranger)]).toEqual([
      2, 1, 1, 1,
    ]);
    expect(await status(stranger, 'GET', task.path)).toBe(403);
    expect(await status(stranger, 'GET', `${task.subtask('prepare')}/log`)).toBe(403);
    expect(await status(reader, 'GET', task.path)).toBe(200);
    expect(await status(reader, 'GET', `${task.subtask('prepare')}/log`)).toBe(200);
    for (const path of ['/retry', '/rollback']) expect(await status(reader, 'POST', task.path + path)).toBe(403);
    for (const verb of ['retry', 'skip', 'cancel']) {
      expect(await status(reader, 'POST', `${task.subtask('prepare')}/${verb}`)).toBe(403);
    }
    expect(await status(writer, 'POST', `${own.path}/retry`)).toBe(403);
    expect(await status(stranger, 'POST', `${own.path}/retry`)).toBe(200);
    expect(await status(writer, 'POST', `${task.path}/retry`)).toBe(200);
    expect((await client.call('GET', task.path, { as: null })).status).toBe(401);
  });
});

describe('the log of a subtask', () => {
  it('is a chunk per attempt, in local time, without secrets', async () => {
    const task = await submit();
    const subtaskId = task.id('prepare');
    const { sql, db } = client.database;
    const begin = async (attempt: number, operation: string, at: Date) => {
      await sql`insert into subtask_attempts (subtask_id, attempt, operation, executor, began_at)
        values (${subtaskId}, ${attempt}, ${operation}, 'host-1', ${at.toISOString()})`;
    };
    await begin(1, 'EXECUTE', AT);
    const line = { subtaskId, attempt: 1, level: 'warn' as const };
    await writeStepLog(
      db,
      { ...line, message: 'could not connect to postgres://u:hunter2@db/x, password=hunter2' },
      AT,
    );
    await writeStepLog(
      db,
      { ...line, level: 'error', message: 'unavailable: gone', detail: { accessKey: 'hunter2', ms: 5 } },
      LATER,
    );
    await begin(2, 'RETRY', LATER);
    // A line of an older version, which was not masked when it was written.
    await sql`insert into subtask_log (subtask_id, attempt, at, level, message, detail)
      values (${subtaskId}, 2, ${LATER.toISOString()}, 'info', 'token: hunter2', '{"nested": {"secret": ["hunter2"]}}')`;
    await set(task, 'prepare', 'SUCCESSFUL', { operation: 'RETRY' });
    const { body } = await client.call('GET', `${task.subtask('prepare')}/log`);
    const head = `INFO Run subtask, id=${subtaskId}, name=Prepare obproxy install`;
    expect(body.data.log.split('\n')).toEqual([
      '############{EXECUTE}{2021-09-03T15:05:01.1+08:00}############',
      `2021-09-03T15:05:01.1+08:00 ${head}, attempt=1, executor=host-1`,
      '2021-09-03T15:05:01.1+08:00 WARN could not connect to postgres://u:***@db/x, password=***',
      '2021-09-03T15:06:02+08:00 ERROR unavailable: gone {"ms":5,"accessKey":"***"}',
      '############{RETRY}{2021-09-03T15:06:02+08:00}############',
      `2021-09-03T15:06:02+08:00 ${head}, attempt=2, executor=host-1`,
      '2021-09-03T15:06:02+08:00 INFO token: *** {"nested":{"secret":"***"}}',
      `2021-09-03T15:06:02+08:00 INFO Set state for subtask: ${subtaskId}, operation: RETRY, state: SUCCESSFUL`,
    ]);
    const stored = await sql`select message, detail from subtask_log where subtask_id = ${subtaskId} and attempt = 1`;
    expect(JSON.stringify(stored)).not.toContain('hunter2');
    const empty = await client.call('GET', `${task.subtask('finish')}/log`);
    expect(empty.body.data).toEqual({ log: '' });
  });
});
