import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Actor, Ctx } from '../../../src/operations/context.ts';
import { createRun } from '../../../src/operations/runs/create-run.ts';
import { loadDefinition } from '../../../src/operations/runs/load-definition.ts';
import { createSource } from '../../../src/operations/sources/create.ts';
import { createSourceReaders, type SourceReaders } from '../../../src/operations/sources/open-readers.ts';
import { users } from '../../../src/store/schema/access.ts';
import { dashboards, reports, reportUsers } from '../../../src/store/schema/definitions.ts';
import { createUser, FIXTURE_TIME, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { createReportRow, createTaskRow } from '../report-tasks/task-fixtures.ts';

type User = Actor & { readonly userId: string };

let database: TestDatabase;
let readers: SourceReaders;
let ctx: Ctx;
/** Owns the source `payroll`, may use SQL. */
let alice: User;
/** Has no right on any source. */
let bob: User;

beforeAll(async () => {
  database = await testDatabase();
  ctx = testCtx({ db: database.db, clock: fixedClock(FIXTURE_TIME) });
  alice = await createUser(database.db, { roles: ['sources', 'sql'] });
  bob = await createUser(database.db);
  readers = createSourceReaders();
  await createSource({ ctx: { ...ctx, actor: alice }, input: { name: 'payroll', url: 'postgres://r:p@127.0.0.1/x' } });
});
afterAll(async () => {
  await readers.close();
  await database.close();
});

const times = { createdAt: FIXTURE_TIME, updatedAt: FIXTURE_TIME };

async function reportOf(owner: User | null, dashboardOwner: User | null): Promise<string> {
  const dashboardId = randomUUID();
  const board = { id: dashboardId, name: 'Board', ownerId: dashboardOwner?.userId ?? null, ...times };
  await database.db.insert(dashboards).values(board);
  return createReportRow(database.db, { ownerId: owner?.userId ?? null, dashboardId });
}

const taskOf = (reportId: string, owner: User): Promise<string> =>
  createTaskRow(database.db, { reportId, ownerId: owner.userId, after: FIXTURE_TIME });

/** Prepare a run of the report, on demand or of the task, and ask for the source as printing does. */
async function read(from: { reportId: string } | { taskId: string }, needsSql = false): Promise<string> {
  const scheduledFor = FIXTURE_TIME;
  const input =
    'taskId' in from
      ? ({ ...from, scheduledFor, trigger: 'manual' } as const)
      : ({ ...from, scheduledFor, trigger: 'on_demand' } as const);
  try {
    const { principals } = await loadDefinition(ctx, (await createRun({ ctx, input })).id);
    await readers.readerFor({ ctx, name: 'payroll', needsSql, principals });
    return 'read';
  } catch (error) {
    return (error as Error).message;
  }
}

test('whoever has the right reads its source, with SQL', async () => {
  const reportId = await reportOf(alice, alice);
  expect(await read({ reportId }, true)).toBe('read');
  expect(await read({ taskId: await taskOf(reportId, alice) }, true)).toBe('read');
});

test('a dashboard’s owner does not get at the source of who makes a report on it', async () => {
  const refusal = 'the dashboard’s owner may not read the source "payroll"';
  const reportId = await reportOf(alice, bob);
  expect(await read({ reportId })).toBe(refusal);
  expect(await read({ taskId: await taskOf(reportId, alice) })).toBe(refusal);
  expect(await read({ reportId }, true)).toBe(
    'the series is SQL, and the dashboard’s owner does not have the right "sql"',
  );
});

test('a report’s owner does not get at the source of who makes a task on it', async () => {
  const reportId = await reportOf(bob, alice);
  await database.db.insert(reportUsers).values({ objectId: reportId, memberId: alice.userId });
  const taskId = await taskOf(reportId, alice);
  expect(await read({ taskId })).toBe('the report’s owner may not read the source "payroll"');
  await database.db.update(reports).set({ isSystem: true }).where(eq(reports.id, reportId));
  expect(await read({ taskId: await taskOf(reportId, alice) })).toBe('read');
});

test('a task’s owner reads with rights of its own, not with the report’s owner’s', async () => {
  const reportId = await reportOf(alice, alice);
  await database.db.insert(reportUsers).values({ objectId: reportId, memberId: bob.userId });
  expect(await read({ taskId: await taskOf(reportId, bob) })).toBe(
    'the task’s owner may not read the source "payroll"',
  );
});

test('a task on a report that is no longer shared with its owner runs no more', async () => {
  const reportId = await reportOf(alice, alice);
  expect(await read({ taskId: await taskOf(reportId, bob) })).toBe('the task’s owner may no longer see the report');
});

test('a deleted dashboard’s owner stands in nobody’s way, a disabled one keeps its rights, a disabled reader has none', async () => {
  expect(await read({ reportId: await reportOf(alice, null) })).toBe('read');
  const carol = await createUser(database.db, { roles: ['admin'] });
  const reportId = await reportOf(alice, carol);
  await database.db.update(users).set({ disabled: true }).where(eq(users.id, carol.userId));
  expect(await read({ reportId })).toBe('read');
  expect(await read({ reportId: await reportOf(carol, carol) })).toBe(
    'the report’s owner may not read the source "payroll"',
  );
});
