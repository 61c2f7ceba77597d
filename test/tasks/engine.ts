import { randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { Database } from '../../src/store/database.ts';
import { subtasks, taskInstances } from '../../src/store/schema/tasks.ts';
import type { Handlers, NewStep, StepHandler, StepResult, TaskHooks } from '../../src/tasks/handlers.ts';
import { submitTask } from '../../src/tasks/submit-task.ts';
import { createWorker, type WorkerOptions } from '../../src/tasks/worker.ts';

/** A handlers' table whose steps are plain functions. */
export function tableOf(
  steps: Record<string, StepHandler['run'] | StepHandler>,
  finished: Handlers['finished'] = {},
): Handlers {
  const entries = Object.entries(steps).map(([key, step]) => [
    key,
    typeof step === 'function' ? { run: step, timeoutMs: 60_000, backoffSeconds: () => 1 } : step,
  ]);
  return { steps: Object.fromEntries(entries), expandRun: async () => null, finished, reopened: {} };
}

/** Nobody is told. */
export const noHooks: TaskHooks = { finished: {}, reopened: {} };

export const done: StepResult = { kind: 'done' };

export function workerOf(database: Database, handlers: Handlers, more: Partial<WorkerOptions> = {}) {
  return createWorker({
    database,
    handlers,
    clock: database.clock,
    log: silentLog,
    metrics: createMetrics(),
    instances: ['*'],
    runsAtOnce: 2,
    ...more,
  });
}

export async function submit(database: Database, steps: NewStep[], queue: string = randomUUID()) {
  const at = await database.clock.now();
  return database.db.transaction((tx) => submitTask(tx, { name: 'test', kind: 'test', queue, steps }, { at }));
}

export async function taskRow(database: Database, taskId: number) {
  const [task] = await database.db.select().from(taskInstances).where(eq(taskInstances.id, taskId));
  if (task === undefined) throw new Error(`there is no task ${taskId}`);
  return task;
}

export const taskState = async (database: Database, taskId: number) => (await taskRow(database, taskId)).state;

export async function stepsOf(database: Database, taskId: number) {
  return database.db.select().from(subtasks).where(eq(subtasks.taskInstanceId, taskId)).orderBy(asc(subtasks.id));
}

/** Poll for something that another process or loop brings about. */
export async function until<T>(look: () => Promise<T>, good: (value: T) => boolean, timeoutMs = 60_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`not reached within ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
