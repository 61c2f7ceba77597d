import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { Ctx } from '../../operations/context.ts';

/** What only the request knows; the rest of a `Ctx` (store, clock, config …) is the composition root's. */
export type RequestFacts = Pick<Ctx, 'actor' | 'requestId' | 'traceId' | 'signal'>;

/** Builds the `Ctx` of one request, its log carrying `request_id`. Given by `app.ts`: http knows no store. */
export type ContextOf = (facts: RequestFacts) => Ctx;

const REQUEST_ID_HEADER = 'X-Request-Id';
const REQUEST_ID = /^[\w.-]{1,64}$/;

/** The request's id: a caller's own if it is a plain word, else a new one; the same all through one request. */
export function requestIdOf(c: Context): string {
  const known: unknown = c.get('requestId');
  if (typeof known === 'string') return known;
  const sent = c.req.header(REQUEST_ID_HEADER);
  const id = sent !== undefined && REQUEST_ID.test(sent) ? sent : randomUUID();
  c.set('requestId', id);
  return id;
}
