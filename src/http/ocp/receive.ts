import type { RouteConfig, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { BroadsheetError, badRequest } from '../../errors.ts';
import { type Login, loggedIn } from '../../operations/access/log-in.ts';
import type { Ctx } from '../../operations/context.ts';
import { checkStorable, parseJson, readBytes } from '../read-body.ts';
import type { Exchange } from './envelope.ts';
import type { Gate } from './family.ts';
import { identify } from './identify.ts';
import { checkedBody, checkedParameters } from './parameters.ts';

/** OCP's bodies are small. */
const LONGEST_BODY = 1024 * 1024;

interface Asked {
  readonly ctx: Ctx;
  readonly exchange: Exchange;
}

/** Who calls, and whether not too often. The body is read where a signature covers it. */
export async function admit(
  c: Context,
  gate: Gate,
  { ctx, exchange }: Asked,
): Promise<{ readonly ctx: Ctx; readonly body: () => Promise<Uint8Array> }> {
  let read: Promise<Uint8Array> | undefined;
  const limit = Math.min(LONGEST_BODY, ctx.config.BODY_LIMIT_BYTES);
  const body = async (): Promise<Uint8Array> => {
    const announced = Number(c.req.header('Content-Length') ?? 0);
    if (announced > limit) throw new BroadsheetError('too_large', 'Request Entity Too Large');
    read ??= readBytes(c.req.raw, limit, null);
    return read;
  };
  const login = await identify(c, { ctx, logins: gate.logins, body });
  await tellRate(c, gate, { ctx, exchange }, login);
  return { ctx: loggedIn(ctx, login), body };
}

/** Everything the family checks before a handler. */
export async function receive(c: Context, gate: Gate, { route, ...asked }: Asked & { readonly route: RouteConfig }) {
  const { ctx, body } = await admit(c, gate, asked);
  const { request = {} } = route;
  // Read before anything is refused: an answer to half a request would cost its caller the connection.
  const bytes = request.body ? await body() : undefined;
  const params = request.params ? checkedParameters(request.params as z.ZodType, c.req.param()) : {};
  const query = request.query ? checkedParameters(request.query as z.ZodType, queryOf(c)) : {};
  const media = request.body?.content ?? {};
  const given = bytes && bodyOf(c, Object.keys(media), bytes);
  const json = media['application/json'];
  const schema = json && 'schema' in json ? (json.schema as z.ZodType) : undefined;
  return { ctx, params, query, body: schema && checkedBody(schema, given), exchange: asked.exchange };
}

async function tellRate(c: Context, gate: Gate, { ctx, exchange }: Asked, { actor }: Login): Promise<void> {
  const allowance = gate.rateLimit(ctx).take(actor.userId, await exchange.now());
  if (allowance === null) return;
  c.header('RateLimit-Limit', String(allowance.limit));
  c.header('RateLimit-Remaining', String(allowance.remaining));
  c.header('RateLimit-Reset', String(allowance.resetSeconds));
  if (allowance.allowed) return;
  const detail = { rule: 'rate', retry_after: allowance.resetSeconds };
  throw new BroadsheetError('rate_limited', 'Too many requests', detail);
}

/**
 * A repeated query parameter is a list; one that stands once is a text; an empty one is as none, as in a signature.
 * @throws BroadsheetError `bad_request` for what is not UTF-8.
 */
export function queryOf(c: Context): Record<string, string | string[]> {
  const { url } = c.req;
  const mark = url.indexOf('?');
  const pairs = mark < 0 ? [] : [...new URLSearchParams(url.slice(mark + 1))].filter(([, value]) => value !== '');
  checkDecoded(pairs);
  const named = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries(
    [...named].map(([name, list]) => [name, list.length === 1 ? (list[0]?.[1] ?? '') : list.map(([, value]) => value)]),
  );
}

const REPLACEMENT = '\uFFFD';

/** Bytes of another encoding are replaced when they are decoded: a name would be stored as question marks. */
function checkDecoded(pairs: readonly (readonly [string, string])[]): void {
  if (pairs.some((pair) => pair.some((text) => text.includes(REPLACEMENT)))) {
    throw badRequest('parameters must be in UTF-8', { rule: 'not_utf8' });
  }
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** A body by its media type: JSON, or a form where the route takes one. Nothing at all is `{}`, whatever its type. */
function bodyOf(c: Context, accepted: readonly string[], bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  const type = (c.req.header('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!accepted.includes(type)) {
    throw badRequest('media type', { rule: 'media_type', type: type.slice(0, 100) });
  }
  if (type === FORM) {
    const pairs = [...new URLSearchParams(new TextDecoder().decode(bytes))];
    checkDecoded(pairs);
    const form = Object.fromEntries(pairs);
    checkStorable(form);
    return form;
  }
  try {
    return type === JSON_TYPE ? parseJson(bytes) : {};
  } catch {
    throw badRequest('Malformed JSON request', { rule: 'malformed_json' });
  }
}
