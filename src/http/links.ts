import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { BroadsheetError } from '../errors.ts';
import { anonymousActor } from '../operations/access/authenticate.ts';
import { openLink } from '../operations/deliveries/open-link.ts';
import { type ContextOf, requestIdOf } from './auth/request-context.ts';
import { sendDocument } from './send-document.ts';

export interface LinkDeps {
  readonly contextOf: ContextOf;
}

const problem = (description: string) => ({ description, content: { 'text/plain': { schema: z.string() } } });

const documentRoute = createRoute({
  method: 'get',
  path: '/links/documents/{id}',
  tags: ['links'],
  summary: 'Open a document by a mailed link',
  description: 'Needs no key: the signature is the right to read this one document until `expires`.',
  request: {
    params: z.object({ id: z.guid() }),
    query: z.object({
      expires: z.coerce.number().int().positive().describe('Seconds since 1970'),
      signature: z.string().min(1).max(200),
    }),
  },
  responses: {
    200: {
      description: 'The document',
      content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
    },
    304: { description: 'The caller has it already (If-None-Match)' },
    400: problem('Not a link of ours'),
    403: problem('The signature is not ours'),
    410: problem('The link has expired, or the document is no longer kept'),
  },
});

const plain = (c: Context, text: string, status: 400 | 403 | 410): Response =>
  c.text(`${text}\n`, status, { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });

/** Links in mails. People follow them in a browser: what is wrong is said in a sentence, not in JSON. */
export function linkRoutes({ contextOf }: LinkDeps): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => (result.success ? undefined : plain(c, 'this link is not complete', 400)),
  });
  app.openapi(documentRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { expires, signature } = c.req.valid('query');
    const facts = { actor: anonymousActor, requestId: requestIdOf(c), traceId: null, signal: c.req.raw.signal };
    try {
      const opened = await openLink({ ctx: contextOf(facts), input: { documentId: id, expires, signature } });
      if (opened.kind === 'gone') return plain(c, opened.why, 410);
      return sendDocument(c, opened.file, { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    } catch (error) {
      if (error instanceof BroadsheetError && error.code === 'forbidden') return plain(c, error.message, 403);
      throw error;
    }
  });
  return app;
}
