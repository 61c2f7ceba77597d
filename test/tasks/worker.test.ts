import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BroadsheetError } from '../../src/errors.ts';
import { beatWorker } from '../../src/store/worker-beats.ts';
import { cancelSubtask, cancelTask, retrySubtask, retryTask, skipSubtask } from '../../src/tasks/change-task.ts';
import type { Handlers } from '../../src/tasks/handlers.ts';
import { readTaskLog } from '../../src/tasks/step-log.ts';
import type { Worker } from '../../src/tasks/worker.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { done, noHooks, stepsOf, submit, tableOf, taskState, until, workerOf } from './engine.ts';

let database: TestDatabase;
const workers: Worker[] = [];

beforeAll(async () => {
  database = await testDatabase({ max: 20 });
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
});
afterAll(async () => database.close());

async function start(handlers: Handlers, more = {}): Promise<Worker> {
  const worker = workerOf(database, handlers, more);
  workers.push(worker);
  await worker.start();
  return worker;
}

const stateOf = (taskId: number) => () => taskState(database, taskId);
const is = (state: string) => (value: string | undefined) => value === state;

describe('a worker', () => {
  it('works a diamond in order, each step once', async () => {
    const order: string[] = [];
    await start(
      tableOf({
        trace: async ({ subtask }) => {
          order.push(subtask.name);
          return done;
        },
      }),
    );
    const { taskId } = await submit(database, [
      { key: 'a', name: 'a', handler: 'trace' },
      { key: 'b', name: 'b', handler: 'trace', dependsOn: ['a'] },
      { key: 'c', name: 'c', handler: 'trace', dependsOn: ['a'] },
      { key: 'd', name: 'd', handler: 'trace', dependsOn: ['b', 'c'] },
    ]);
    await until(stateOf(taskId), is('SUCCESSFUL'));
    expect(order).toHaveLength(4);
    expect([order[0], order[3]]).toEqual(['a', 'd']);
  });

  it('is woken for the next step: a chain is done long before as many polls', async () => {
    await start(tableOf({ link: async () => done }));
    const links = Array.from({ length: 10 }, (_, n) => ({
      ...{ key: `${n}`, name: `${n}`, handler: 'link' },
      ...(n === 0 ? {} : { dependsOn: [`${n - 1}`] }),
    }));
    const began = Date.now();
    const { taskId } = await submit(database, links);
    await until(stateOf(taskId), is('SUCCESSFUL'));
    expect(Date.now() - began).toBeLessThan(8_000);
  });

  it('retries a failing step with backoff while tries are left, then fails the task and leaves its children PENDING', async () => {
    let tries = 0;
    await start(
      tableOf({
        flaky: async () => {
          tries += 1;
          throw new Error(`try ${tries}`);
        },
        never: async () => done,
      }),
    );
    const { taskId } = await submit(database, [
      { key: 'a', name: 'a', handler: 'flaky', attempts: 2 },
      { key: 'b', name: 'b', handler: 'never', dependsOn: ['a'] },
    ]);
    await until(stateOf(taskId), is('FAILED'));
    const [a, b] = await stepsOf(database, taskId);
    expect(tries).toBe(2);
    expect(a).toMatchObject({ state: 'FAILED', attempt: 2, error: { code: 'internal', message: 'try 2' } });
    expect(b?.state).toBe('PENDING');
    const log = await readTaskLog(database.db, taskId, 100);
    expect(log.map((line) => line.message)).toEqual(['internal: try 1 (again in 1 s)', 'internal: try 2']);
  });

  it('does not repeat what would be in vain', async () => {
    let tries = 0;
    const refuse = async () => {
      tries += 1;
      throw new BroadsheetError('unprocessable', 'no such column');
    };
    await start(tableOf({ refuse }));
    const { taskId } = await submit(database, [{ key: 'a', name: 'a', handler: 'refuse', attempts: 5 }]);
    await until(stateOf(taskId), is('FAILED'));
    expect(tries).toBe(1);
  });

  it('lets a failed step be retried, or skipped, by hand', async () => {
    let broken = true;
    const mend = async () => {
      if (broken) throw new BroadsheetError('bad_request', 'broken');
      return done;
    };
    const handlers = tableOf({ mend });
    await start(handlers);
    const steps = [
      { key: 'a', name: 'a', handler: 'mend', attempts: 1 },
      { key: 'b', name: 'b', handler: 'mend', dependsOn: ['a'] },
    ];
    const first = await submit(database, steps);
    const second = await submit(database, steps);
    await until(stateOf(first.taskId), is('FAILED'));
    await until(stateOf(second.taskId), is('FAILED'));
    broken = false;
    const at = await database.clock.now();
    await database.db.transaction((tx) => retryTask(tx, noHooks, { taskId: first.taskId, at }));
    const subtaskId = second.subtaskIds.get('a') as number;
    await database.db.transaction((tx) => skipSubtask(tx, noHooks, { taskId: second.taskId, subtaskId, at }));
    await until(stateOf(first.taskId), is('SUCCESSFUL'));
    await until(stateOf(second.taskId), is('SUCCESSFUL'));
    expect((await stepsOf(database, first.taskId))[0]).toMatchObject({ operation: 'RETRY', attempt: 2 });
    expect((await stepsOf(database, second.taskId))[0]).toMatchObject({ operation: 'SKIP', attempt: 1 });
    const again = database.db.transaction((tx) => retrySubtask(tx, noHooks, { taskId: second.taskId, subtaskId, at }));
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  it('cancels a running step through its signal, and commits nothing of a step that finishes all the same', async () => {
    let committed = false;
    const canceled = Promise.withResolvers<void>();
    const heeding = async ({ signal }: { signal: AbortSignal }) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      return done;
    };
    const stubborn = async () => {
      await canceled.promise;
      const commit = async () => {
        committed = true;
      };
      return { kind: 'done' as const, commit };
    };
    await start(tableOf({ heeding, stubborn }));
    const one = await submit(database, [
      { key: 'a', name: 'a', handler: 'heeding' },
      { key: 'b', name: 'b', handler: 'stubborn' },
    ]);
    await until(
      () => stepsOf(database, one.taskId),
      (steps) => steps.every((step) => step.state === 'RUNNING'),
    );
    const at = await database.clock.now();
    await database.db.transaction((tx) => cancelTask(tx, noHooks, { taskId: one.taskId, at }));
    canceled.resolve();
    await until(stateOf(one.taskId), is('FAILED'));
    const steps = await stepsOf(database, one.taskId);
    expect(steps.map((step) => step.error?.code)).toEqual(['canceled', 'canceled']);
    expect(committed).toBe(false);
  });

  it('cancels one step alone, and only while it runs', async () => {
    const heeding = async ({ signal }: { signal: AbortSignal }) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      return done;
    };
    await start(tableOf({ heeding, quick: async () => done }));
    const { taskId, subtaskIds } = await submit(database, [
      { key: 'a', name: 'a', handler: 'heeding' },
      { key: 'b', name: 'b', handler: 'quick' },
    ]);
    const steps = () => stepsOf(database, taskId);
    await until(steps, ([a, b]) => a?.state === 'RUNNING' && b?.state === 'SUCCESSFUL');
    const cancel = async (key: string) => {
      const change = { taskId, subtaskId: subtaskIds.get(key) as number, at: await database.clock.now() };
      await database.db.transaction((tx) => cancelSubtask(tx, change));
    };
    await expect(cancel('b')).rejects.toMatchObject({ code: 'conflict' });
    await cancel('a');
    await until(stateOf(taskId), is('FAILED'));
    expect((await steps()).map((step) => [step.state, step.operation])).toEqual([
      ['FAILED', 'CANCEL'],
      ['SUCCESSFUL', 'EXECUTE'],
    ]);
  });

  it('fails a step at its timeout', async () => {
    const hang = { run: () => new Promise<never>(() => undefined), timeoutMs: 100 };
    await start(tableOf({ hang }));
    const { taskId } = await submit(database, [{ key: 'a', name: 'a', handler: 'hang' }]);
    await until(stateOf(taskId), is('FAILED'));
    expect((await stepsOf(database, taskId))[0]?.error?.code).toBe('timeout');
  });

  it('works no more bounded steps of a queue at once than allowed, over several workers, while free ones pass', async () => {
    let now = 0;
    let most = 0;
    const lightIsDone = Promise.withResolvers<void>();
    const handlers = tableOf({
      heavy: async () => {
        now += 1;
        most = Math.max(most, now);
        await lightIsDone.promise;
        await new Promise((resolve) => setTimeout(resolve, 60));
        now -= 1;
        return done;
      },
      light: async () => done,
    });
    await Promise.all([1, 2, 3].map(() => start(handlers, { runsAtOnce: 2, slots: { bounded: 4, free: 4 } })));
    const queue = randomUUID();
    const heavy = await submit(
      database,
      Array.from({ length: 12 }, (_, n) => ({ key: `${n}`, name: 'h', handler: 'heavy', lane: 'bounded' as const })),
      queue,
    );
    const light = await submit(database, [{ key: 'l', name: 'l', handler: 'light' }], queue);
    // The heavy ones that are begun hold their places until then.
    await until(stateOf(light.taskId), is('SUCCESSFUL'));
    expect(await taskState(database, heavy.taskId)).toBe('RUNNING');
    lightIsDone.resolve();
    await until(stateOf(heavy.taskId), is('SUCCESSFUL'));
    expect(most).toBe(2);
  });

  it('hands a running step back when it stops, and another worker goes on with it', async () => {
    const handed = tableOf({
      slow: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    });
    const leaving = await start(handed);
    const { taskId } = await submit(database, [{ key: 'a', name: 'a', handler: 'slow' }]);
    await until(
      () => stepsOf(database, taskId),
      (steps) => steps[0]?.state === 'RUNNING',
    );
    const began = Date.now();
    await leaving.stop(4_500);
    expect(Date.now() - began).toBeLessThan(4_500);
    expect((await stepsOf(database, taskId))[0]).toMatchObject({ state: 'READY', attempt: 1, attemptsLeft: 1 });
    await start(tableOf({ slow: async () => done }));
    await until(stateOf(taskId), is('SUCCESSFUL'));
  });

  it('gives up a step that has lost its worker five times, instead of losing a sixth', async () => {
    let runs = 0;
    const { taskId, subtaskIds } = await submit(database, [{ key: 'a', name: 'a', handler: 'deadly' }]);
    const key = `subtask:${subtaskIds.get('a')}`;
    await database.sql`update pgboss.job set retry_count = 5 where singleton_key = ${key}`;
    const deadly = async () => {
      runs += 1;
      return done;
    };
    await start(tableOf({ deadly }));
    await until(stateOf(taskId), is('FAILED'));
    expect(runs).toBe(0);
    expect((await stepsOf(database, taskId))[0]?.error?.message).toBe('the step lost its worker 5 times');
  });

  it('leaves no job in the queue of what is done', async () => {
    const left = await database.sql`select data, state from pgboss.job`;
    expect([...left]).toEqual([]);
  });

  it('leaves a step alone that another living worker holds, and takes it over when that one is lost', async () => {
    const other = { id: randomUUID(), host: 'elsewhere', pid: 1, instances: [] };
    const { taskId, subtaskIds } = await submit(database, [{ key: 'a', name: 'a', handler: 'quick' }]);
    const subtaskId = subtaskIds.get('a') as number;
    await database.sql`update subtasks set state = 'RUNNING', attempt = 1, worker_id = ${other.id} where id = ${subtaskId}`;
    await beatWorker(database.sql, other, await database.clock.now());
    await start(tableOf({ quick: async () => done }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await stepsOf(database, taskId))[0]).toMatchObject({ state: 'RUNNING', attempt: 1 });
    await database.sql`delete from workers where id = ${other.id}`;
    await until(stateOf(taskId), is('SUCCESSFUL'));
    expect((await stepsOf(database, taskId))[0]?.attempt).toBe(2);
  });
});
