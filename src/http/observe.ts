import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
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

/** Headers against framing, sniffing and foreign content; what we serve needs nothing from anywhere else. */
export const protect: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    baseUri: ["'none'"],
    connectSrc: ["'self'"],
    fontSrc: ["'self'", 'data:'],
    frameAncestors: ["'none'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    objectSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    workerSrc: ["'self'", 'blob:'],
  },
  crossOriginResourcePolicy: 'same-origin',
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: false,
});
