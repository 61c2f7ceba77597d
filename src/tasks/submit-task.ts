import { hostname } from 'node:os';
import { eq, sql } from 'drizzle-orm';
import { BroadsheetError } from '../errors.ts';
import type { Db } from '../store/database.ts';
import { reserveStepIds, reserveTaskIds, type TaskIds } from '../store/reserve-ids.ts';
import { subtaskEdges, subtasks, taskInstances } from '../store/schema/tasks.ts';
import { writeTogether } from '../store/write-together.ts';
import type { NewStep, NewTask } from './handlers.ts';
import { type JobToSend, type JobWrites, jobWrites, prepareQueues } from './jobs.ts';

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

/** A task that is made and not yet written. */
export interface TaskWrites extends JobWrites, SubmittedTask {}

/**
 * Write a task and its steps inside the caller's transaction: steps without parents are READY and their jobs sent,
 * the others PENDING.
 * @throws BroadsheetError `bad_request` for a cycle, an unknown or repeated key, or a task without steps.
 */
export async function submitTask(tx: Db, task: NewTask, options: SubmitOptions): Promise<SubmittedTask> {
  const [ids] = await Promise.all([reserveTaskIds(tx, task.steps.length), prepareQueues(tx, [task.queue])]);
  const { writes, signals, ...submitted } = await taskWrites(tx, task, { ...options, ids });
  await writeTogether(tx, writes, signals);
  return submitted;
}

/**
 * The same as statements, for a verb that writes more in the same one. Of the shared queue only: another one may have to
 * be made first.
 */
export async function taskWrites(
  tx: Db,
  task: NewTask,
  { ids, ...options }: SubmitOptions & { readonly ids: TaskIds },
): Promise<TaskWrites> {
  if (task.steps.length === 0) throw new BroadsheetError('bad_request', `task ${task.name} has no steps`);
  const { at } = options;
  const { taskId } = ids;
  const row = tx
    .insert(taskInstances)
    .overridingSystemValue()
    .values({
      id: taskId,
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
    });
  const wanted = { taskId, queue: task.queue, steps: task.steps, ...options };
  const { writes, signals, subtaskIds } = await stepWrites(tx, wanted, ids.subtaskIds, 0);
  return { writes: [row.getSQL(), ...writes], signals, taskId, subtaskIds };
}

export interface StepsToInsert extends SubmitOptions {
  readonly taskId: number;
  readonly queue: string;
  readonly steps: readonly NewStep[];
  /** A subtask that all new steps without parents of their own depend on, already SUCCESSFUL. */
  readonly afterSubtaskId?: number;
}

/** Add steps to a task whose row the caller has locked. Answers their ids by key. */
export async function insertSteps(tx: Db, wanted: StepsToInsert): Promise<ReadonlyMap<string, number>> {
  const { steps } = wanted;
  if (steps.length === 0) return new Map();
  const [ids, firstSeries] = await Promise.all([
    reserveStepIds(tx, steps.length),
    nextSeries(tx, wanted.taskId),
    prepareQueues(tx, [wanted.queue]),
  ]);
  const { writes, signals, subtaskIds } = await stepWrites(tx, wanted, ids, firstSeries);
  await writeTogether(tx, writes, signals);
  return subtaskIds;
}

async function stepWrites(
  tx: Db,
  wanted: StepsToInsert,
  reserved: readonly number[],
  firstSeries: number,
): Promise<JobWrites & Pick<SubmittedTask, 'subtaskIds'>> {
  const { steps } = wanted;
  assertAcyclic(steps);
  const ids = new Map(steps.map((step, position) => [step.key, reserved[position] ?? Number.NaN]));
  const idOf = (key: string): number => ids.get(key) ?? Number.NaN;
  const rows = steps.map((step, position) => rowOf(step, wanted, idOf(step.key), firstSeries + position));
  const edges = steps.flatMap((step) => {
    const parents = [...new Set(step.dependsOn)].map(idOf);
    if (parents.length === 0 && wanted.afterSubtaskId !== undefined) parents.push(wanted.afterSubtaskId);
    return parents.map((parentId) => ({ parentId, childId: idOf(step.key) }));
  });
  const jobs = await jobWrites(jobsOfRoots(wanted, ids));
  const writes = [
    tx.insert(subtasks).overridingSystemValue().values(rows).getSQL(),
    ...(edges.length > 0 ? [tx.insert(subtaskEdges).values(edges).getSQL()] : []),
    ...jobs.writes,
  ];
  return { writes, signals: jobs.signals, subtaskIds: ids };
}

const rowOf = (step: NewStep, { taskId, at }: StepsToInsert, id: number, seriesId: number) => ({
  id,
  taskInstanceId: taskId,
  seriesId,
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
});

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
