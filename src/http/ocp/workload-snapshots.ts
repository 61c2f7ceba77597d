import { createRoute, z } from '@hono/zod-openapi';
import { listSnapshots } from '../../operations/snapshots/list-snapshots.ts';
import { requestSnapshot } from '../../operations/snapshots/request-snapshot.ts';
import { getTask } from '../../operations/tasks/get-task.ts';
import type { Family } from './family.ts';
import { long } from './parameters.ts';
import { listOf, ocpReply } from './replies.ts';
import { taskModel } from './task-models.ts';
import { taskInstance } from './task-shape.ts';
import { utcTime } from './times.ts';

const tags = ['workload'];
const params = z.object({ id: long() });
const path = '/ob/clusters/{id}/performance/workload/snapshots';

const snapshotModel = z
  .object({
    snapshotId: z.number().int(),
    snapshotTime: z.string().openapi({ example: '2022-10-01T00:01:00.214Z' }),
  })
  .openapi('OcpSnapshot');

/** Snapshots to choose the ends of a report from. */
export function addSnapshotRoutes(family: Family): void {
  family.add(
    createRoute({
      method: 'get',
      path,
      tags,
      summary: 'Snapshots of the last 30 days that reports may be made of, the oldest first',
      description: 'All at once, without a page. Failed captures are left out.',
      request: {
        params,
        query: z.object({
          snapshotId: long().optional().openapi({
            type: 'integer',
            format: 'int64',
            description: 'Only those that may be the end of a report that begins here: later, by 24 hours at most',
          }),
        }),
      },
      responses: { 200: ocpReply(listOf(snapshotModel), 'The snapshots') },
    }),
    async ({ ctx, params: { id: clusterId }, query: { snapshotId: startSnapshotId } }) => {
      const rows = await listSnapshots({ ctx, input: { clusterId, startSnapshotId } });
      return { contents: rows.map(({ id, capturedAt }) => ({ snapshotId: id, snapshotTime: utcTime(capturedAt) })) };
    },
  );
  family.add(
    createRoute({
      method: 'post',
      path,
      tags,
      summary: 'Take a snapshot now (ours): answers the task that captures it',
      request: { params },
      responses: { 200: ocpReply(taskModel.extend({ taskInstanceId: z.number().int() }), 'The task, RUNNING') },
    }),
    async ({ ctx, params: { id: clusterId }, exchange }) => {
      const { taskId } = await requestSnapshot({ ctx, input: { clusterId } });
      const details = await getTask({ ctx, input: { id: taskId } });
      return { ...taskInstance(details, exchange), taskInstanceId: taskId };
    },
  );
}
