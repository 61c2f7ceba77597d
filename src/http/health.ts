import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Metrics } from '../metrics.ts';
import { anonymousActor } from '../operations/access/authenticate.ts';
import { checkReady, type WorkerHealth } from '../operations/health/check-ready.ts';
import { type ContextOf, requestIdOf } from './auth/request-context.ts';

export interface HealthDeps {
  readonly contextOf: ContextOf;
  readonly metrics: Metrics;
  readonly workerHealth: () => WorkerHealth;
}

const readiness = z.object({
  ready: z.boolean(),
  checks: z.object({ database: z.string(), migrations: z.string(), worker: z.string() }),
});

const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['operations'],
  summary: 'Whether the process lives',
  responses: { 200: json(z.object({ status: z.literal('ok') }), 'It lives') },
});

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['operations'],
  summary: 'Whether the process may be given work: database, migrations, worker',
  responses: { 200: json(readiness, 'Ready'), 503: json(readiness, 'Not ready, and why') },
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['operations'],
  summary: 'Metrics in the text format of Prometheus',
  responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
});

/** What watches the service: needs no key, tells no secrets. */
export function healthRoutes({ contextOf, metrics, workerHealth }: HealthDeps): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(readyz, async (c) => {
    const facts = { actor: anonymousActor, requestId: requestIdOf(c), traceId: null, signal: c.req.raw.signal };
    const found = await checkReady({ ctx: contextOf(facts), input: { worker: workerHealth() } });
    return c.json(found, found.ready ? 200 : 503);
  });
  app.openapi(metricsRoute, async (c) =>
    c.text(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType }),
  );
  return app;
}
