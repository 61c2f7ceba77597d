import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BroadsheetError } from '../../../src/errors.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { retryRun } from '../../../src/operations/runs/retry-run.ts';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { CAPTURE_SNAPSHOT } from '../../../src/operations/snapshots/parts.ts';
import { requestSnapshot } from '../../../src/operations/snapshots/request-snapshot.ts';
import { retrySubtask, skipSubtask } from '../../../src/operations/tasks/change-subtask.ts';
import { getTask } from '../../../src/operations/tasks/get-task.ts';
import { listTasks } from '../../../src/operations/tasks/list-tasks.ts';
import { readSubtaskLog } from '../../../src/operations/tasks/read-subtask-log.ts';
import { retryTask, rollbackTask } from '../../../src/operations/tasks/retry-task.ts';
import { taskHooks } from '../../../src/operations/tasks/task-hooks.ts';
import { createWorkloadReport } from '../../../src/operations/workload/create-report.ts';
import { GENERATE_WORKLOAD, STORE_WORKLOAD } from '../../../src/operations/workload/parts.ts';
import { clusters, snapshots, workloadReports } from '../../../src/store/schema/fleet.ts';
import type { RunState } from '../../../src/store/schema/runs.ts';
import { taskInstances } from '../../../src/store/schema/tasks.ts';
import type { Handlers, StepHandler } from '../../../src/tasks/handlers.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { createUser, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { taskRow, until, workerOf } from '../../tasks/engine.ts';
import { createTask, fire, ledgerOf, type Press, partsOf, runOf, sent } from '../runs/press.ts';

let database: TestDatabase;
let ctx: Ctx;
const workers: Worker[] = [];

beforeAll(async () => {
  database = await testDatabase({ max: 20 });
  ctx = testCtx(database);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
});
afterAll(async () => database.close());

async function start(handlers: Handlers): Promise<void> {
  const worker = workerOf(database, handlers);
  workers.push(worker);
  await worker.start();
}

const workRuns = (press: Press) => start(createRunHandlers(ctx, partsOf(database.db, press)));
const workSteps = (steps: Record<string, StepHandler['run']>) =>
  start({
    steps: Object.fromEntries(Object.entries(steps).map(([key, run]) => [key, { run, timeoutMs: 60_000 }])),
    expandRun: async () => null,
    ...taskHooks(ctx),
  });

const runEnded = (id: string, ...states: RunState[]) =>
  until(
    () => runOf(database.db, id),
    (run) => states.includes(run.state),
  );
const taskEnded = (id: number) =>
  until(
    () => taskRow(database, id),
    (task) => task.state !== 'RUNNING',
  );
const fail = async (): Promise<never> => {
  throw new BroadsheetError('bad_request', 'broken');
};

describe("a report run's task", () => {
  it('retried as a task, the run runs again and failed deliveries have all their tries', async () => {
    let refused = true;
    await workRuns({
      send: async () => (refused ? { state: 'REFUSED', response: '550 nobody here' } : sent),
    });
    const run = await fire(ctx, await createTask(database.db, { instance: randomUUID() }));
    const { taskInstanceId } = await runEnded(run.id, 'FAILED');
    const id = taskInstanceId ?? 0;
    const { task, rollbackProhibited, steps } = await getTask({ ctx, input: { id } });
    expect(task).toMatchObject({ name: 'Run report', type: 'SCHEDULED', state: 'FAILED' });
    expect(rollbackProhibited).toBe(true);
    expect(steps.map(({ step }) => [step.seriesId, step.timeoutSeconds, step.prohibitRollback])).toEqual([
      [0, 900, false],
      [1, 600, true],
    ]);
    await expect(rollbackTask({ ctx, input: { id } })).rejects.toMatchObject({ detail: { rule: 'task_no_rollback' } });
    refused = false;
    await retryTask({ ctx, input: { id } });
    expect((await runEnded(run.id, 'SUCCESSFUL')).error).toBeNull();
    expect(await ledgerOf(database.db, run.id)).toMatchObject([{ state: 'SENT', attempts: 1 }]);
    expect((await taskRow(database, id)).operation).toBe('RETRY');
  });

  it('one delivery retried as a subtask gives the run a new verdict', async () => {
    let refused = 'b@example.test';
    await workRuns({
      send: async (letter) => (letter.recipient === refused ? { state: 'REFUSED', response: '550 no' } : sent),
    });
    const recipients = { to: ['a@example.test', 'b@example.test'], cc: [], bcc: [] };
    const run = await fire(ctx, await createTask(database.db, { instance: randomUUID(), recipients }));
    const { taskInstanceId } = await runEnded(run.id, 'PARTIAL');
    const taskId = taskInstanceId ?? 0;
    const { steps } = await getTask({ ctx, input: { id: taskId } });
    const subtaskId = steps.find(({ step }) => step.state === 'FAILED')?.step.id ?? 0;
    refused = '';
    const { step } = await retrySubtask({ ctx, input: { taskId, subtaskId } });
    expect(step).toMatchObject({ state: 'READY', runTime: 2 });
    await runEnded(run.id, 'SUCCESSFUL');
    const log = await readSubtaskLog({ ctx, input: { taskId, subtaskId } });
    expect(log.attempts.map(({ begun, lines }) => [begun?.operation, lines.length > 0])).toEqual([
      ['EXECUTE', true],
      ['RETRY', true],
    ]);
  });

  it('rolled back before anything could be sent, the run stays FAILED, and is retried no more', async () => {
    await workRuns({ print: fail });
    const run = await fire(ctx, await createTask(database.db, { instance: randomUUID() }));
    const { taskInstanceId } = await runEnded(run.id, 'FAILED');
    const id = taskInstanceId ?? 0;
    const details = await rollbackTask({ ctx, input: { id } });
    expect(details.task).toMatchObject({ state: 'RUNNING', operation: 'ROLLBACK' });
    expect(await taskEnded(id)).toMatchObject({ state: 'SUCCESSFUL', operation: 'ROLLBACK' });
    expect((await runOf(database.db, run.id)).state).toBe('FAILED');
    await expect(retryRun({ ctx, input: { id: run.id } })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is changed by who may change the run, not by everybody who once asked for it', async () => {
    await workRuns({ print: fail });
    const asker = await createUser(database.db);
    const run = await fire(ctx, await createTask(database.db, { instance: randomUUID() }));
    const { taskInstanceId } = await runEnded(run.id, 'FAILED');
    const id = taskInstanceId ?? 0;
    await database.db.update(taskInstances).set({ creatorId: asker.userId }).where(eq(taskInstances.id, id));
    const theirs = { ...ctx, actor: asker };
    const { items } = await listTasks({ ctx: theirs, input: { page: 1, size: 10 } });
    expect(items.map(({ task }) => task.id)).toEqual([id]);
    await expect(retryTask({ ctx: theirs, input: { id } })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(rollbackTask({ ctx: theirs, input: { id } })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

async function createClusterRow(): Promise<number> {
  const at = await ctx.clock.now();
  const stamps = { createdAt: at, updatedAt: at };
  const url = { urlSealed: Buffer.from('none'), urlMasked: 'postgres://none' };
  const [row] = await database.db
    .insert(clusters)
    .values({ name: `c ${randomUUID()}`, kind: 'POSTGRESQL', obClusterId: 1, captureEnabled: false, ...url, ...stamps })
    .returning({ id: clusters.id });
  return row?.id ?? 0;
}

describe("a workload report's task", () => {
  const snapshotAt = async (clusterId: number, capturedAt: Date): Promise<number> => {
    const [row] = await database.db
      .insert(snapshots)
      .values({ clusterId, capturedAt, createdAt: capturedAt, trigger: 'manual', state: 'ok', engine: 'postgres' })
      .returning({ id: snapshots.id });
    return row?.id ?? 0;
  };
  const order = async () => {
    const clusterId = await createClusterRow();
    const now = (await ctx.clock.now()).getTime();
    const startSnapshotId = await snapshotAt(clusterId, new Date(now - 7_200_000));
    const endSnapshotId = await snapshotAt(clusterId, new Date(now - 3_600_000));
    const input = { clusterId, startSnapshotId, endSnapshotId, name: 'r' };
    const { report } = await createWorkloadReport({ ctx, input });
    return { id: report.id, taskId: report.taskInstanceId ?? 0 };
  };
  const statusOf = async (id: number) => {
    const [row] = await database.db.select().from(workloadReports).where(eq(workloadReports.id, id));
    return row?.status;
  };

  it('retried, the report is CREATING again until the task has ended', async () => {
    const held = Promise.withResolvers<void>();
    let tries = 0;
    await workSteps({
      [GENERATE_WORKLOAD]: async () => {
        tries += 1;
        if (tries > 1) await held.promise;
        return fail();
      },
    });
    const { id, taskId } = await order();
    expect((await taskEnded(taskId)).state).toBe('FAILED');
    expect(await statusOf(id)).toBe('FAILED');
    await retryTask({ ctx, input: { id: taskId } });
    expect(await statusOf(id)).toBe('CREATING');
    held.resolve();
    await taskEnded(taskId);
    expect([tries, await statusOf(id)]).toEqual([2, 'FAILED']);
  });

  it('rolled back or skipped, the report stays FAILED: nothing was made', async () => {
    await workSteps({ [GENERATE_WORKLOAD]: fail, [STORE_WORKLOAD]: fail });
    const [undone, skipped] = [await order(), await order()];
    await taskEnded(undone.taskId);
    await taskEnded(skipped.taskId);
    await rollbackTask({ ctx, input: { id: undone.taskId } });
    expect((await taskEnded(undone.taskId)).state).toBe('SUCCESSFUL');
    const { steps } = await getTask({ ctx, input: { id: skipped.taskId } });
    for (const { step } of steps) {
      await skipSubtask({ ctx, input: { taskId: skipped.taskId, subtaskId: step.id } });
      await taskEnded(skipped.taskId);
    }
    expect((await taskRow(database, skipped.taskId)).state).toBe('SUCCESSFUL');
    expect([await statusOf(undone.id), await statusOf(skipped.id)]).toEqual(['FAILED', 'FAILED']);
  });
});

describe("a snapshot's task", () => {
  it('rolled back after it failed, leaves the one failed snapshot that it was', async () => {
    await workSteps({ [CAPTURE_SNAPSHOT]: fail });
    const clusterId = await createClusterRow();
    const { taskId } = await requestSnapshot({ ctx, input: { clusterId } });
    expect(await taskEnded(taskId)).toMatchObject({ state: 'FAILED', type: 'MANUAL', clusterId });
    await rollbackTask({ ctx, input: { id: taskId } });
    expect((await taskEnded(taskId)).state).toBe('SUCCESSFUL');
    const rows = await database.db.select().from(snapshots).where(eq(snapshots.clusterId, clusterId));
    expect(rows.map((row) => row.state)).toEqual(['failed']);
  });
});
