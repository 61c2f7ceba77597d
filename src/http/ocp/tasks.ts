import { createRoute, z } from '@hono/zod-openapi';
import { cancelSubtask, retrySubtask, skipSubtask } from '../../operations/tasks/change-subtask.ts';
import { getTask } from '../../operations/tasks/get-task.ts';
import { listTasks, sortableTaskColumns } from '../../operations/tasks/list-tasks.ts';
import { readSubtaskLog } from '../../operations/tasks/read-subtask-log.ts';
import { retryTask, rollbackTask } from '../../operations/tasks/retry-task.ts';
import type { Family } from './family.ts';
import { long, pageOf, pageQuery, sortQuery, wordList } from './parameters.ts';
import { ocpReply, pageModel, voidReply } from './replies.ts';
import { basicTaskModel, subtaskModel, wrappedTaskModel } from './task-models.ts';
import { basicTask, logText, subtaskInstance, wrappedTask } from './task-shape.ts';

const tags = ['tasks'];
const path = '/tasks/instances';
const oneParams = z.object({ taskInstanceId: long() });
const subtaskParams = z.object({ taskInstanceId: long(), subtaskInstanceId: long() });

const part = (what: string) =>
  z
    .string()
    .optional()
    .openapi({ description: `A part of the ${what}, in any case` });

const listQuery = z.object({
  ...pageQuery,
  name: part("task's name"),
  status: wordList(['RUNNING', 'FAILED', 'SUCCESSFUL']).optional(),
  type: wordList(['MANUAL', 'SCHEDULED', 'SYS_SCHEDULED', 'SYS_ONECE', 'SYS_ONCE']).optional(),
  clusterName: part("cluster's name"),
  cluterName: part("cluster's name; OCP's own spelling of clusterName"),
  clusterId: long().optional(),
  tenantName: part("tenant's name"),
  tenantId: long().optional(),
  hostId: long().optional(),
  sort: sortQuery(sortableTaskColumns).optional(),
});

/** Tasks: everything that is done asynchronously, report runs among it. */
export function addTaskRoutes(family: Family): void {
  family.add(
    createRoute({
      method: 'get',
      path,
      tags,
      summary: 'The tasks that the caller may see, the newest first',
      description: 'Of a task with more than 1 000 subtasks the list shows the first 1 000.',
      request: { query: listQuery },
      responses: { 200: ocpReply(pageModel(basicTaskModel), 'A page of tasks') },
    }),
    async ({ ctx, query: { cluterName, ...query }, exchange }) => {
      const input = { ...query, clusterName: query.clusterName ?? cluterName };
      const { items, total } = await listTasks({ ctx, input });
      return pageOf(
        items.map((item) => basicTask(item, exchange)),
        total,
        query,
      );
    },
  );
  family.add(
    createRoute({
      method: 'get',
      path: `${path}/{taskInstanceId}`,
      tags,
      summary: 'A task with all its subtasks',
      request: { params: oneParams },
      responses: { 200: ocpReply(wrappedTaskModel, 'The task') },
    }),
    async ({ ctx, params, exchange }) =>
      wrappedTask(await getTask({ ctx, input: { id: params.taskInstanceId } }), exchange),
  );
  addTaskWrites(family);
  addSubtaskRoutes(family);
  family.add(
    createRoute({
      method: 'get',
      path: '/tasks/{id}',
      tags,
      summary: 'The same as /tasks/instances/{taskInstanceId}, as some clients ask for it',
      request: { params: z.object({ id: long() }) },
      responses: { 200: ocpReply(wrappedTaskModel, 'The task') },
    }),
    async ({ ctx, params: input, exchange }) => wrappedTask(await getTask({ ctx, input }), exchange),
  );
}

function addTaskWrites(family: Family): void {
  family.add(
    createRoute({
      method: 'post',
      path: `${path}/{taskInstanceId}/retry`,
      tags,
      summary: 'Run the FAILED subtasks of a FAILED task again',
      description: 'Error code 20003 unless it is FAILED and not being rolled back.',
      request: { params: oneParams },
      responses: { 200: ocpReply(wrappedTaskModel, 'The task, RUNNING') },
    }),
    async ({ ctx, params, exchange }) =>
      wrappedTask(await retryTask({ ctx, input: { id: params.taskInstanceId } }), exchange),
  );
  family.add(
    createRoute({
      method: 'post',
      path: `${path}/{taskInstanceId}/rollback`,
      tags,
      summary: 'Undo what a FAILED task has done, the last subtasks first',
      description:
        'Error code 20003 unless it is FAILED, 20004 where that is prohibited. A rollback that failed goes on by the same ' +
        'call. Rolled back, a task is SUCCESSFUL with all subtasks PENDING, and stays so.',
      request: { params: oneParams },
      responses: { 200: ocpReply(wrappedTaskModel, 'The task, RUNNING') },
    }),
    async ({ ctx, params, exchange }) =>
      wrappedTask(await rollbackTask({ ctx, input: { id: params.taskInstanceId } }), exchange),
  );
}

function addSubtaskRoutes(family: Family): void {
  const subtask = `${path}/{taskInstanceId}/subtasks/{subtaskInstanceId}`;
  const inputOf = (params: z.output<typeof subtaskParams>) => ({
    taskId: params.taskInstanceId,
    subtaskId: params.subtaskInstanceId,
  });
  family.add(
    createRoute({
      method: 'get',
      path: `${subtask}/log`,
      tags,
      summary: 'The log of a subtask: a chunk per attempt, secrets masked',
      request: { params: subtaskParams },
      responses: { 200: ocpReply(z.object({ log: z.string() }), 'Its last 5 000 lines') },
    }),
    async ({ ctx, params, exchange }) => ({
      log: logText(await readSubtaskLog({ ctx, input: inputOf(params) }), exchange),
    }),
  );
  family.add(
    createRoute({
      method: 'post',
      path: `${subtask}/retry`,
      tags,
      summary: 'Run a FAILED subtask again',
      description: 'Error code 20003 unless it is FAILED and its task is not being rolled back.',
      request: { params: subtaskParams },
      responses: { 200: ocpReply(subtaskModel, 'The subtask, READY') },
    }),
    async ({ ctx, params, exchange }) => subtaskInstance(await retrySubtask({ ctx, input: inputOf(params) }), exchange),
  );
  family.add(
    createRoute({
      method: 'post',
      path: `${subtask}/skip`,
      tags,
      summary: 'Let a FAILED subtask count as done, or as undone while its task is rolled back',
      description: 'Error code 20003 unless it is FAILED.',
      request: { params: subtaskParams },
      responses: { 200: voidReply('What waited for it begins') },
    }),
    ({ ctx, params }) => skipSubtask({ ctx, input: inputOf(params) }),
  );
  family.add(
    createRoute({
      method: 'post',
      path: `${subtask}/cancel`,
      tags,
      summary: 'Stop a RUNNING subtask: it ends FAILED',
      description: 'Error code 20003 unless it is RUNNING.',
      request: { params: subtaskParams },
      responses: { 200: voidReply('It is CANCELING until its worker has let go') },
    }),
    ({ ctx, params }) => cancelSubtask({ ctx, input: inputOf(params) }),
  );
}
