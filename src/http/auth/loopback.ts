import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Set by proxies: whoever sends one speaks for somebody else, so the near end of the socket proves nothing. */
const FORWARDED_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
];

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::ffff:127(?:\.\d{1,3}){3}|::1)$/;

/**
 * Whether the other end of the real socket is this host, and not a proxy on this host passing on a stranger.
 * False where there is no socket (a request made in process).
 */
export function comesFromThisHost(c: Context): boolean {
  if (FORWARDED_HEADERS.some((name) => c.req.header(name) !== undefined)) return false;
  const env = c.env as { incoming?: unknown; server?: unknown } | undefined;
  if (env?.incoming === undefined && env?.server === undefined) return false;
  return LOOPBACK.test(getConnInfo(c).remote.address ?? '');
}
