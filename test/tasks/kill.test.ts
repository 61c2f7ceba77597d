import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rollbackTask } from '../../src/tasks/change-task.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { stepsOf, submit, taskRow, taskState, until } from './engine.ts';

const SCRIPT = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const RECOVERY_MS = 25_000;

let database: TestDatabase;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  database = await testDatabase();
  await database.sql`create table things (name text, half text, primary key (name, half))`;
});
afterEach(async () => {
  const ends = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ends);
});
afterAll(async () => database.close());

interface Victim {
  readonly child: ChildProcess;
  readonly reached: Set<string>;
}

/** Start a worker process; resolves when it works. */
function startWorker(...points: ('run' | 'rollback')[]): Promise<Victim> {
  const child = spawn(process.execPath, [SCRIPT, database.url, ...points], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const reached = new Set<string>();
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the worker ended before it worked')));
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => {
      if (line.startsWith('started')) resolve({ child, reached });
      else reached.add(line);
    });
  });
}

const things = async (): Promise<string[]> => {
  const rows = await database.sql<{ name: string; half: string }[]>`select name, half from things order by 1, 2`;
  return rows.map((row) => `${row.name} ${row.half}`);
};
const reached = ({ reached: points }: Victim, point: string) =>
  until(
    async () => points.has(point),
    (is) => is,
  );
const endOf = (taskId: number) =>
  until(
    () => taskState(database, taskId),
    (state) => state !== 'RUNNING',
    RECOVERY_MS,
  );

describe('kill -9 of a worker', () => {
  it('in the middle of a step, then of a rollback: another one does it again, and everything is whole', async () => {
    const first = await startWorker('run');
    const { taskId } = await submit(database, [
      { key: 'a', name: 'a', handler: 'make' },
      { key: 'b', name: 'b', handler: 'make', dependsOn: ['a'] },
      { key: 'c', name: 'c', handler: 'fail', dependsOn: ['b'] },
    ]);
    await reached(first, 'run');
    expect(await things()).toEqual(['a first']);
    first.child.kill('SIGKILL');
    const second = await startWorker('rollback');
    expect(await endOf(taskId)).toBe('FAILED');
    expect(await things()).toEqual(['a first', 'a second', 'b first', 'b second']);
    expect((await stepsOf(database, taskId)).map((step) => step.attempt)).toEqual([2, 1, 1]);

    const at = await database.clock.now();
    await database.db.transaction((tx) => rollbackTask(tx, { taskId, at }));
    await reached(second, 'rollback');
    expect(await things()).toEqual(['a first', 'a second', 'b first']);
    expect((await stepsOf(database, taskId)).map((step) => step.state)).toEqual(['SUCCESSFUL', 'RUNNING', 'PENDING']);
    second.child.kill('SIGKILL');
    await startWorker();
    expect(await endOf(taskId)).toBe('SUCCESSFUL');
    expect(await things()).toEqual([]);
    expect(await taskRow(database, taskId)).toMatchObject({ operation: 'ROLLBACK' });
    const steps = await stepsOf(database, taskId);
    expect(steps.map((step) => [step.state, step.operation, step.attempt, step.runTime])).toEqual([
      ['PENDING', 'ROLLBACK', 3, 1],
      ['PENDING', 'ROLLBACK', 3, 1],
      ['PENDING', 'ROLLBACK', 2, 1],
    ]);
    const attempts = await database.sql`
      select operation from subtask_attempts where subtask_id = ${steps[1]?.id ?? 0} order by attempt`;
    expect(attempts.map((row) => row.operation)).toEqual(['EXECUTE', 'ROLLBACK', 'ROLLBACK']);
  });
});
