import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Ctx } from '../../operations/context.ts';
import { nextRuns } from '../../operations/report-tasks/next-runs.ts';
import { pauseTask } from '../../operations/report-tasks/pause.ts';
import { taskResource } from '../../operations/report-tasks/resource.ts';
import { resumeTask } from '../../operations/report-tasks/resume.ts';
import { runNow } from '../../operations/report-tasks/run-now.ts';
import { testSend } from '../../operations/report-tasks/test-send.ts';
import { reread } from '../../operations/resources/get.ts';
import type { CreatedRun } from '../../operations/runs/create-run.ts';
import { type Family, jsonReply } from './family.ts';
import { idParam, modelSchema } from './schemas.ts';
import { toWire } from './to-wire.ts';

const MOST_NEXT_RUNS = 100;

const startedRun = z
  .object({
    run_id: z.guid(),
    state: z.string().openapi({ description: 'QUEUED, or SKIPPED by the overlap policy' }),
    reason: z.string().nullable(),
    instance: z.guid(),
  })
  .openapi('StartedRun');

const taskReply = jsonReply(modelSchema(taskResource), 'The report task');

const nextRunsReply = z
  .object({
    objects: z.array(
      z.object({
        scheduled_for: z.string().openapi({ format: 'date-time' }),
        local: z.string().openapi({ example: '2026-03-08T03:00:00-04:00' }),
        time_zone: z.string(),
        clock_change: z.enum(['gap', 'overlap']).nullable(),
      }),
    ),
    total: z.number().int(),
  })
  .openapi('NextRuns');

const action = (path: string, summary: string, reply: ReturnType<typeof jsonReply>, status: 200 | 202) =>
  createRoute({
    method: 'post',
    path: `/report_tasks/{id}/${path}`,
    summary,
    request: { params: idParam },
    responses: { [status]: reply },
  });

/** Our additions to the report tasks of cruddy v2: what can be done with one beyond changing it. */
export function addReportTaskActions(family: Family): void {
  const started = jsonReply(startedRun, 'The run; Location says where to follow it');
  family.add(action('run', 'Run a report task now, to its recipients', started, 202), async ({ ctx, params }, c) =>
    answerStarted(c, await runNow({ ctx, input: params })),
  );
  family.add(
    action('test-send', 'Run a report task now, to the caller only', started, 202),
    async ({ ctx, params }, c) => answerStarted(c, await testSend({ ctx, input: params })),
  );
  family.add(action('pause', 'Pause a report task', taskReply, 200), async ({ ctx, params }, c) => {
    await pauseTask({ ctx, input: params });
    return answerTask(ctx, c, params.id);
  });
  family.add(action('resume', 'Resume a paused report task', taskReply, 200), async ({ ctx, params }, c) => {
    await resumeTask({ ctx, input: params });
    return answerTask(ctx, c, params.id);
  });
  family.add(
    createRoute({
      method: 'get',
      path: '/report_tasks/{id}/next_runs',
      summary: 'The next fire times of a report task',
      description: 'In UTC and on the wall clock of its zone. Empty while the task is paused.',
      request: {
        params: idParam,
        query: z.object({ n: z.coerce.number().int().min(1).max(MOST_NEXT_RUNS).default(5) }),
      },
      responses: { 200: jsonReply(nextRunsReply, 'Fire times, the next one first') },
    }),
    async ({ ctx, params, query }, c) => {
      const objects = await nextRuns({ ctx, input: { id: params.id, n: query.n } });
      return c.json(toWire({ objects, total: objects.length }) as object, 200);
    },
  );
}

/** Where a run is followed, beside the path of the request: the family may be mounted anywhere. */
export const runLocation = (c: Context, runId: string): string =>
  `${c.req.path.replace(/\/(?:report_tasks|reports)\/.*$/, '')}/runs/${runId}`;

function answerStarted(c: Context, { id, state, reason, instance }: CreatedRun): Response {
  c.header('Location', runLocation(c, id));
  return c.json({ run_id: id, state, reason, instance }, 202);
}

const answerTask = async (ctx: Ctx, c: Context, id: string): Promise<Response> =>
  c.json(toWire(await reread(ctx, taskResource, id)) as object, 200);
