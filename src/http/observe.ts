import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { requestIdOf } from './auth/request-context.ts';

/** Paths that are asked every few seconds and are not worth a line each. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Around every request: its id (answered as `X-Request-Id`), one log line, one observation of the duration by route
 * pattern. Paths are logged, query strings never: they may carry signatures.
 */
export function observe({ log, metrics }: { log: Log; metrics: Metrics }): MiddlewareHandler {
  return async (c, next) => {
    const begun = performance.now();
    const requestId = requestIdOf(c);
    c.header('X-Request-Id', requestId);
    await next();
    const seconds = (performance.now() - begun) / 1000;
    const { method, path } = c.req;
    const status = c.res.status;
    metrics.requests.observe({ method, route: routeOf(c), status: String(status) }, seconds);
    const level = status >= 500 ? 'error' : QUIET.has(path) ? 'debug' : 'info';
    log[level]({ request_id: requestId, method, path, status, ms: Math.round(seconds * 1000) }, 'request');
  };
}

/** The pattern of the handler that answered: bounded in number, unlike paths. */
function routeOf(c: Context): string {
  return routePath(c) || 'none';
}

const POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** Headers against framing, sniffing and foreign content, where the handler has not set its own, stricter ones. */
export const protect: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value);
};
