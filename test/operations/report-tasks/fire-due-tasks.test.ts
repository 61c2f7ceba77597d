import { randomUUID } from 'node:crypto';
import { asc, eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { fireDueTasks } from '../../../src/operations/report-tasks/fire-due-tasks.ts';
import { fires } from '../../../src/period/cron.ts';
import { reportTasks } from '../../../src/store/schema/definitions.ts';
import { runs } from '../../../src/store/schema/runs.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { createReportRow, createTaskRow, INSTANCE } from './task-fixtures.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const at = (text: string): Date => new Date(text);

let database: TestDatabase;
let ctx: Ctx;
const clock = fixedClock(at('2026-06-01T00:00:00Z'));

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
});
beforeEach(async () => {
  await database.sql`truncate report_tasks, runs, pgboss.job cascade`;
  ctx = testCtx({ db: database.db, clock });
});

const withSettings = (settings: Record<string, string>): Ctx =>
  testCtx({ db: database.db, clock, config: testConfig(settings) });

/** As the loop does it: tick until nothing is left to do at this instant. */
async function tickAt(instant: Date, given: Ctx = ctx): Promise<void> {
  clock.set(instant);
  for (;;) {
    const [due] =
      await database.sql`select count(*)::int as n from report_tasks where next_run_at <= ${instant.toISOString()}`;
    await fireDueTasks({ ctx: given });
    if (!due || due.n === 0) return;
  }
}

const runsOf = (taskId: string) =>
  database.db.select().from(runs).where(eq(runs.taskId, taskId)).orderBy(asc(runs.scheduledFor));

const summary = async (taskId: string): Promise<string[]> =>
  (await runsOf(taskId)).map(
    (run) =>
      `${run.scheduledFor.toISOString().slice(5, 16)} ${run.trigger} ${run.state}${run.params.missed ? ` ${run.params.missed.count}` : ''}`,
  );

const taskRow = async (id: string) => {
  const [row] = await database.db.select().from(reportTasks).where(eq(reportTasks.id, id));
  if (!row) throw new Error('the task is gone');
  return row;
};

const jobs = async (): Promise<number> => {
  const [row] = await database.sql`select count(*)::int as n from pgboss.job`;
  return row?.n ?? -1;
};

describe('an hour of scheduled time', () => {
  it('gives every task its fire times, each with one run and one job', async () => {
    const start = at('2026-06-01T08:30:00Z');
    const each = {
      minutely: await createTaskRow(database.db, { interval: '* * * * *', after: start }),
      five: await createTaskRow(database.db, { interval: '*/5 * * * *', after: start }),
      nine: await createTaskRow(database.db, { interval: '0 9 * * *', after: start }),
      moscow: await createTaskRow(database.db, { interval: '0 12 * * *', timeZone: 'Europe/Moscow', after: start }),
      paused: await createTaskRow(database.db, { interval: '* * * * *', enabled: false, after: start }),
    };
    for (let second = 0; second <= HOUR; second += 7 * SECOND) await tickAt(new Date(start.getTime() + second));
    await tickAt(new Date(start.getTime() + HOUR));
    expect(await runsOf(each.minutely)).toHaveLength(60);
    expect((await runsOf(each.five)).map((run) => run.scheduledFor)).toEqual(
      fires('*/5 * * * *', 'UTC', at('2026-06-01T08:30:01Z'), at('2026-06-01T09:30:01Z'), 100),
    );
    expect(await summary(each.nine)).toEqual(['06-01T09:00 schedule QUEUED']);
    expect(await summary(each.moscow)).toEqual(['06-01T09:00 schedule QUEUED']);
    expect(await runsOf(each.paused)).toEqual([]);
    expect(await jobs()).toBe(60 + 12 + 1 + 1);
    expect((await taskRow(each.nine)).nextRunAt).toEqual(at('2026-06-02T09:00:00Z'));
    const lateness = await ctx.metrics.lateness.get();
    expect(lateness.values.find((value) => value.metricName?.endsWith('_count'))?.value).toBe(74);
    expect((await ctx.metrics.fires.get()).values).toEqual([{ labels: { outcome: 'fired' }, value: 74 }]);
  });

  it('is right on both days on which New York changes its clocks', async () => {
    const zone = { timeZone: 'America/New_York' };
    for (const [start, hourly, gap] of [
      [at('2026-03-08T05:00:00Z'), 23, ['03-08T07:00']],
      [at('2026-11-01T04:00:00Z'), 25, ['11-01T06:30', '11-01T07:30']],
    ] as const) {
      const before = new Date(start.getTime() - 1);
      const everyHour = await createTaskRow(database.db, { ...zone, interval: '0 * * * *', after: before });
      const halfPastTwo = await createTaskRow(database.db, { ...zone, interval: '30 2 * * *', after: before });
      const halfPastOne = await createTaskRow(database.db, { ...zone, interval: '30 1 * * *', after: before });
      const end = start.getTime() + hourly * HOUR;
      for (let now = start.getTime(); now < end; now += 10 * MINUTE) await tickAt(new Date(now));
      expect(await runsOf(everyHour)).toHaveLength(hourly);
      expect(await runsOf(halfPastOne)).toHaveLength(1);
      expect((await summary(halfPastTwo)).map((line) => line.slice(0, 11))).toEqual([gap.at(-1)]);
    }
  });
});

describe('a missed firing', () => {
  const start = at('2026-06-01T00:30:00Z');
  const late = at('2026-06-01T06:00:30Z');
  const hourly = { interval: '0 * * * *', after: start };

  it('is skipped by policy skip, and one row says how many', async () => {
    const id = await createTaskRow(database.db, { ...hourly, misfirePolicy: 'skip' });
    await tickAt(late);
    expect(await summary(id)).toEqual(['06-01T01:00 schedule SKIPPED 5', '06-01T06:00 schedule QUEUED']);
    const [row] = await runsOf(id);
    expect(row?.reason).toBe(
      'missed 5 firings from 2026-06-01T01:00:00.000Z to 2026-06-01T05:00:00.000Z: misfire policy skip',
    );
    expect(row?.finishedAt).toEqual(late);
    expect(await jobs()).toBe(1);
    expect((await ctx.metrics.fires.get()).values).toContainEqual({ labels: { outcome: 'missed' }, value: 5 });
  });

  it('is made up for once by policy once', async () => {
    const id = await createTaskRow(database.db, { ...hourly, misfirePolicy: 'once' });
    await tickAt(late);
    expect(await summary(id)).toEqual([
      '06-01T01:00 schedule SKIPPED 4',
      '06-01T05:00 catch_up QUEUED',
      '06-01T06:00 schedule QUEUED',
    ]);
  });

  it('is made up for by policy all, up to the limit', async () => {
    const id = await createTaskRow(database.db, { ...hourly, misfirePolicy: 'all' });
    await tickAt(late, withSettings({ CATCH_UP_LIMIT: '3' }));
    expect(await summary(id)).toEqual([
      '06-01T01:00 schedule SKIPPED 2',
      '06-01T03:00 catch_up QUEUED',
      '06-01T04:00 catch_up QUEUED',
      '06-01T05:00 catch_up QUEUED',
      '06-01T06:00 schedule QUEUED',
    ]);
  });

  it('is one that is later than the grace, to the millisecond', async () => {
    const grace = withSettings({ MISFIRE_GRACE_MS: '60000' });
    const inTime = await createTaskRow(database.db, { ...hourly, misfirePolicy: 'skip' });
    await tickAt(at('2026-06-01T01:01:00.000Z'), grace);
    expect(await summary(inTime)).toEqual(['06-01T01:00 schedule QUEUED']);
    const tooLate = await createTaskRow(database.db, { ...hourly, misfirePolicy: 'skip' });
    await tickAt(at('2026-06-01T01:01:00.001Z'), grace);
    expect(await summary(tooLate)).toEqual(['06-01T01:00 schedule SKIPPED 1']);
  });

  it('counts every one of very many, a bounded number at a time', async () => {
    const id = await createTaskRow(database.db, { interval: '* * * * *', misfirePolicy: 'once', after: start });
    const end = new Date(start.getTime() + 3 * 24 * HOUR);
    await tickAt(end);
    const rows = await runsOf(id);
    const skipped = rows.reduce((sum, run) => sum + (run.params.missed?.count ?? 0), 0);
    const [caughtUp, ...onTime] = rows.filter((run) => run.state === 'QUEUED');
    expect(skipped).toBe(3 * 24 * 60 - 1 - onTime.length);
    expect(caughtUp).toMatchObject({ trigger: 'catch_up', scheduledFor: new Date(end.getTime() - 2 * MINUTE) });
    expect(onTime.map((run) => run.trigger)).toEqual(['schedule', 'schedule']);
    expect(rows.filter((run) => run.state === 'SKIPPED')).toHaveLength(3);
  });

  it('is not skipped nor run again when a CronJob has run it meanwhile', async () => {
    const reportId = await createReportRow(database.db);
    const id = await createTaskRow(database.db, { ...hourly, reportId, misfirePolicy: 'once' });
    const done = ['2026-06-01T01:00:00Z', '2026-06-01T03:00:00Z', '2026-06-01T05:00:00Z'];
    await database.db.insert(runs).values(
      done.map((instant) => ({
        taskId: id,
        reportId,
        instance: INSTANCE,
        trigger: 'command' as const,
        scheduledFor: at(instant),
        state: 'SUCCESSFUL' as const,
        createdAt: start,
        updatedAt: start,
      })),
    );
    await tickAt(late);
    expect(await summary(id)).toEqual([
      '06-01T01:00 command SUCCESSFUL',
      '06-01T02:00 schedule SKIPPED 2',
      '06-01T03:00 command SUCCESSFUL',
      '06-01T05:00 command SUCCESSFUL',
      '06-01T06:00 schedule QUEUED',
    ]);
  });
});

describe('a task whose run is still going', () => {
  it('keeps one waiting and skips the next, as its overlap policy says, each with its row', async () => {
    const start = at('2026-06-01T00:00:30Z');
    const queue = await createTaskRow(database.db, { interval: '* * * * *', overlapPolicy: 'queue', after: start });
    const skip = await createTaskRow(database.db, { interval: '* * * * *', overlapPolicy: 'skip', after: start });
    for (let minute = 1; minute <= 3; minute += 1) await tickAt(new Date(start.getTime() + minute * MINUTE));
    expect((await runsOf(queue)).map((run) => run.state)).toEqual(['QUEUED', 'QUEUED', 'SKIPPED']);
    expect((await runsOf(skip)).map((run) => run.state)).toEqual(['QUEUED', 'SKIPPED', 'SKIPPED']);
    expect(await jobs()).toBe(2);
    expect((await ctx.metrics.fires.get()).values).toContainEqual({ labels: { outcome: 'overlapped' }, value: 3 });
  });
});

describe('the bounds of a schedule', () => {
  it('fires from start_at until before end_at, and then has no next fire time', async () => {
    const id = await createTaskRow(database.db, {
      startAt: at('2026-06-03T09:00:00Z'),
      endAt: at('2026-06-05T09:00:00Z'),
      after: at('2026-06-01T00:00:00Z'),
    });
    for (let day = 1; day <= 8; day += 1) await tickAt(at(`2026-06-0${day}T09:00:01Z`));
    expect(await summary(id)).toEqual(['06-03T09:00 schedule QUEUED', '06-04T09:00 schedule QUEUED']);
    expect((await taskRow(id)).nextRunAt).toBeNull();
  });

  it('makes up for nothing that lies after end_at', async () => {
    const id = await createTaskRow(database.db, {
      misfirePolicy: 'all',
      endAt: at('2026-06-04T00:00:00Z'),
      after: at('2026-06-01T00:00:00Z'),
    });
    await tickAt(at('2026-07-01T00:00:00Z'));
    expect((await runsOf(id)).map((run) => run.scheduledFor.toISOString().slice(5, 10))).toEqual([
      '06-01',
      '06-02',
      '06-03',
    ]);
  });

  it('fires the promised instant of a task whose pattern can not be read any more, and nothing else suffers', async () => {
    const next = at('2026-06-01T09:00:00Z');
    const broken = await createTaskRow(database.db, { after: at('2026-06-01T00:00:00Z') });
    await database.db.update(reportTasks).set({ interval: 'nonsense' }).where(eq(reportTasks.id, broken));
    const healthy = await createTaskRow(database.db, { after: at('2026-06-01T00:00:00Z') });
    await tickAt(next);
    expect(await runsOf(broken)).toHaveLength(1);
    expect((await taskRow(broken)).nextRunAt).toBeNull();
    expect((await taskRow(healthy)).nextRunAt).toEqual(at('2026-06-02T09:00:00Z'));
  });
});

describe('which tasks a process fires', () => {
  it('only those of its instances', async () => {
    const [mine, other] = [randomUUID(), randomUUID()];
    const after = at('2026-06-01T00:00:00Z');
    const myTask = await createTaskRow(database.db, { instance: mine, after });
    const otherTask = await createTaskRow(database.db, { instance: other, after });
    clock.set(at('2026-06-01T09:00:00Z'));
    await fireDueTasks({ ctx: withSettings({ INSTANCE_IDS: `${mine},${randomUUID()}` }) });
    expect(await runsOf(myTask)).toHaveLength(1);
    expect(await runsOf(otherTask)).toHaveLength(0);
    await fireDueTasks({ ctx });
    expect(await runsOf(otherTask)).toHaveLength(1);
  });
});

describe('several replicas at once', () => {
  it('never fire the same instant twice, nor leave one out', async () => {
    const start = at('2026-06-01T00:00:00Z');
    const reportId = await createReportRow(database.db);
    const ids: string[] = [];
    for (let task = 0; task < 60; task += 1) {
      ids.push(
        await createTaskRow(database.db, {
          reportId,
          misfirePolicy: 'all',
          interval: task % 2 ? '* * * * *' : '*/5 * * * *',
          after: start,
        }),
      );
    }
    const now = { value: start.getTime() };
    const replica = async (lag: number): Promise<void> => {
      const own = testCtx({ db: database.db, clock: { now: async () => new Date(now.value - lag) } });
      while (now.value < start.getTime() + 20 * MINUTE) {
        await fireDueTasks({ ctx: own });
        now.value += 9 * SECOND;
      }
    };
    await Promise.all([0, 3 * SECOND, 20 * SECOND, 0].map(replica));
    await tickAt(new Date(start.getTime() + 20 * MINUTE));
    const [counted] = await database.sql`
      select count(*)::int as rows, count(distinct (task_id, scheduled_for))::int as fires from runs where state = 'QUEUED'`;
    expect(counted).toEqual({ rows: 30 * 20 + 30 * 4, fires: 30 * 20 + 30 * 4 });
    expect(await jobs()).toBe(720);
    expect(ids).toHaveLength(60);
  });

  it('leave nothing behind when the transaction fails, and fire it at the next tick', async () => {
    const id = await createTaskRow(database.db, { after: at('2026-06-01T00:00:00Z') });
    await database.sql`alter function pgboss.create_queue(text, jsonb) rename to create_queue_gone`;
    try {
      await expect(tickAt(at('2026-06-01T09:00:00Z'))).rejects.toThrow();
    } finally {
      await database.sql`alter function pgboss.create_queue_gone(text, jsonb) rename to create_queue`;
    }
    expect(await runsOf(id)).toEqual([]);
    await tickAt(at('2026-06-01T09:00:01Z'));
    expect(await summary(id)).toEqual(['06-01T09:00 schedule QUEUED']);
  });
});

describe('whatever the clock does', () => {
  it('every fire time is accounted for exactly once: a run, or one of the number in a SKIPPED row', async () => {
    const jump = fc.oneof(
      fc.integer({ min: 1, max: 90 }).map((seconds) => seconds * SECOND),
      fc.integer({ min: 1, max: 36 }).map((hours) => hours * HOUR),
      fc.integer({ min: -3, max: -1 }).map((hours) => hours * HOUR),
      fc.constant(HOUR),
    );
    const task = fc.record({
      interval: fc.constantFrom('*/7 * * * *', '0 * * * *', '30 2 * * *', '30 1,2 * * *', '0 0 1 * 1', '* 1 * * *'),
      timeZone: fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe'),
      misfirePolicy: fc.constantFrom('skip' as const, 'once' as const, 'all' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(task, { minLength: 1, maxLength: 4 }),
        fc.array(jump, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(at('2026-03-07T12:00:00Z'), at('2026-10-31T20:00:00Z'), at('2026-04-04T06:00:00Z')),
        async (tasks, jumps, start) => {
          await database.sql`truncate report_tasks, runs, pgboss.job cascade`;
          const settings = withSettings({ CATCH_UP_LIMIT: '5' });
          const reportId = await createReportRow(database.db);
          const made = [];
          for (const given of tasks)
            made.push({ ...given, id: await createTaskRow(database.db, { ...given, reportId, after: start }) });
          let now = start.getTime();
          let latest = now;
          for (const step of jumps) {
            now += step;
            latest = Math.max(latest, now);
            await tickAt(new Date(now), settings);
          }
          for (const { id, interval, timeZone } of made) {
            const expected = fires(interval, timeZone, new Date(start.getTime() + 1), new Date(latest + 1), 10_000);
            const rows = await runsOf(id);
            const run = rows.filter((row) => !row.params.missed).map((row) => row.scheduledFor.getTime());
            const counted = rows.reduce((sum, row) => sum + (row.params.missed?.count ?? 0), 0);
            expect(run.length + counted).toBe(expected.length);
            const stretches = rows.flatMap(({ params }) => (params.missed ? [params.missed] : []));
            for (const instant of expected) {
              const inRows = stretches.filter(({ from, to }) => instant >= at(from) && instant <= at(to)).length;
              expect(inRows + (run.includes(instant.getTime()) ? 1 : 0)).toBe(1);
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('what a tick costs the database', () => {
  it('reads the due tasks by the partial index', async () => {
    await database.sql`analyze report_tasks`;
    const plan = await database.db.execute(
      sql.raw(
        `set local enable_seqscan = off; explain select id from report_tasks where next_run_at <= '2026-06-01' order by next_run_at limit 10 for no key update skip locked`,
      ),
    );
    expect(JSON.stringify(plan)).toContain('report_tasks_due');
  });
});
