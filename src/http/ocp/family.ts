import { OpenAPIHono, type RouteConfig, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type BroadsheetError, badRequest, messageOf } from '../../errors.ts';
import { createLogins, type Logins } from '../../operations/access/log-in.ts';
import type { Ctx } from '../../operations/context.ts';
import { type ContextOf, requestIdOf } from '../auth/request-context.ts';
import { refuseOtherMethods } from '../other-methods.ts';
import { refusalOf } from '../refusal.ts';
import { beginExchange, type Exchange, fail, succeed, traceIdOf } from './envelope.ts';
import { failureOf } from './error-reply.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { admit, receive } from './receive.ts';
import { errorEnvelope } from './replies.ts';

/**
 * The family of OceanBase Cloud Platform's API: what every endpoint under `/api/v2` has in common. A file of endpoints
 * declares each with `createRoute` and answers with a verb's result:
 *
 *     family.add(
 *       createRoute({
 *         method: 'get',
 *         path: '/ob/clusters/{id}',
 *         tags: ['clusters'],
 *         summary: 'A cluster',
 *         request: { params: z.object({ id: long() }) },
 *         responses: { 200: ocpReply(clusterModel, 'The cluster') },
 *       }),
 *       async ({ ctx, params, exchange }) => clusterShape(await getCluster({ ctx, input: params }), exchange),
 *     );
 *
 * What the handler answers becomes `data` of the envelope, without what is null; undefined leaves `data` out; a Response
 * (a document) is sent as it is. Of each request, in this order: who calls (401), the rate (429), path and query (400),
 * the body (400, 413, 415), the handler. It throws BroadsheetErrors: `detail.rule` chooses OCP's number and words
 * (`error-words.ts`). Errors, headers and security need not be declared: `add` documents them.
 */
export interface Family {
  readonly app: OpenAPIHono;
  add<const R extends RouteConfig>(route: R, handler: Handler<R>): void;
  /**
   * After the last route: an unknown path is 400, as in OCP, another method of a known one 405 with `Allow`; both are said
   * only to who is known.
   */
  close(): void;
}

/** What a handler gets, checked against the route's schemas. */
export interface Received<R extends RouteConfig> {
  readonly ctx: Ctx;
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly body: BodyOf<R>;
  readonly exchange: Exchange;
}

export type Handler<R extends RouteConfig> = (received: Received<R>, c: Context) => unknown;

type Part<R, P extends 'params' | 'query'> = R extends { request: Record<P, infer S extends z.ZodType> }
  ? z.output<S>
  : Record<string, never>;
type BodyOf<R> = R extends {
  request: { body: { content: { 'application/json': { schema: infer S extends z.ZodType } } } };
}
  ? z.output<S>
  : undefined;

/** What the family keeps in memory while the process lives. */
export interface Gate {
  readonly contextOf: ContextOf;
  readonly logins: Logins;
  /** Of the process's settings; made at the first request, which brings them. */
  rateLimit(ctx: Ctx): RateLimit;
}

export function createFamily(contextOf: ContextOf): Family {
  const app = new OpenAPIHono();
  const declared: { readonly method: string; readonly path: string }[] = [];
  let rateLimit: RateLimit | undefined;
  const gate: Gate = {
    contextOf,
    logins: createLogins(),
    rateLimit: ({ config }) => {
      rateLimit ??= createRateLimit(config.OCP_REQUESTS_PER_MINUTE);
      return rateLimit;
    },
  };
  return {
    app,
    add: (route, handler) => {
      app.openAPIRegistry.registerPath(documented(route));
      const path = route.path.replaceAll(/\/{(.+?)}/g, '/:$1');
      declared.push({ method: route.method, path });
      app.on(route.method, path, (c) =>
        answer(c, gate, async (ctx, exchange) => {
          const received = await receive(c, gate, { route, ctx, exchange });
          return handler(received as unknown as Received<typeof route>, c);
        }),
      );
    },
    close: () => {
      const refuse = (c: Context, refusal: BroadsheetError, allow?: string): Promise<Response> =>
        answer(c, gate, async (ctx, exchange) => {
          await admit(c, gate, { ctx, exchange });
          if (allow !== undefined) c.header('Allow', allow);
          throw refusal;
        });
      refuseOtherMethods(app, declared, refuse);
      app.all('*', (c) => {
        const { method, path } = c.req;
        return refuse(c, badRequest('unknown route', { rule: 'unknown_route', method, path: path.slice(0, 200) }));
      });
    },
  };
}

/** Every answer of the family is made here. */
async function answer(
  c: Context,
  { contextOf }: Gate,
  work: (ctx: Ctx, exchange: Exchange) => Promise<unknown>,
): Promise<Response> {
  const requestId = requestIdOf(c);
  c.header('X-Request-Id', requestId);
  const traceId = traceIdOf(c);
  const actor = { userId: null, roles: [], groupIds: [], email: null };
  const bare = contextOf({ actor, requestId, traceId, signal: c.req.raw.signal });
  const exchange = beginExchange(c, bare, traceId);
  // The store's clock was asked once: what has passed since is counted here.
  const ctx: Ctx = { ...bare, clock: { now: exchange.now } };
  try {
    const data = await work(ctx, exchange);
    return data instanceof Response ? data : await succeed(c, exchange, data);
  } catch (error) {
    if (!refusalOf(error)) {
      const { method, path } = c.req;
      ctx.log.error({ err: error, method, path, trace_id: traceId }, `request failed by a defect: ${messageOf(error)}`);
    }
    return await fail(c, exchange, failureOf(error, exchange.language));
  }
}

const error = (description: string) => ({ description, content: { 'application/json': { schema: errorEnvelope } } });

function documented<R extends RouteConfig>(route: R): R {
  const isWrite = route.method !== 'get';
  return {
    ...route,
    security: [{ Basic: [] }, { OcpAccessKey: [] }],
    responses: {
      400: error('Wrong or missing parameters'),
      401: error('Unknown user, wrong password, wrong signature or one older than 15 minutes'),
      403: error('Not allowed to this user'),
      ...(route.path.includes('{') ? { 404: error('No such object') } : {}),
      ...(isWrite ? { 409: error('Not as things stand'), 413: error('The body is too large') } : {}),
      ...(route.request?.body ? { 415: error('A body of another media type') } : {}),
      429: error('Too many requests: see the RateLimit headers and Retry-After'),
      500: error('A defect'),
      503: error('Try again'),
      ...route.responses,
    },
  };
}
