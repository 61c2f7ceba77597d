import { and, asc, count, desc, eq, ilike, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { users } from '../../store/schema/access.ts';
import { clusters, tenants } from '../../store/schema/fleet.ts';
import { subtasks, type TaskState, taskInstances } from '../../store/schema/tasks.ts';
import type { SubtaskRow, TaskRow } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import type { Page, PageInput } from '../fleet/list-clusters.ts';
import { seenTasks } from './rights.ts';

export interface ListTasksInput extends PageInput {
  /** Parts of names, in any case. */
  readonly name?: string | undefined;
  readonly clusterName?: string | undefined;
  readonly tenantName?: string | undefined;
  readonly status?: readonly TaskState[] | undefined;
  /** Words that no task has find none. */
  readonly type?: readonly string[] | undefined;
  readonly clusterId?: number | undefined;
  readonly tenantId?: number | undefined;
  readonly hostId?: number | undefined;
  readonly sort?: { readonly by: keyof typeof SORTABLE; readonly descending: boolean } | undefined;
}

/** A task with the names of what it is about; null where it is about none, or that is gone. */
export interface NamedTask {
  readonly task: TaskRow;
  /** Null: the service itself, or a user who is gone. */
  readonly creatorName: string | null;
  readonly creatorNumber: number | null;
  readonly cluster: Pick<typeof clusters.$inferSelect, 'id' | 'name' | 'obClusterId' | 'kind'> | null;
  readonly tenant: Pick<typeof tenants.$inferSelect, 'id' | 'name' | 'obTenantId'> | null;
}

export interface ListedTask extends NamedTask {
  readonly subtasks: readonly Pick<SubtaskRow, 'id' | 'name' | 'state' | 'operation'>[];
}

const SORTABLE = {
  id: taskInstances.id,
  name: taskInstances.name,
  status: taskInstances.state,
  createTime: taskInstances.createdAt,
  startTime: taskInstances.createdAt,
  finishTime: taskInstances.finishedAt,
} as const;

export const sortableTaskColumns = Object.keys(SORTABLE) as (keyof typeof SORTABLE)[];

/** Of a task with very many steps (a mailing to thousands) a list shows the first ones. */
const MOST_LISTED_STEPS = 1_000;

/** The newest first. Report runs and their notices are in the list too. */
export async function listTasks({ ctx, input }: { ctx: Ctx; input: ListTasksInput }): Promise<Page<ListedTask>> {
  const where = conditionOf(ctx, input);
  const { by, descending } = input.sort ?? { by: 'id', descending: true };
  const order = [(descending ? desc : asc)(SORTABLE[by]), desc(taskInstances.id)];
  // Ids alone first: a late page skips over index entries then, and not over rows with all their names.
  const ids = await findTasks(ctx, sql<number>`${taskInstances.id}::float8`)
    .where(where)
    .orderBy(...order)
    .limit(input.size)
    .offset((input.page - 1) * input.size);
  const [total] = await findTasks(ctx, count()).where(where);
  if (ids.length === 0) return { items: [], total: total?.number ?? 0 };
  const wanted = ids.map(({ number }) => number);
  const named = await namedTasks(ctx)
    .where(inArray(taskInstances.id, wanted))
    .orderBy(...order);
  const steps = await stepsOf(ctx, wanted);
  return {
    items: named.map((item) => ({ ...item, subtasks: steps.get(item.task.id) ?? [] })),
    total: total?.number ?? 0,
  };
}

/** Joined for the conditions on names; PostgreSQL leaves out the joins that none is on. */
const findTasks = (ctx: Ctx, number: SQL<number>) =>
  ctx.db
    .select({ number })
    .from(taskInstances)
    .leftJoin(clusters, eq(clusters.id, taskInstances.clusterId))
    .leftJoin(tenants, eq(tenants.id, taskInstances.tenantId))
    .$dynamic();

/** The query of tasks with their names, to be narrowed by the caller. */
export const namedTasks = (ctx: Ctx) =>
  ctx.db
    .select({
      task: taskInstances,
      creatorName: users.username,
      creatorNumber: users.number,
      cluster: { id: clusters.id, name: clusters.name, obClusterId: clusters.obClusterId, kind: clusters.kind },
      tenant: { id: tenants.id, name: tenants.name, obTenantId: tenants.obTenantId },
    })
    .from(taskInstances)
    .leftJoin(users, eq(users.id, taskInstances.creatorId))
    .leftJoin(clusters, eq(clusters.id, taskInstances.clusterId))
    .leftJoin(tenants, eq(tenants.id, taskInstances.tenantId))
    .$dynamic();

function conditionOf({ actor }: Ctx, input: ListTasksInput): SQL | undefined {
  const { name, clusterName, tenantName, status, type, clusterId, tenantId, hostId } = input;
  return and(
    seenTasks(actor),
    name === undefined ? undefined : ilike(taskInstances.name, containing(name)),
    clusterName === undefined ? undefined : ilike(clusters.name, containing(clusterName)),
    tenantName === undefined ? undefined : ilike(tenants.name, containing(tenantName)),
    status === undefined ? undefined : inArray(taskInstances.state, [...status]),
    type === undefined ? undefined : inArray(taskInstances.type, type as TaskRow['type'][]),
    clusterId === undefined ? undefined : eq(taskInstances.clusterId, clusterId),
    tenantId === undefined ? undefined : eq(taskInstances.tenantId, tenantId),
    hostId === undefined ? undefined : eq(taskInstances.hostId, hostId),
  );
}

const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

async function stepsOf(ctx: Ctx, taskIds: number[]): Promise<Map<number, ListedTask['subtasks'][number][]>> {
  const rows = await ctx.db
    .select({
      taskId: subtasks.taskInstanceId,
      id: subtasks.id,
      name: subtasks.name,
      state: subtasks.state,
      operation: subtasks.operation,
    })
    .from(subtasks)
    .where(and(inArray(subtasks.taskInstanceId, taskIds), lt(subtasks.seriesId, MOST_LISTED_STEPS)))
    .orderBy(asc(subtasks.taskInstanceId), asc(subtasks.seriesId));
  return Map.groupBy(rows, (row) => row.taskId);
}
