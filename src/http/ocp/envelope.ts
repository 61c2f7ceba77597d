import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Context } from 'hono';
import { systemClock } from '../../clock.ts';
import type { Ctx } from '../../operations/context.ts';
import type { Failure } from './error-reply.ts';
import type { MessageLanguage } from './error-words.ts';
import { localTime } from './times.ts';

/** One request and its answer: what the envelope says besides the data. */
export interface Exchange {
  readonly traceId: string;
  readonly language: MessageLanguage;
  readonly timeZone: string;
  /** The instant now: the store's clock, read once, and what has passed since. */
  now(): Promise<Date>;
  readonly begun: number;
}

const TRACE_ID = /^[0-9a-f]{16}$/;

/** 16 lower hex digits: the caller's own where it sent such, else new ones. */
export function traceIdOf(c: Context): string {
  const sent = c.req.header('X-Trace-Id')?.toLowerCase();
  return sent !== undefined && TRACE_ID.test(sent) ? sent : randomBytes(8).toString('hex');
}

/** The language of messages by `Accept-Language`: the first of the highest weight that is Chinese or English, else English. */
function languageOf(header: string | undefined): MessageLanguage {
  const ranges = (header ?? '').split(',', 20).map((range) => {
    const [tag = '', weight] = range
      .trim()
      .toLowerCase()
      .split(/;\s*q=/);
    return { tag, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const known = ranges.filter(({ tag, weight }) => /^(zh|en)(?![a-z])/.test(tag) && weight > 0);
  const [first] = known.toSorted((a, b) => b.weight - a.weight);
  return first?.tag.startsWith('zh') ? 'zh-CN' : 'en-US';
}

/** The clock is read once, while the caller is looked up. A store that is away must not keep its caller from an answer: then it is the machine's. */
export function beginExchange(c: Context, ctx: Ctx, traceId: string): Exchange {
  const begun = performance.now();
  const clock = ctx.clock
    .now()
    .catch(() => systemClock.now())
    .then((at) => ({ at: at.getTime(), read: performance.now() }));
  return {
    traceId,
    begun,
    language: languageOf(c.req.header('Accept-Language')),
    timeZone: ctx.config.TIME_ZONE,
    now: async () => {
      const { at, read } = await clock;
      return new Date(at + Math.round(performance.now() - read));
    },
  };
}

/** Answer `data` in the envelope; undefined: an operation without a result, which has no `data`. */
export async function succeed(c: Context, exchange: Exchange, data: unknown): Promise<Response> {
  const shown = data === undefined ? {} : { data: withoutNulls(data) };
  return c.json({ ...shown, ...(await facts(c, exchange, 200, true)) });
}

export async function fail(c: Context, exchange: Exchange, failure: Failure): Promise<Response> {
  const { status, error, headers } = failure;
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  return c.json({ ...(await facts(c, exchange, status, false)), error }, status);
}

async function facts(c: Context, exchange: Exchange, status: number, successful: boolean) {
  return {
    duration: Math.round(performance.now() - exchange.begun),
    server: serverOf(c),
    status,
    successful,
    timestamp: localTime(await exchange.now(), exchange.timeZone),
    traceId: exchange.traceId,
  };
}

/** The address that the request came in at; the host's name where there is no socket (a request made in process). */
function serverOf(c: Context): string {
  const env = c.env as { incoming?: { socket?: { localAddress?: string } } } | undefined;
  return env?.incoming?.socket?.localAddress?.replace(/^::ffff:/, '') ?? hostname();
}

/** OCP leaves out what is null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}
