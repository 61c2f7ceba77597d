/** Writes docs/openapi.json, the description of the whole HTTP surface as `/openapi.json` serves it. */
import { writeFileSync } from 'node:fs';
import { createRoutes } from '../src/http/routes.ts';
import { silentLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { packageVersion } from '../src/version.ts';

const contextOf = (): never => {
  throw new Error('nothing is asked while the API is described');
};

export async function describeApi(): Promise<string> {
  const routes = createRoutes({
    contextOf,
    workerHealth: () => 'off',
    log: silentLog,
    metrics: createMetrics(),
    version: packageVersion(),
  });
  const response = await routes.request('/openapi.json');
  return `${JSON.stringify(await response.json(), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(new URL('../docs/openapi.json', import.meta.url), await describeApi());
