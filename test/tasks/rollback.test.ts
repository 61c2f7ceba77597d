import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BroadsheetError } from '../../src/errors.ts';
import {
  appendSteps,
  cancelSubtask,
  cancelTask,
  retryTask,
  rollbackTask,
  skipSubtask,
} from '../../src/tasks/change-task.ts';
import type { Handlers, NewStep, Step } from '../../src/tasks/handlers.ts';
import { readTaskLog } from '../../src/tasks/step-log.ts';
import type { Worker } from '../../src/tasks/worker.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { done, noHooks, stepsOf, submit, tableOf, taskRow, taskState, until, workerOf } from './engine.ts';

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

const ended = (taskId: number) =>
  until(
    () => taskState(database, taskId),
    (state) => state !== 'RUNNING',
  );
const rollBack = async (taskId: number) => {
  const at = await database.clock.now();
  await database.db.transaction((tx) => rollbackTask(tx, { taskId, at }));
};
const broken = async () => {
  throw new BroadsheetError('bad_request', 'broken');
};
const heedfully = ({ signal }: Pick<Step, 'signal'>) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** a → b, a → c, (b, c) → d, d → e: `e` never begins, because `d` fails. */
const DIAMOND: NewStep[] = [
  { key: 'a', name: 'a', handler: 'work' },
  { key: 'b', name: 'b', handler: 'work', dependsOn: ['a'] },
  { key: 'c', name: 'c', handler: 'work', dependsOn: ['a'] },
  { key: 'd', name: 'd', handler: 'fail', dependsOn: ['b', 'c'] },
  { key: 'e', name: 'e', handler: 'work', dependsOn: ['d'] },
];

describe('a rollback', () => {
  it('undoes what was done or begun, the last first, and leaves the task SUCCESSFUL with all steps PENDING', async () => {
    const undone: string[] = [];
    const there = new Set<string>();
    const rollback: (step: Step) => Promise<{ kind: 'done'; commit: () => Promise<void> }> = async ({ subtask }) => ({
      kind: 'done',
      commit: async () => {
        undone.push(subtask.name);
        there.delete(subtask.name);
      },
    });
    const work = async ({ subtask }: Step) => ({
      kind: 'done' as const,
      commit: async () => void there.add(subtask.name),
    });
    const ends: string[] = [];
    const handlers = tableOf(
      {
        work: { run: work, rollback, timeoutMs: 10_000 },
        fail: { run: broken, rollback, timeoutMs: 10_000 },
      },
      { test: async (_tx, task) => void ends.push(task.state) },
    );
    await Promise.all([start(handlers), start(handlers)]);
    const { taskId } = await submit(database, DIAMOND);
    await ended(taskId);
    expect([...there].toSorted()).toEqual(['a', 'b', 'c']);
    await rollBack(taskId);
    expect(await ended(taskId)).toBe('SUCCESSFUL');
    expect([undone[0], undone.slice(1, 3).toSorted(), undone[3], undone.length]).toEqual(['d', ['b', 'c'], 'a', 4]);
    expect(there.size).toBe(0);
    const steps = await stepsOf(database, taskId);
    expect(steps.map((step) => [step.name, step.state, step.operation])).toEqual([
      ['a', 'PENDING', 'ROLLBACK'],
      ['b', 'PENDING', 'ROLLBACK'],
      ['c', 'PENDING', 'ROLLBACK'],
      ['d', 'PENDING', 'ROLLBACK'],
      ['e', 'PENDING', 'EXECUTE'],
    ]);
    expect(await taskRow(database, taskId)).toMatchObject({ operation: 'ROLLBACK', finishedAt: expect.any(Date) });
    // Whoever waits for the task was told of its failure, and of nothing else.
    expect(ends).toEqual(['FAILED']);
    await expect(rollBack(taskId)).rejects.toMatchObject({ detail: { rule: 'task_state', state: 'SUCCESSFUL' } });
  });

  it('has nothing to undo where a handler has no rollback', async () => {
    await start(tableOf({ work: async () => done, fail: broken }));
    const { taskId } = await submit(database, DIAMOND);
    await ended(taskId);
    await rollBack(taskId);
    expect(await ended(taskId)).toBe('SUCCESSFUL');
  });

  it('that fails leaves the task FAILED; it goes on by another rollback, not by a retry', async () => {
    let stuck = true;
    const rollback = async ({ subtask }: Step) => {
      if (stuck && subtask.name === 'a') throw new BroadsheetError('conflict', 'stuck');
      return done;
    };
    await start(
      tableOf({
        work: { run: async () => done, rollback, timeoutMs: 10_000 },
        fail: broken,
      }),
    );
    const { taskId, subtaskIds } = await submit(database, DIAMOND);
    await ended(taskId);
    await rollBack(taskId);
    expect(await ended(taskId)).toBe('FAILED');
    const [a, ...others] = await stepsOf(database, taskId);
    expect(a).toMatchObject({ state: 'FAILED', operation: 'ROLLBACK', error: { message: 'stuck' } });
    expect(new Set(others.map((step) => step.state))).toEqual(new Set(['PENDING']));
    const at = await database.clock.now();
    const retry = database.db.transaction((tx) => retryTask(tx, noHooks, { taskId, at }));
    await expect(retry).rejects.toMatchObject({ detail: { rule: 'task_state' } });
    const change = { taskId, subtaskId: subtaskIds.get('a') ?? 0, at };
    const append = database.db.transaction((tx) => appendSteps(tx, change, [{ key: 'x', name: 'x', handler: 'work' }]));
    await expect(append).rejects.toMatchObject({ detail: { rule: 'task_state' } });
    stuck = false;
    await rollBack(taskId);
    expect(await ended(taskId)).toBe('SUCCESSFUL');
  });

  it('tries a failing rollback again while tries are left, and leaves one by hand (ROLLBACK_SKIP)', async () => {
    const tried: string[] = [];
    const rollback = async ({ subtask }: Step) => {
      tried.push(subtask.name);
      throw new Error('not now');
    };
    await start(
      tableOf({
        work: { run: async () => done, rollback, timeoutMs: 10_000, backoffSeconds: () => 1 },
        fail: broken,
      }),
    );
    const { taskId, subtaskIds } = await submit(database, [
      { key: 'a', name: 'a', handler: 'work', attempts: 2 },
      { key: 'b', name: 'b', handler: 'work', dependsOn: ['a'] },
      { key: 'c', name: 'c', handler: 'fail', dependsOn: ['b'] },
    ]);
    await ended(taskId);
    await rollBack(taskId);
    await ended(taskId);
    expect(tried).toEqual(['b']);
    const at = await database.clock.now();
    const skip = (key: string) =>
      database.db.transaction((tx) => skipSubtask(tx, noHooks, { taskId, subtaskId: subtaskIds.get(key) ?? 0, at }));
    await skip('b');
    expect(await ended(taskId)).toBe('FAILED');
    expect(tried).toEqual(['b', 'a', 'a']);
    await skip('a');
    expect(await ended(taskId)).toBe('SUCCESSFUL');
    const operations = (await stepsOf(database, taskId)).map((step) => [step.state, step.operation]);
    expect(operations).toEqual([
      ['PENDING', 'ROLLBACK_SKIP'],
      ['PENDING', 'ROLLBACK_SKIP'],
      ['PENDING', 'ROLLBACK'],
    ]);
  });

  it('can be canceled, one step or all, and begun again', async () => {
    let hangs = true;
    const rollback = async (step: Step) => (hangs ? heedfully(step) : done);
    await start(
      tableOf({
        work: { run: async () => done, rollback, timeoutMs: 60_000 },
        fail: broken,
      }),
    );
    const { taskId, subtaskIds } = await submit(database, DIAMOND);
    await ended(taskId);
    await rollBack(taskId);
    const steps = () => stepsOf(database, taskId);
    await until(steps, ([, b, c]) => b?.state === 'RUNNING' && c?.state === 'RUNNING');
    const at = await database.clock.now();
    const subtaskId = subtaskIds.get('b') ?? 0;
    await database.db.transaction((tx) => cancelSubtask(tx, { taskId, subtaskId, at }));
    await until(steps, ([, b]) => b?.state === 'FAILED');
    expect(await taskState(database, taskId)).toBe('RUNNING');
    await database.db.transaction((tx) => cancelTask(tx, noHooks, { taskId, at }));
    expect(await ended(taskId)).toBe('FAILED');
    expect((await steps()).map((step) => step.state)).toEqual(['SUCCESSFUL', 'FAILED', 'FAILED', 'PENDING', 'PENDING']);
    hangs = false;
    await rollBack(taskId);
    expect(await ended(taskId)).toBe('SUCCESSFUL');
  });

  it('is refused where the task, or a step that has begun, prohibits it', async () => {
    await start(tableOf({ work: async () => done, fail: broken }));
    const prohibiting = (key: string) => DIAMOND.map((step) => ({ ...step, prohibitRollback: step.key === key }));
    const begun = await submit(database, prohibiting('b'));
    const never = await submit(database, prohibiting('e'));
    await ended(begun.taskId);
    await ended(never.taskId);
    await expect(rollBack(begun.taskId)).rejects.toMatchObject({
      code: 'conflict',
      detail: { rule: 'task_no_rollback', id: begun.taskId },
    });
    expect((await taskRow(database, begun.taskId)).operation).toBe('EXECUTE');
    await rollBack(never.taskId);
    expect(await ended(never.taskId)).toBe('SUCCESSFUL');
  });

  it('lets a step have the time it asks for, where its handler allows less', async () => {
    const slow = async (step: Step) => {
      const time = new Promise<typeof done>((resolve) => setTimeout(() => resolve(done), 400));
      return Promise.race([time, heedfully(step)]);
    };
    await start(tableOf({ slow: { run: slow, timeoutMs: 100 } }));
    const short = await submit(database, [{ key: 'a', name: 'a', handler: 'slow' }]);
    const long = await submit(database, [{ key: 'a', name: 'a', handler: 'slow', timeoutSeconds: 5 }]);
    expect([await ended(short.taskId), await ended(long.taskId)]).toEqual(['FAILED', 'SUCCESSFUL']);
  });

  it('notes in the log without the secrets in it', async () => {
    const handlers = tableOf({
      work: async ({ note }) => {
        await note('info', 'connecting to mysql://root:s3cret@db:2881 with token=s3cret', {
          password: 's3cret',
          tries: 1,
        });
        throw new Error("ALTER USER x IDENTIFIED BY 's3cret' failed");
      },
    });
    await start(handlers);
    const { taskId } = await submit(database, [{ key: 'a', name: 'a', handler: 'work' }]);
    await ended(taskId);
    const stored = await database.sql`select message, detail from subtask_log`;
    expect(JSON.stringify(stored)).not.toContain('s3cret');
    expect((await readTaskLog(database.db, taskId, 10)).map((line) => line.message)).toEqual([
      'connecting to mysql://root:***@db:2881 with token=***',
      "internal: ALTER USER x IDENTIFIED BY '***' failed",
    ]);
  });
});

/** Up to six steps; step n may depend on any of the steps before it. */
const dag = fc
  .array(fc.array(fc.nat({ max: 4 }), { maxLength: 3 }), { minLength: 1, maxLength: 6 })
  .map((rows) => rows.map((parents, n) => parents.filter((parent) => parent < n)));

describe('any task, rolled back by two workers', () => {
  it('has each of its steps undone once, after all that stood on it', async () => {
    const undone = new Map<number, number[]>();
    const commit = (step: Step) => async () => {
      undone.set(step.task.id, [...(undone.get(step.task.id) ?? []), Number(step.subtask.name)]);
    };
    const work = async ({ subtask }: Step) => {
      if (subtask.input.fails === true) throw new BroadsheetError('bad_request', 'broken');
      return done;
    };
    const undoFailures = new Set<number>();
    const rollback = async (step: Step) => {
      const failsOnce = step.subtask.input.undoFails === true && !undoFailures.has(step.subtask.id);
      undoFailures.add(step.subtask.id);
      if (failsOnce) throw new BroadsheetError('conflict', 'not yet');
      return { kind: 'done' as const, commit: commit(step) };
    };
    const handlers = tableOf({ work: { run: work, rollback, timeoutMs: 10_000 } });
    await Promise.all([start(handlers), start(handlers)]);
    const property = fc.asyncProperty(dag, fc.nat(), fc.nat({ max: 63 }), async (rows, failing, undoFails) => {
      const fails = failing % rows.length;
      const steps = rows.map((parents, n) => ({
        ...{ key: `${n}`, name: `${n}`, handler: 'work', dependsOn: parents.map(String) },
        input: { fails: n === fails, undoFails: ((undoFails >> n) & 1) === 1 },
      }));
      const { taskId } = await submit(database, steps);
      expect(await ended(taskId)).toBe('FAILED');
      const begun = (await stepsOf(database, taskId)).filter((step) => step.state !== 'PENDING');
      for (let state = 'FAILED', rounds = 0; state === 'FAILED'; rounds += 1) {
        expect(rounds).toBeLessThan(8);
        await rollBack(taskId);
        state = (await ended(taskId)) ?? '';
      }
      const order = undone.get(taskId) ?? [];
      expect(order.toSorted()).toEqual(begun.map((step) => Number(step.name)).toSorted());
      rows.forEach((parents, n) => {
        for (const parent of parents) {
          if (order.includes(n)) expect(order.indexOf(n)).toBeLessThan(order.indexOf(parent));
        }
      });
      expect((await stepsOf(database, taskId)).every((step) => step.state === 'PENDING')).toBe(true);
    });
    await fc.assert(property, { numRuns: 10 });
  }, 120_000);
});
