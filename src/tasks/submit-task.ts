import { hostname } from 'node:os';
import { eq, sql } from 'drizzle-orm';
import { BroadsheetError } from '../errors.ts';
import type { Db } from '../store/database.ts';
import { subtaskEdges, subtasks, taskInstances } from '../store/schema/tasks.ts';
import type { NewStep, NewTask } from './handlers.ts';
import { type JobToSend, sendJobs } from './jobs.ts';

export interface SubmittedTask {
  readonly taskId: number;
  /** Subtask ids by the steps' keys. */
  readonly subtaskIds: ReadonlyMap<string, number>;
}

export interface SubmitOptions {
  readonly at: Date;
  /** Keys of steps whose job the caller takes upon itself: they become READY without a job of their own. */
  readonly withoutJob?: readonly string[];
}

/**
 * Write a task and its steps inside the caller's transaction: steps without parents are READY and their jobs sent,
 * the others PENDING.
 * @throws BroadsheetError `bad_request` for a cycle, an unknown or repeated key, or a task without steps.
 */
export async function submitTask(tx: Db, task: NewTask, options: SubmitOptions): Promise<SubmittedTask> {
  if (task.steps.length === 0) throw new BroadsheetError('bad_request', `task ${task.name} has no steps`);
  const { at } = options;
  const [row] = await tx
    .insert(taskInstances)
    .values({
      name: task.name,
      kind: task.kind,
      state: 'RUNNING',
      queue: task.queue,
      creatorId: task.creatorId ?? null,
      type: task.type ?? 'MANUAL',
      prohibitRollback: task.prohibitRollback ?? false,
      executor: hostname(),
      context: task.context ?? {},
      createdAt: at,
      updatedAt: at,
    })
    .returning({ id: taskInstances.id });
  if (!row) throw new Error('insert into task_instances returned no row');
  const subtaskIds = await insertSteps(tx, { taskId: row.id, queue: task.queue, steps: task.steps, ...options });
  return { taskId: row.id, subtaskIds };
}

export interface StepsToInsert extends SubmitOptions {
  readonly taskId: number;
  readonly queue: string;
  readonly steps: readonly NewStep[];
  /** A subtask that all new steps without parents of their own depend on, already SUCCESSFUL. */
  readonly afterSubtaskId?: number;
}

/** Add steps to a task whose row the caller has locked (or has just inserted). Answers their ids by key. */
export async function insertSteps(tx: Db, wanted: StepsToInsert): Promise<ReadonlyMap<string, number>> {
  const { steps, at } = wanted;
  if (steps.length === 0) return new Map();
  assertAcyclic(steps);
  const firstSeries = wanted.afterSubtaskId === undefined ? 0 : await nextSeries(tx, wanted.taskId);
  const inserted = await tx
    .insert(subtasks)
    .values(
      steps.map((step, position) => ({
        taskInstanceId: wanted.taskId,
        seriesId: firstSeries + position,
        name: step.name,
        handler: step.handler,
        input: step.input ?? {},
        state: isRoot(step) ? ('READY' as const) : ('PENDING' as const),
        pendingParents: new Set(step.dependsOn).size,
        attemptsLeft: step.attempts ?? 1,
        maxAttempts: step.attempts ?? 1,
        lane: step.lane ?? ('free' as const),
        timeoutSeconds: step.timeoutSeconds ?? 0,
        parallelIdx: step.parallelIdx ?? -1,
        prohibitRollback: step.prohibitRollback ?? false,
        createdAt: at,
        updatedAt: at,
      })),
    )
    .returning({ id: subtasks.id });
  const ids = new Map(steps.map((step, position) => [step.key, inserted[position]?.id ?? Number.NaN]));
  const edges = steps.flatMap((step) => {
    const childId = ids.get(step.key) as number;
    const parents = [...new Set(step.dependsOn)].map((key) => ids.get(key) as number);
    if (parents.length === 0 && wanted.afterSubtaskId !== undefined) parents.push(wanted.afterSubtaskId);
    return parents.map((parentId) => ({ parentId, childId }));
  });
  if (edges.length > 0) await tx.insert(subtaskEdges).values(edges);
  await sendJobs(tx, jobsOfRoots(wanted, ids));
  return ids;
}

async function nextSeries(tx: Db, taskId: number): Promise<number> {
  const [row] = await tx
    .select({ next: sql<number>`coalesce(max(${subtasks.seriesId}) + 1, 0)::int` })
    .from(subtasks)
    .where(eq(subtasks.taskInstanceId, taskId));
  return row?.next ?? 0;
}

const isRoot = (step: NewStep): boolean => !step.dependsOn || step.dependsOn.length === 0;

function jobsOfRoots(wanted: StepsToInsert, ids: ReadonlyMap<string, number>): JobToSend[] {
  return wanted.steps
    .filter((step) => isRoot(step) && !wanted.withoutJob?.includes(step.key))
    .map((step) => ({
      queue: wanted.queue,
      job: { kind: 'subtask', subtaskId: ids.get(step.key) as number },
      lane: step.lane ?? 'free',
    }));
}

/** Kahn's algorithm: take away steps without open parents until none is left. */
function assertAcyclic(steps: readonly NewStep[]): void {
  const open = new Map(steps.map((step) => [step.key, new Set(step.dependsOn)]));
  if (open.size !== steps.length) throw new BroadsheetError('bad_request', 'two steps have the same key');
  for (const [key, parents] of open) {
    const unknown = [...parents].find((parent) => !open.has(parent));
    if (unknown !== undefined) throw new BroadsheetError('bad_request', `step ${key} depends on unknown ${unknown}`);
  }
  while (open.size > 0) {
    const free = [...open].filter(([, parents]) => parents.size === 0).map(([key]) => key);
    if (free.length === 0) throw new BroadsheetError('bad_request', `cycle among steps ${[...open.keys()].join(', ')}`);
    for (const key of free) open.delete(key);
    for (const parents of open.values()) for (const key of free) parents.delete(key);
  }
}
