import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ContextOf } from '../auth/request-context.ts';
import { addAccessRoutes } from './access.ts';
import { addClusterRoutes } from './clusters.ts';
import { createFamily } from './family.ts';
import { addTaskRoutes } from './tasks.ts';
import { addTenantRoutes } from './tenants.ts';
import { addWorkloadReportRoutes } from './workload-reports.ts';
import { addSnapshotRoutes } from './workload-snapshots.ts';

/** What the family needs of the composition root. */
export interface OcpDeps {
  readonly contextOf: ContextOf;
}

/** OceanBase Cloud Platform's API, to be mounted at `/api/v2`. One line per file of endpoints; first come, first matched. */
export function createOcpApp({ contextOf }: OcpDeps): OpenAPIHono {
  const family = createFamily(contextOf);
  const { openAPIRegistry } = family.app;
  openAPIRegistry.registerComponent('securitySchemes', 'Basic', { type: 'http', scheme: 'basic' });
  openAPIRegistry.registerComponent('securitySchemes', 'OcpAccessKey', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`OCP-ACCESS-KEY-HMACSHA1 {access key}:{signature}`; docs/api.md says what is signed',
  });
  addAccessRoutes(family);
  addClusterRoutes(family);
  addTenantRoutes(family);
  addSnapshotRoutes(family);
  addWorkloadReportRoutes(family);
  addTaskRoutes(family);
  family.close();
  return family.app;
}
