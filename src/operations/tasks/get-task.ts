import { asc, eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { subtaskEdges, subtasks, taskInstances } from '../../store/schema/tasks.ts';
import type { SubtaskRow } from '../../tasks/handlers.ts';
import { maskValue } from '../../tasks/mask-secrets.ts';
import { isRollbackProhibited } from '../../tasks/roll-back.ts';
import type { Ctx } from '../context.ts';
import { type NamedTask, namedTasks } from './list-tasks.ts';
import { loadTask } from './rights.ts';

/** A step with its place in the order: only these edges say what comes before what. */
export interface PlacedStep {
  readonly step: SubtaskRow;
  readonly upstreams: readonly number[];
  readonly downstreams: readonly number[];
}

export interface TaskDetails extends NamedTask {
  readonly steps: readonly PlacedStep[];
  /** The task's context without secrets. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Whether a rollback would be refused for what the task is or has begun. */
  readonly rollbackProhibited: boolean;
}

/**
 * A task with all its steps.
 * @throws BroadsheetError `not_found`, or `forbidden`.
 */
export async function getTask({ ctx, input: { id } }: { ctx: Ctx; input: { id: number } }): Promise<TaskDetails> {
  await loadTask(ctx, id);
  return taskDetails(ctx, id);
}

/** The same without asking whether the actor may see it: for verbs that have started or changed it. */
export async function taskDetails(ctx: Ctx, id: number): Promise<TaskDetails> {
  const [named] = await namedTasks(ctx).where(eq(taskInstances.id, id));
  if (named === undefined) throw notFound('task not found', { rule: 'task_not_found', id });
  const steps = await ctx.db
    .select()
    .from(subtasks)
    .where(eq(subtasks.taskInstanceId, id))
    .orderBy(asc(subtasks.seriesId));
  const edges = await ctx.db
    .select({ parentId: subtaskEdges.parentId, childId: subtaskEdges.childId })
    .from(subtaskEdges)
    .innerJoin(subtasks, eq(subtasks.id, subtaskEdges.childId))
    .where(eq(subtasks.taskInstanceId, id))
    .orderBy(asc(subtaskEdges.parentId), asc(subtaskEdges.childId));
  const parents = Map.groupBy(edges, (edge) => edge.childId);
  const children = Map.groupBy(edges, (edge) => edge.parentId);
  return {
    ...named,
    context: maskValue(named.task.context) as Record<string, unknown>,
    rollbackProhibited: isRollbackProhibited(named.task, steps),
    steps: steps.map((step) => ({
      step,
      upstreams: (parents.get(step.id) ?? []).map((edge) => edge.parentId),
      downstreams: (children.get(step.id) ?? []).map((edge) => edge.childId),
    })),
  };
}
