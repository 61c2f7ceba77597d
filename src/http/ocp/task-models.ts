import { z } from '@hono/zod-openapi';

/*
 * The three shapes of one task, as OCP has them: BasicTaskInstance in lists, WrappedTaskInstance for one, and TaskInstance
 * from operations that start a task. What is null is left out.
 */

const id = z.number().int();
const time = (example: string) => z.string().optional().openapi({ example });
const times = {
  startTime: time('2021-08-25T15:09:31.74+08:00'),
  finishTime: time('2021-08-25T15:09:54.067+08:00'),
};
const createTime = z.string().openapi({ example: '2021-08-25T15:09:31+08:00' });

const taskStatus = z.enum(['RUNNING', 'FAILED', 'SUCCESSFUL']);
const taskOperation = z.enum(['EXECUTE', 'RETRY', 'ROLLBACK']);
const taskType = z.enum(['MANUAL', 'SCHEDULED', 'SYS_SCHEDULED']);
const subtaskStatus = z.enum(['PENDING', 'READY', 'RUNNING', 'CANCELING', 'FAILED', 'SUCCESSFUL']);
const subtaskOperation = z.enum(['EXECUTE', 'RETRY', 'ROLLBACK', 'SKIP', 'ROLLBACK_SKIP', 'CANCEL']);

const creator = z.object({
  id: id.openapi({
    description: 'The number of a user, which never changes; 200: the service itself, 0: a user who is gone',
  }),
  name: z.string(),
});
const about = {
  cluster: z.object({ id, name: z.string(), obClusterId: id, type: z.literal('PRIMARY') }).optional(),
  tenant: z.object({ id, name: z.string(), mode: z.string(), obTenantId: id }).optional(),
};

const basicSubtask = z.object({
  id,
  name: z.string(),
  description: z.string(),
  status: subtaskStatus,
  operation: subtaskOperation,
});

export const basicTaskModel = z
  .object({ id, name: z.string(), ...about, creator, status: taskStatus, ...times, subtasks: z.array(basicSubtask) })
  .openapi('OcpBasicTaskInstance');

const wrappedSubtask = basicSubtask.extend({
  seriesId: id.openapi({ description: 'Unique within the task; no order: only upstreams and downstreams are one' }),
  timeout: z.number().int().openapi({ description: 'Seconds; 0 = no bound of its own' }),
  executor: z.string().optional(),
  runTime: z.number().int().openapi({ description: '1, and one more with every retry' }),
  nodeType: z.literal('JAVA_TASK'),
  parallelIdx: z.number().int().openapi({ description: '-1 = no others alike run beside it' }),
  upstreams: z.array(id),
  downstreams: z.array(id),
  prohibitRollback: z.boolean(),
  createTime,
  ...times,
});

const started = {
  type: taskType,
  operation: taskOperation,
  executor: z.string().optional(),
  taskDefinitionId: z.number().int().openapi({ example: -1 }),
};

export const wrappedTaskModel = basicTaskModel
  .extend({ ...started, prohibitRollback: z.boolean(), createTime, subtasks: z.array(wrappedSubtask) })
  .openapi('OcpWrappedTaskInstance');

export const subtaskModel = wrappedSubtask.extend({ className: z.string() }).openapi('OcpSubtaskInstance');

export const taskModel = z
  .object({
    id,
    name: z.string(),
    clusterId: id.optional(),
    tenantId: id.optional(),
    hostId: id.optional(),
    status: taskStatus,
    creator: z.string(),
    context: z.object({
      listMap: z.record(z.string(), z.array(z.string())),
      stringMap: z.record(z.string(), z.string()),
      parallel: z.boolean(),
      parallelIdx: z.number().int(),
    }),
    ...started,
    createTime,
    ...times,
    subtasks: z.array(subtaskModel),
  })
  .openapi('OcpTaskInstance');
