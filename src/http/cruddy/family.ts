import { OpenAPIHono, type RouteConfig, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type BroadsheetError, messageOf, notFound } from '../../errors.ts';
import type { Ctx } from '../../operations/context.ts';
import { type ContextOf, requestIdOf } from '../auth/request-context.ts';
import { refuseOtherMethods } from '../other-methods.ts';
import { refusalOf } from '../refusal.ts';
import { errorReply } from './error-reply.ts';
import { createLargeRequests } from './large-requests.ts';
import { admit, receive } from './receive.ts';
import { blockedBody, errorBody, userHeader } from './schemas.ts';

/**
 * The cruddy v2 family: what every endpoint under `/cruddy/v2` has in common. A file of endpoints declares each with
 * `createRoute` (it documents AND validates) and answers with verbs:
 *
 *     export function addCategoryRoutes(family: Family): void {
 *       family.add(
 *         createRoute({
 *           method: 'post',
 *           path: '/report_category/create',
 *           summary: 'Create a category',
 *           request: { body: jsonBody(createCategoryBody) },
 *           responses: { 201: jsonReply(categoryModel, 'The category') },
 *         }),
 *         async ({ ctx, body }, c) => c.json(toWire(await createCategory({ ctx, input: body })), 201),
 *       );
 *     }
 *
 * and is called once in `cruddy.ts`. Of each request, in this order: the key (401), the body's JSON and types (400, 413),
 * `Pgr-User-ID` (400, then 403), path and query (400), the handler. A handler throws BroadsheetErrors; it never catches
 * them. The error answers, the key and the user header need not be declared: `add` documents them.
 */
export interface Family {
  readonly app: OpenAPIHono;
  /** Methods and paths so far. */
  readonly declared: readonly { readonly method: string; readonly path: string }[];
  add<const R extends RouteConfig>(route: R, handler: Handler<R>, options?: RouteOptions): void;
}

export interface RouteOptions {
  /** Fields of the body whose wrong types are answered by exactly `Bad Request`, as documented, without their name. */
  readonly plainBadRequest?: readonly string[];
}

/** What a handler gets: all of it checked against the route's schemas. */
export interface Received<R extends RouteConfig> {
  readonly ctx: Ctx;
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
}

export type Handler<R extends RouteConfig> = (received: Received<R>, c: Context) => Response | Promise<Response>;

type ParamsOf<R> = R extends { request: { params: infer S extends z.ZodType } } ? z.output<S> : Record<string, never>;
type QueryOf<R> = R extends { request: { query: infer S extends z.ZodType } } ? z.output<S> : Record<string, never>;
type BodyOf<R> = R extends {
  request: { body: { content: { 'application/json': { schema: infer S extends z.ZodType } } } };
}
  ? z.output<S>
  : undefined;

/** A request body of the family, for `createRoute`. */
export const jsonBody = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

/** A body that may be left out, as an empty one means `{}`. */
export const optionalBody = <S extends z.ZodType>(schema: S) => ({ ...jsonBody(schema), required: false });

/** An answer of the family, for `createRoute`. */
export const jsonReply = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

export function createFamily(contextOf: ContextOf): Family {
  const app = new OpenAPIHono();
  const large = createLargeRequests();
  const declared: { readonly method: string; readonly path: string }[] = [];
  app.onError((error, c) => {
    c.header('X-Request-Id', requestIdOf(c));
    if (!refusalOf(error)) logDefect(error, c, contextOf);
    return errorReply(c, error);
  });
  return {
    app,
    declared,
    add: (route, handler, options = {}) => {
      app.openAPIRegistry.registerPath(documented(route));
      const path = route.path.replaceAll(/\/{(.+?)}/g, '/:$1');
      declared.push({ method: route.method, path });
      app.on(route.method, path, async (c) => {
        c.header('X-Request-Id', requestIdOf(c));
        const place = large.place();
        try {
          const received = await receive(c, contextOf, { route, options, place });
          return await handler(received as Received<typeof route>, c);
        } finally {
          place.leave();
        }
      });
    },
  };
}

/**
 * The end of the family's routes: unknown paths are 404 in its shape, other methods of known ones 405 with `Allow`; both
 * are said only to who holds a key.
 */
export function closeFamily({ app, declared }: Family, contextOf: ContextOf): void {
  const refuse = async (c: Context, refusal: BroadsheetError, allow?: string): Promise<never> => {
    c.header('X-Request-Id', requestIdOf(c));
    await admit(c, contextOf);
    if (allow !== undefined) c.header('Allow', allow);
    throw refusal;
  };
  refuseOtherMethods(app, declared, refuse);
  app.all('*', (c) => refuse(c, notFound()));
}

function logDefect(error: Error, c: Context, contextOf: ContextOf): void {
  const ctx = contextOf({
    actor: { userId: null, roles: [], groupIds: [], email: null },
    requestId: requestIdOf(c),
    traceId: null,
    signal: c.req.raw.signal,
  });
  ctx.log.error(
    { err: error, method: c.req.method, path: c.req.path },
    `request failed by a defect: ${messageOf(error)}`,
  );
}

const error = (description: string) => jsonReply(errorBody, description);

function documented<R extends RouteConfig>(route: R): R {
  return {
    ...route,
    security: [{ PgrApiKey: [] }],
    request: { ...route.request, headers: userHeader },
    responses: {
      400: error('Bad Request'),
      401: error('Missing or wrong PgrApiKey'),
      403: error('Forbidden'),
      ...(namesObjects(route) ? { 404: error('Not Found') } : {}),
      413: error('The body, or the answer, is too large'),
      ...(isWrite(route) ? { 409: error('Not as things stand: a name is taken, somebody else was faster') } : {}),
      ...(isChange(route) ? { 422: jsonReply(blockedBody, 'Blocked by the relations listed') } : {}),
      500: error('Internal Server Error'),
      503: error('Service Unavailable: try again'),
      504: error('Gateway Timeout: the question takes the store too long'),
      ...route.responses,
    },
  };
}

const isWrite = ({ method, path }: RouteConfig): boolean => method !== 'get' && !/\/(search|test)$/.test(path);

/** Whether it changes or deletes what others may refer to. */
const isChange = ({ method, path }: RouteConfig): boolean => method === 'delete' || /\/(mass_)?update$/.test(path);

/** Whether the request names objects by their ids, in its path or in its body. */
const namesObjects = (route: RouteConfig): boolean => /{|\/(create|update|mass_update)$/.test(route.path);
