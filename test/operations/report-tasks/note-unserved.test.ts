import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { fireDueTasks } from '../../../src/operations/report-tasks/fire-due-tasks.ts';
import { noteUnserved } from '../../../src/operations/report-tasks/note-unserved.ts';
import { startTick } from '../../../src/operations/report-tasks/tick.ts';
import { reportTasks } from '../../../src/store/schema/definitions.ts';
import { workers } from '../../../src/store/schema/tasks.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { createTaskRow } from './task-fixtures.ts';

const NINE = new Date('2026-06-01T09:00:00Z');
const INSTANCE = randomUUID();
const OTHER = randomUUID();

let database: TestDatabase;
let ctx: Ctx;
let taskId: string;
const clock = fixedClock(NINE);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
});
beforeEach(async () => {
  await database.sql`truncate report_tasks, runs, workers cascade`;
  ctx = testCtx({ db: database.db, clock, config: testConfig({ INSTANCE_IDS: OTHER }) });
  taskId = await createTaskRow(database.db, { instance: INSTANCE, after: new Date('2026-06-01T00:00:00Z') });
  clock.set(NINE);
});

const unservedSince = async (): Promise<Date | null | undefined> => {
  const [row] = await database.db.select().from(reportTasks).where(eq(reportTasks.id, taskId));
  return row?.unservedSince;
};

const worker = (instances: string[], beatAt: Date) =>
  database.db.insert(workers).values({ id: randomUUID(), host: 'here', pid: 1, instances, startedAt: beatAt, beatAt });

describe('a due task whose instance nobody serves', () => {
  it('is marked with the instant at which it was seen, and counted', async () => {
    await worker([OTHER], NINE);
    await worker([INSTANCE], new Date(NINE.getTime() - 31_000));
    await fireDueTasks({ ctx });
    expect(await noteUnserved({ ctx })).toEqual({ waiting: 1 });
    expect(await unservedSince()).toEqual(NINE);
    clock.advance(60_000);
    await noteUnserved({ ctx });
    expect(await unservedSince()).toEqual(NINE);
    expect((await ctx.metrics.unserved.get()).values[0]?.value).toBe(1);
  });

  it('is not one that is not due yet', async () => {
    clock.set(new Date(NINE.getTime() - 1));
    expect(await noteUnserved({ ctx })).toEqual({ waiting: 0 });
  });

  it.each([[[INSTANCE]], [['*']], [[OTHER, INSTANCE]]])(
    'is not one that a living worker of %j is about to take',
    async (instances) => {
      await worker(instances, new Date(NINE.getTime() - 29_000));
      expect(await noteUnserved({ ctx })).toEqual({ waiting: 0 });
    },
  );

  it('is forgotten when a worker comes, and when the task fires', async () => {
    await noteUnserved({ ctx });
    await worker([INSTANCE], NINE);
    expect(await noteUnserved({ ctx })).toEqual({ waiting: 0 });
    expect(await unservedSince()).toBeNull();
    await database.sql`delete from workers`;
    await noteUnserved({ ctx });
    expect(await unservedSince()).toEqual(NINE);
    await fireDueTasks({ ctx: testCtx({ db: database.db, clock, config: testConfig({ INSTANCE_IDS: INSTANCE }) }) });
    expect(await unservedSince()).toBeNull();
  });

  it('is forgotten when the task is paused', async () => {
    await noteUnserved({ ctx });
    await database.db.update(reportTasks).set({ nextRunAt: null }).where(eq(reportTasks.id, taskId));
    expect(await noteUnserved({ ctx })).toEqual({ waiting: 0 });
    expect(await unservedSince()).toBeNull();
  });
});

describe('the loop', () => {
  it('fires and marks by itself, and ends when it is stopped', async () => {
    const served = await createTaskRow(database.db, { instance: OTHER, after: new Date('2026-06-01T00:00:00Z') });
    const loop = startTick({ ctx });
    await expect.poll(async () => (await database.sql`select 1 from runs where task_id = ${served}`).length).toBe(1);
    await expect.poll(unservedSince).toEqual(NINE);
    await loop.stop();
  });

  it('outlives a database that is away', async () => {
    const logged: unknown[] = [];
    let away = true;
    const flaky: Ctx = {
      ...ctx,
      log: {
        ...ctx.log,
        error: (detail: unknown) => logged.push(detail),
        info: () => undefined,
      } as unknown as Ctx['log'],
      clock: {
        now: async () => {
          if (away) throw new Error('connection refused');
          return NINE;
        },
      },
    };
    const served = await createTaskRow(database.db, { instance: OTHER, after: new Date('2026-06-01T00:00:00Z') });
    const loop = startTick({ ctx: flaky });
    await expect.poll(() => logged.length).toBeGreaterThan(0);
    away = false;
    await expect.poll(async () => (await database.sql`select 1 from runs where task_id = ${served}`).length).toBe(1);
    await loop.stop();
  });
});
