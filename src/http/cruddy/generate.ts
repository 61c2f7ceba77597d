import { createRoute, z } from '@hono/zod-openapi';
import { badRequest } from '../../errors.ts';
import { generateSchema, idempotencyKeySchema } from '../../operations/archive/schemas.ts';
import { generateReport } from '../../operations/reports/generate.ts';
import { sendDocument } from '../send-document.ts';
import { acceptedFormat, documentContent, formatQuery } from './document-formats.ts';
import { type Family, jsonReply, optionalBody } from './family.ts';
import { runLocation } from './report-task-actions.ts';
import { errorBody, idParam } from './schemas.ts';

const RETRY_AFTER_SECONDS = '2';

const pendingRun = z
  .object({ run_id: z.guid(), state: z.literal('RUNNING').openapi({ description: 'Not finished in time' }) })
  .openapi('PendingRun');

/** Print a report now: the document itself if it is ready in time, else where to look for it. */
export function addGenerateRoute(family: Family): void {
  family.add(
    createRoute({
      method: 'post',
      path: '/reports/{id}/generate',
      summary: 'Generate a document of a report now',
      description:
        'Answers the document when it is ready within GENERATE_WAIT_MS, else 202 with the run at Location. With an ' +
        '`Idempotency-Key` header the same request within 24 hours is answered by the same run, and another request ' +
        'with that key is 422. The format is that of the body, else of the query, else the first one that `Accept` names; ' +
        'without any of these it is a PDF. CSV of a report with several series is a zip archive.',
      request: { params: idParam, query: formatQuery, body: optionalBody(generateSchema) },
      responses: {
        200: {
          description: 'The document; X-Run-Id names its run',
          content: documentContent,
        },
        202: jsonReply(pendingRun, 'The run goes on; ask again after Retry-After seconds'),
        406: jsonReply(errorBody, '`Accept` names nothing that a report can become'),
        422: jsonReply(errorBody, 'Key reused, or not printable'),
        429: jsonReply(errorBody, 'The caller has too many orders under way: try again after Retry-After seconds'),
      },
    }),
    async ({ ctx, params, query, body }, c) => {
      const key = c.req.header('Idempotency-Key');
      if (key !== undefined && !idempotencyKeySchema.safeParse(key).success) {
        throw badRequest('Bad Request: Idempotency-Key: 1 to 255 visible ASCII characters expected');
      }
      const format = body?.format ?? query.format ?? acceptedFormat(c.req.header('Accept'));
      const input = { ...body, format, reportId: params.id, idempotencyKey: key ?? null };
      const generated = await generateReport({ ctx, input });
      if (generated.kind === 'ready') return sendDocument(c, generated.file, { 'X-Run-Id': generated.runId });
      c.header('Location', runLocation(c, generated.runId));
      c.header('Retry-After', RETRY_AFTER_SECONDS);
      c.header('X-Run-Id', generated.runId);
      return c.json({ run_id: generated.runId, state: 'RUNNING' }, 202);
    },
  );
}
