import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { forbidden, notFound } from '../../errors.ts';
import { type ClusterAccess, clusterGrants } from '../../store/schema/fleet.ts';
import { taskInstances } from '../../store/schema/tasks.ts';
import type { TaskRow } from '../../tasks/handlers.ts';
import { isAdmin } from '../access/rights.ts';
import type { Actor, Ctx } from '../context.ts';
import { requireRunEdit } from '../runs/internal.ts';
import { RUN_TASK } from '../runs/parts.ts';

/*
 * Who may do what with tasks. Admins everything. Others see the tasks that they started, and those of clusters they may
 * read. They change those of clusters they may write; of tasks without a cluster those they started, and of runs only
 * such as they may change as runs.
 */

/** The condition on tasks that the actor sees them; undefined = all of them. */
export function seenTasks(actor: Actor): SQL | undefined {
  if (isAdmin(actor)) return undefined;
  if (actor.userId === null) return sql`false`;
  return or(eq(taskInstances.creatorId, actor.userId), grantedTo(actor.userId, ['read', 'read_write']));
}

const grantedTo = (userId: string, access: ClusterAccess[]): SQL => sql`exists (
  select from ${clusterGrants} where ${clusterGrants.clusterId} = ${taskInstances.clusterId}
    and ${and(eq(clusterGrants.userId, userId), inArray(clusterGrants.access, access))})`;

/** @throws BroadsheetError `not_found` (`detail.rule` task_not_found), or `forbidden` for a task that exists. */
export async function loadTask(ctx: Ctx, id: number): Promise<TaskRow> {
  const [task] = await ctx.db.select().from(taskInstances).where(eq(taskInstances.id, id));
  if (task === undefined) throw notFound('task not found', { rule: 'task_not_found', id });
  if (!(await isFound(ctx, id, seenTasks(ctx.actor)))) throw forbidden();
  return task;
}

/** @throws BroadsheetError as `loadTask`, and `forbidden` where the actor may only see the task. */
export async function loadTaskToChange(ctx: Ctx, id: number): Promise<TaskRow> {
  const task = await loadTask(ctx, id);
  const { actor } = ctx;
  if (isAdmin(actor)) return task;
  if (task.kind === RUN_TASK) await requireRunEdit(ctx, String(task.context.run_id));
  const mine = actor.userId !== null && task.creatorId === actor.userId;
  const allowed =
    task.clusterId === null
      ? mine
      : actor.userId !== null && (await isFound(ctx, id, grantedTo(actor.userId, ['read_write'])));
  if (!allowed) throw forbidden();
  return task;
}

async function isFound(ctx: Ctx, id: number, condition: SQL | undefined): Promise<boolean> {
  if (condition === undefined) return true;
  const found = await ctx.db
    .select({ id: taskInstances.id })
    .from(taskInstances)
    .where(and(eq(taskInstances.id, id), condition));
  return found.length > 0;
}
