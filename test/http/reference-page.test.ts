import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoutes } from '../../src/http/routes.ts';
import { type HttpServer, listen } from '../../src/http/server.ts';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { testCtx } from '../harness/context.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { needs } from '../harness/needs.ts';

/** Of each thing the browser is asked for: a busy machine takes its time for a page of megabytes. */
const MOST_MS = 100_000;

needs('chromium')('the reference page in a browser', () => {
  let database: TestDatabase;
  let server: HttpServer;
  beforeAll(async () => {
    database = await testDatabase();
    const base = testCtx({ db: database.db, clock: database.clock });
    const contextOf = (facts: object) => ({ ...base, ...facts });
    const deps = { contextOf, workerHealth: () => 'alive' as const, log: silentLog, metrics: createMetrics() };
    server = await listen(createRoutes({ ...deps, version: '1.2.3' }), { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await server.close(1_000);
    await database.close();
  });

  test('shows the operations, asks no other host, and breaks none of its own rules', async () => {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: MOST_MS });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(MOST_MS);
      const foreign: string[] = [];
      const refusals: string[] = [];
      await page.route('**/*', (route) => {
        const url = route.request().url();
        if (url.startsWith(server.url) || /^(data|blob):/.test(url)) return route.continue();
        foreign.push(url);
        return route.abort();
      });
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) refusals.push(message.text());
      });
      await page.goto(`${server.url}/docs`);
      await page.getByText('Whether the process lives').first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(foreign).toEqual([]);
      expect(refusals).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 300_000);
});
