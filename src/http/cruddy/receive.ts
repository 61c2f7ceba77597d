import type { RouteConfig, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { badRequest } from '../../errors.ts';
import { actAs, anonymousActor, type Grant } from '../../operations/access/authenticate.ts';
import type { Ctx } from '../../operations/context.ts';
import { grantOf } from '../auth/grant.ts';
import { type ContextOf, requestIdOf } from '../auth/request-context.ts';
import { readJsonBody } from '../read-body.ts';
import type { Received, RouteOptions } from './family.ts';
import type { Place } from './large-requests.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_TRACE_ID = 200;

/** The first check of every request: a key, or 401. */
export async function admit(c: Context, contextOf: ContextOf): Promise<{ ctx: Ctx; grant: Grant }> {
  const facts = { actor: anonymousActor, requestId: requestIdOf(c), traceId: null, signal: c.req.raw.signal };
  const ctx = contextOf(facts);
  return { ctx, grant: await grantOf(c, ctx) };
}

/** Everything the family checks before a handler, in the documented order. */
export async function receive(
  c: Context,
  contextOf: ContextOf,
  { route, options, place }: { route: RouteConfig; options: RouteOptions; place: Place },
): Promise<Received<RouteConfig>> {
  const { ctx: anonymous, grant } = await admit(c, contextOf);
  const schema = bodySchemaOf(route);
  const raw = schema ? await readJsonBody(c.req.raw, anonymous.config.BODY_LIMIT_BYTES, place) : undefined;
  const body = schema ? checked(schema, raw, textOf(options.plainBadRequest ?? [])) : undefined;
  const userId = userIdOf(c);
  const actor = await actAs({ ctx: anonymous, input: { grant, userId } });
  const params = checked(route.request?.params as z.ZodType | undefined, c.req.param(), named);
  const query = checked(route.request?.query as z.ZodType | undefined, queryOf(c), named);
  const ctx = contextOf({
    actor,
    requestId: anonymous.requestId,
    traceId: traceIdOf(raw),
    signal: c.req.raw.signal,
  });
  return { ctx, params, query, body } as unknown as Received<RouteConfig>;
}

function bodySchemaOf(route: RouteConfig): z.ZodType | undefined {
  const media = route.request?.body?.content?.['application/json'];
  return media && 'schema' in media ? (media.schema as z.ZodType) : undefined;
}

function userIdOf(c: Context): string {
  const userId = c.req.header('Pgr-User-ID');
  if (!userId) throw badRequest('missing uid header');
  if (!UUID.test(userId)) throw badRequest('Pgr-User-Id should be uuid format');
  return userId;
}

/** A repeated query parameter is a list; one that stands once is a text. */
function queryOf(c: Context): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/** The family's own place for a client's trace of an action is the body. */
function traceIdOf(body: unknown): string | null {
  if (body === null || typeof body !== 'object' || !('trace_id' in body)) return null;
  const { trace_id: traceId } = body;
  return typeof traceId === 'string' && traceId.length <= MAX_TRACE_ID ? traceId : null;
}

type Issue = z.core.$ZodIssue;

const textOf =
  (plain: readonly string[]) =>
  (issue: Issue): string =>
    plain.includes(String(issue.path[0])) ? 'Bad Request' : named(issue);

/** Malformed ids have the family's own words. */
function named(issue: Issue): string {
  if (issue.path.length === 0) return 'Bad Request';
  const place = issue.path.map(String).join('.').slice(0, 100);
  if (issue.code === 'invalid_format' && issue.format === 'guid') return `${place} should be uuid format`;
  return `Bad Request: ${place}: ${issue.message}`.slice(0, 300);
}

function checked(schema: z.ZodType | undefined, value: unknown, textOf: (issue: Issue) => string): unknown {
  if (!schema) return {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badRequest(issue ? textOf(issue) : 'Bad Request');
}
