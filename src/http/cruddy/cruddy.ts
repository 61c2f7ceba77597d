import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ContextOf } from '../auth/request-context.ts';
import { addAccessRoutes } from './access.ts';
import { addArchiveRoutes } from './archive.ts';
import { addDefinitionRoutes } from './definitions.ts';
import { addDeliveryRoutes } from './deliveries.ts';
import { closeFamily, createFamily } from './family.ts';
import { addGenerateRoute } from './generate.ts';
import { addReportTaskActions } from './report-task-actions.ts';
import { addReportTaskRoutes } from './report-tasks.ts';
import { addRunRoutes } from './runs.ts';
import { addSourceRoutes } from './sources.ts';

/** What the family needs of the composition root. */
export interface CruddyDeps {
  readonly contextOf: ContextOf;
}

/** The cruddy v2 family, to be mounted at `/cruddy/v2`. One line per file of endpoints; first come, first matched. */
export function createCruddyApp(deps: CruddyDeps): OpenAPIHono {
  const family = createFamily(deps.contextOf);
  family.app.openAPIRegistry.registerComponent('securitySchemes', 'PgrApiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'PgrApiKey',
  });
  addAccessRoutes(family);
  addArchiveRoutes(family);
  addDefinitionRoutes(family);
  addDeliveryRoutes(family);
  addGenerateRoute(family);
  addReportTaskRoutes(family);
  addReportTaskActions(family);
  addRunRoutes(family);
  addSourceRoutes(family);
  closeFamily(family, deps.contextOf);
  return family.app;
}
