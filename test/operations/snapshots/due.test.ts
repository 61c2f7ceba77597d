import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { updateCluster } from '../../../src/operations/fleet/update-cluster.ts';
import { captureDue } from '../../../src/operations/snapshots/capture-due.ts';
import { clusters } from '../../../src/store/schema/fleet.ts';
import { taskInstances } from '../../../src/store/schema/tasks.ts';
import { installJobs } from '../../../src/tasks/boss.ts';
import { testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';

const at = (time: string): Date => new Date(`2026-06-01T${time}Z`);
const clock = fixedClock(at('00:00:00'));
let database: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  database = await testDatabase();
  await installJobs(database.sql);
  ctx = testCtx({ db: database.db, clock });
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql`truncate clusters, task_instances cascade`;
  clock.set(at('00:00:00'));
});

const add = async (name: string, captureInterval?: string): Promise<number> => {
  const input = { name, kind: 'POSTGRESQL' as const, url: 'postgres://m@127.0.0.1:1/app' };
  return (await createCluster({ ctx, input: { ...input, ...(captureInterval ? { captureInterval } : {}) } })).id;
};

/** Look for due snapshots at an instant, as the loop does. */
async function lookAt(time: string): Promise<void> {
  clock.set(at(time));
  while (await captureDue({ ctx }));
}

const ordered = () =>
  database.db
    .select({ id: taskInstances.id, name: taskInstances.name, createdAt: taskInstances.createdAt })
    .from(taskInstances)
    .where(eq(taskInstances.kind, 'snapshot'))
    .orderBy(asc(taskInstances.id));

const endTasks = () => database.db.update(taskInstances).set({ state: 'SUCCESSFUL' });

const nextOf = async (id: number): Promise<string | undefined> =>
  (await database.db.select().from(clusters).where(eq(clusters.id, id)))[0]?.nextCaptureAt?.toISOString().slice(11, 19);

describe('scheduled snapshots', () => {
  test('are ordered when they are due, and not before', async () => {
    const id = await add('main');
    await lookAt('00:00:59');
    expect(await ordered()).toEqual([]);
    await lookAt('00:01:00');
    await lookAt('00:01:02');
    expect(await ordered()).toMatchObject([{ name: 'Capture snapshot of main', createdAt: at('00:01:00') }]);
    expect(await nextOf(id)).toBe('01:01:00');
  });

  test('that nobody took are not made up for: one is ordered, and the next at its time', async () => {
    const id = await add('main', '*/10 * * * *');
    await lookAt('05:34:00');
    expect(await ordered()).toHaveLength(1);
    expect(await nextOf(id)).toBe('05:40:00');
  });

  test('wait for the one before: no second is ordered while it is captured', async () => {
    const id = await add('main', '*/10 * * * *');
    await lookAt('00:10:00');
    await lookAt('00:20:00');
    expect(await ordered()).toHaveLength(1);
    expect(await nextOf(id)).toBe('00:30:00');
    await endTasks();
    await lookAt('00:30:00');
    expect(await ordered()).toHaveLength(2);
  });

  test('are ordered once each by two replicas at the same time', async () => {
    for (let count = 0; count < 12; count += 1) await add(`cluster ${count}`);
    clock.set(at('00:01:00'));
    await Promise.all([captureDue({ ctx }), captureDue({ ctx: { ...ctx } }), captureDue({ ctx: { ...ctx } })]);
    const names = (await ordered()).map(({ name }) => name);
    expect(names).toHaveLength(12);
    expect(new Set(names).size).toBe(12);
  });

  test('are not ordered of a cluster that is not captured, and follow a changed interval', async () => {
    const id = await add('main');
    await updateCluster({ ctx, input: { id, captureEnabled: false } });
    await lookAt('02:00:00');
    expect(await ordered()).toEqual([]);
    await updateCluster({ ctx, input: { id, captureEnabled: true, captureInterval: '*/15 * * * *' } });
    await lookAt('02:14:59');
    expect(await ordered()).toEqual([]);
    await lookAt('02:15:00');
    const found = await database.db
      .select()
      .from(taskInstances)
      .where(and(eq(taskInstances.kind, 'snapshot'), eq(taskInstances.state, 'RUNNING')));
    expect(found.map(({ context }) => context)).toMatchObject([{ cluster_id: id, trigger: 'scheduled' }]);
  });
});
