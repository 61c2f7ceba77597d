import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import { keepRetention } from '../../../src/operations/archive/keep-retention.ts';
import { startRetention } from '../../../src/operations/archive/tick.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { auditLog } from '../../../src/store/schema/access.ts';
import { deliveries, documents, idempotencyKeys, notices, runs } from '../../../src/store/schema/runs.ts';
import { subtaskLog, subtasks, taskInstances } from '../../../src/store/schema/tasks.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { createReportRow, createTaskRow, INSTANCE } from '../report-tasks/task-fixtures.ts';
import { createDocument } from './document-fixtures.ts';

const NOW = new Date('2026-06-01T03:17:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const settings = { DOCUMENT_RETENTION_DAYS: '30', RUN_RETENTION_DAYS: '60' };
const NOTHING = {
  workloadReports: 0,
  documents: 0,
  runs: 0,
  tasks: 0,
  keys: 0,
  notices: 0,
  snapshots: 0,
  samples: 0,
  texts: 0,
  loginFailures: 0,
};

let database: TestDatabase;
let ctx: Ctx;
let reportId: string;
const clock = fixedClock(NOW);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
});
beforeEach(async () => {
  await database.sql`truncate report_tasks, reports, runs, task_instances, documents, notices, audit_log cascade`;
  clock.set(NOW);
  ctx = testCtx({ db: database.db, clock, config: testConfig(settings) });
  reportId = await createReportRow(database.db);
});

const left = async (table: string): Promise<string[]> =>
  (await database.db.execute<{ id: string }>(sql.raw(`select id from ${table} order by created_at`))).map(
    (row) => row.id,
  );

const document = (days: number, taskId?: string) =>
  createDocument(database.db, { reportId, at: daysAgo(days), ...(taskId ? { taskId } : {}) });

async function run(days: number, values: Partial<typeof runs.$inferInsert> = {}): Promise<string> {
  const id = randomUUID();
  const at = daysAgo(days);
  const row = {
    id,
    reportId,
    instance: INSTANCE,
    trigger: 'manual' as const,
    state: 'SUCCESSFUL' as const,
    finishedAt: at,
  };
  await database.db.insert(runs).values({ ...row, scheduledFor: at, createdAt: at, updatedAt: at, ...values });
  return id;
}

async function taskInstance(days: number, state: 'SUCCESSFUL' | 'RUNNING' = 'SUCCESSFUL'): Promise<number> {
  const at = daysAgo(days);
  const times = { createdAt: at, updatedAt: at };
  const finishedAt = state === 'RUNNING' ? null : at;
  const task = { ...times, name: 'Run report', kind: 'report-run', state, queue: INSTANCE, finishedAt };
  const [made] = await database.db.insert(taskInstances).values(task).returning({ id: taskInstances.id });
  const step = { ...times, taskInstanceId: made?.id ?? 0, name: 'Make', handler: 'make', state: 'SUCCESSFUL' as const };
  const [subtask] = await database.db.insert(subtasks).values(step).returning({ id: subtasks.id });
  await database.db
    .insert(subtaskLog)
    .values({ subtaskId: subtask?.id ?? 0, at, attempt: 1, level: 'info', message: 'done' });
  return made?.id ?? 0;
}

describe('documents', () => {
  it('older than their time go, but for the last one of every task', async () => {
    const [daily, yearly] = [
      await createTaskRow(database.db, { reportId, after: NOW }),
      await createTaskRow(database.db, { reportId, after: NOW }),
    ];
    const [kept, gone] = [[] as string[], [] as string[]];
    gone.push(
      (await document(500, yearly)).id,
      (await document(400)).id,
      (await document(31, daily)).id,
      (await document(30.01)).id,
    );
    kept.push((await document(300, yearly)).id, (await document(29, daily)).id, (await document(29.9)).id);
    expect(await keepRetention({ ctx })).toMatchObject({ documents: 4 });
    expect((await left('documents')).sort()).toEqual(kept.sort());
    const [chunks] = await database.sql`select count(distinct document_id)::int as n from document_chunks`;
    expect(chunks?.n).toBe(kept.length);
    expect(gone).toHaveLength(4);
  });

  it('of a deleted task have no last one', async () => {
    await createDocument(database.db, { reportId, at: daysAgo(40) }).then(
      ({ id }) => database.sql`update documents set task_id = ${randomUUID()} where id = ${id}`,
    );
    expect(await keepRetention({ ctx })).toMatchObject({ documents: 1 });
  });

  it('go in pieces, however many there are', async () => {
    await database.sql`
      insert into documents (id, created_at, updated_at, name, report_id, instance, media_type, size, pages, sha256)
      select gen_random_uuid(), ${daysAgo(90).toISOString()}, ${daysAgo(90).toISOString()}, 'x', ${reportId}, ${INSTANCE}, 'application/pdf', 1, 1, ''
      from generate_series(1, 1201)`;
    expect(await keepRetention({ ctx })).toMatchObject({ documents: 1201 });
  });
});

describe('runs and tasks', () => {
  it('older than their time go with deliveries, steps and logs, unless their document is still there', async () => {
    const task = await createTaskRow(database.db, { reportId, after: NOW });
    const lastDocument = await document(400, task);
    const oldTask = await taskInstance(61);
    const [old, failed, young] = [
      await run(61, { taskInstanceId: oldTask }),
      await run(80, { state: 'FAILED' }),
      await run(59, { taskInstanceId: await taskInstance(59) }),
    ];
    const open = await run(70, {
      state: 'RUNNING',
      finishedAt: null,
      taskInstanceId: await taskInstance(70, 'RUNNING'),
    });
    const orphan = await taskInstance(90);
    const skipped = await run(61, { state: 'SKIPPED' });
    for (const runId of [old, young]) {
      const times = { createdAt: NOW, updatedAt: NOW };
      await database.db
        .insert(deliveries)
        .values({ ...times, runId, channel: 'email', recipient: 'a@b.c', role: 'to', state: 'SENT', messageId: 'm' });
    }
    expect(await keepRetention({ ctx })).toMatchObject({ documents: 0, runs: 3, tasks: 2 });
    expect((await left('runs')).sort()).toEqual([young, open, lastDocument.runId].sort());
    expect(await database.db.select().from(deliveries)).toMatchObject([{ runId: young }]);
    expect(await database.db.select().from(subtaskLog)).toHaveLength(2);
    expect([failed, orphan, skipped]).toHaveLength(3);
  });
});

describe('the rest', () => {
  it('loses idempotency keys after a day and notices after the time of runs, and keeps the audit', async () => {
    const runId = await run(1);
    const key = (name: string, createdAt: Date) => ({
      actorId: randomUUID(),
      key: name,
      requestHash: 'h',
      runId,
      createdAt,
    });
    await database.db.insert(idempotencyKeys).values([key('old', daysAgo(1.001)), key('new', daysAgo(0.999))]);
    const notice = (cause: string, days: number) => ({
      taskId: randomUUID(),
      cause,
      day: '2026-01-01',
      createdAt: daysAgo(days),
    });
    await database.db.insert(notices).values([notice('FAILED', 61), notice('HELD', 59)]);
    await database.db
      .insert(auditLog)
      .values({ at: daysAgo(4000), action: 'report.create', objectKind: 'report', objectId: reportId });
    expect(await keepRetention({ ctx })).toEqual({ ...NOTHING, keys: 1, notices: 1 });
    expect(await database.db.select().from(idempotencyKeys)).toMatchObject([{ key: 'new' }]);
    expect(await database.db.select().from(notices)).toMatchObject([{ cause: 'HELD' }]);
    expect(await database.db.select({ action: auditLog.action }).from(auditLog).orderBy(auditLog.at)).toEqual([
      { action: 'report.create' },
      { action: 'retention.keep' },
    ]);
  });

  it('says nothing when there was nothing to do', async () => {
    expect(await keepRetention({ ctx })).toEqual(NOTHING);
    expect(await database.db.select().from(auditLog)).toEqual([]);
  });

  it('is left to the replica that is at it', async () => {
    await document(400);
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const other = database.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${0x42535254})`;
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    expect(await keepRetention({ ctx })).toMatchObject({ documents: 0 });
    held.resolve();
    await other;
    expect(await keepRetention({ ctx })).toMatchObject({ documents: 1 });
    expect(await database.db.select().from(documents)).toEqual([]);
  });
});

describe('the nightly job', () => {
  it('refuses a setting that is no interval when it starts', () => {
    const wrong = testCtx({ db: database.db, clock, config: testConfig({ RETENTION_CRON: 'nightly' }) });
    expect(() => startRetention({ ctx: wrong })).toThrow('RETENTION_CRON');
  });

  it('keeps the retention when its hour comes, and not before', async () => {
    await document(400);
    clock.set(new Date('2026-06-01T02:00:00Z'));
    let looks = 0;
    const watched = { now: () => clock.now().finally(() => (looks += 1)) };
    const loop = startRetention({ ctx: { ...ctx, clock: watched }, lookMs: 5 });
    await expect.poll(() => looks).toBeGreaterThan(3);
    expect(await left('documents')).toHaveLength(1);
    clock.set(new Date('2026-06-01T03:17:10Z'));
    await expect.poll(() => left('documents')).toHaveLength(0);
    await loop.stop();
  });
});
