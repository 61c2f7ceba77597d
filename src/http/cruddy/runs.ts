import { createRoute, z } from '@hono/zod-openapi';
import { cancelRun } from '../../operations/runs/cancel-run.ts';
import { getRun, getRunLog } from '../../operations/runs/get-run.ts';
import { runResource } from '../../operations/runs/resource.ts';
import { retryRun } from '../../operations/runs/retry-run.ts';
import { type Family, jsonReply } from './family.ts';
import { addMeta, addSearch } from './resource-routes.ts';
import { errorBody, idParam, modelSchema } from './schemas.ts';
import { toWire } from './to-wire.ts';

const instant = z.string().openapi({ format: 'date-time' });
const problem = z.object({ code: z.string(), message: z.string() });

const runDocument = z.object({
  id: z.guid(),
  name: z.string(),
  kind: z.enum(['pdf', 'html', 'png', 'csv', 'xlsx']),
  role: z.enum(['main', 'further']),
  media_type: z.string(),
  size: z.number().int(),
  pages: z.number().int(),
  sha256: z.string(),
});

const runDelivery = z.object({
  id: z.guid(),
  channel: z.string(),
  recipient: z.string(),
  role: z.enum(['to', 'cc', 'bcc']),
  state: z.enum(['PENDING', 'SENDING', 'SENT', 'RETRYING', 'REFUSED', 'UNCERTAIN', 'FAILED', 'CANCELED']),
  message_id: z.string(),
  attempts: z.number().int(),
  response: z.string().nullable(),
  sent_at: instant.nullable(),
});

const runStep = z.object({
  id: z.number().int(),
  name: z.string(),
  state: z.enum(['PENDING', 'READY', 'RUNNING', 'SUCCESSFUL', 'FAILED', 'CANCELING']),
  operation: z.enum(['EXECUTE', 'RETRY', 'ROLLBACK', 'SKIP', 'ROLLBACK_SKIP', 'CANCEL']),
  attempt: z.number().int(),
  error: problem.nullable(),
  ready_at: instant.nullable(),
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
});

const runReply = modelSchema(runResource)
  .extend({
    document: runDocument.nullable(),
    documents: z.array(runDocument),
    deliveries: z.array(runDelivery),
    steps: z.array(runStep),
  })
  .openapi('RunDetails');

const logReply = z
  .object({
    objects: z.array(
      z.object({
        at: instant,
        step_id: z.number().int(),
        step: z.string(),
        attempt: z.number().int(),
        level: z.enum(['info', 'warn', 'error']),
        message: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    total: z.number().int(),
  })
  .openapi('RunLog');

const reply = jsonReply(runReply, 'The run with its document, deliveries and steps');
const refused = jsonReply(errorBody, 'Not in this state of the run');
const gone = jsonReply(errorBody, 'Its report is gone, or no longer its owner’s to see');

/** Runs: ours, by the family's conventions. */
export function addRunRoutes(family: Family): void {
  addMeta(family, { resource: runResource, path: '/runs', actions: ['cancel', 'retry', 'log'] });
  addSearch(family, runResource, '/runs');
  family.add(
    createRoute({
      method: 'get',
      path: '/runs/{id}',
      summary: 'A run: its state, timings, widgets, document, deliveries and steps',
      request: { params: idParam },
      responses: { 200: reply },
    }),
    async ({ ctx, params }, c) => c.json(toWire(await getRun({ ctx, input: params })) as object, 200),
  );
  family.add(
    createRoute({
      method: 'get',
      path: '/runs/{id}/log',
      summary: 'What the steps of a run have noted, oldest first',
      request: { params: idParam },
      responses: { 200: jsonReply(logReply, 'Lines of the log') },
    }),
    async ({ ctx, params }, c) => {
      const objects = await getRunLog({ ctx, input: params });
      return c.json(toWire({ objects, total: objects.length }) as object, 200);
    },
  );
  addRunActions(family);
}

function addRunActions(family: Family): void {
  const action = (path: string, summary: string) =>
    createRoute({
      method: 'post',
      path: `/runs/{id}/${path}`,
      summary,
      request: { params: idParam },
      responses: { 202: reply, 409: refused, 422: gone },
    });
  family.add(action('cancel', 'Cancel a run that has not ended'), async ({ ctx, params }, c) => {
    await cancelRun({ ctx, input: params });
    return c.json(toWire(await getRun({ ctx, input: params })) as object, 202);
  });
  family.add(action('retry', 'Do the failed steps of a run again; let a HELD one go'), async ({ ctx, params }, c) => {
    await retryRun({ ctx, input: params });
    return c.json(toWire(await getRun({ ctx, input: params })) as object, 202);
  });
}
