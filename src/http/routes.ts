import { OpenAPIHono } from '@hono/zod-openapi';
import type { Log } from '../log.ts';
import { requestIdOf } from './auth/request-context.ts';
import { type CruddyDeps, createCruddyApp } from './cruddy/cruddy.ts';
import { type HealthDeps, healthRoutes } from './health.ts';
import { linkRoutes } from './links.ts';
import { observe, protect } from './observe.ts';
import { createOcpApp } from './ocp/ocp.ts';
import { referenceRoutes } from './reference.ts';

/** What HTTP needs of the composition root. */
export interface HttpDeps extends CruddyDeps, HealthDeps {
  readonly log: Log;
  readonly version: string;
}

/** The whole HTTP surface: every family and page, one line each. */
export function createRoutes(deps: HttpDeps): OpenAPIHono {
  const app = new OpenAPIHono();
  app.use(observe(deps));
  app.use(protect);
  app.route('/', healthRoutes(deps));
  app.route('/cruddy/v2', createCruddyApp(deps));
  app.route('/api/v2', createOcpApp(deps));
  app.route('/', linkRoutes(deps));
  app.route('/', referenceRoutes());
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Broadsheet',
      version: deps.version,
      description: 'Scheduled reports from your databases, as print-quality PDFs.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
  });
  app.get('/', (c) => c.redirect('docs'));
  app.notFound((c) => c.json({ error: 'Not Found', error_code: 404 }, 404));
  app.onError((error, c) => {
    const requestId = requestIdOf(c);
    deps.log.error({ err: error, request_id: requestId }, 'request failed by a defect');
    return c.json({ error: 'Internal Server Error', error_code: 500, request_id: requestId }, 500);
  });
  return app;
}
