import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRoutes } from '../../src/http/routes.ts';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { WorkerHealth } from '../../src/operations/health/check-ready.ts';
import { openDatabase } from '../../src/store/database.ts';
import { testCtx } from '../harness/context.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

let database: TestDatabase;
let empty: TestDatabase;
beforeAll(async () => {
  [database, empty] = await Promise.all([testDatabase(), testDatabase({ empty: true })]);
});
afterAll(async () => {
  await Promise.all([database.close(), empty.close()]);
});

function routes(given: { db?: TestDatabase['db']; worker?: WorkerHealth } = {}) {
  const base = testCtx({ db: given.db ?? database.db, clock: database.clock });
  const metrics = createMetrics();
  return createRoutes({
    contextOf: (facts) => ({ ...base, ...facts }),
    workerHealth: () => given.worker ?? 'alive',
    log: silentLog,
    metrics,
    version: '1.2.3',
  });
}

describe('what watches the service', () => {
  test('it lives', async () => {
    const response = await routes().request('/healthz');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('it is ready with database, migrations and worker', async () => {
    const response = await routes().request('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ready: true, checks: { database: 'ok', migrations: 'ok', worker: 'ok' } });
  });

  test.each([
    ['a worker that has stopped', { worker: 'dead' as const }, { worker: 'the worker has stopped' }],
    ['a process that only serves', { worker: 'off' as const }, { worker: 'off' }],
  ])('%s shows', async (_, given, checks) => {
    const response = await routes(given).request('/readyz');
    expect(response.status).toBe(given.worker === 'dead' ? 503 : 200);
    expect(await response.json()).toMatchObject({ checks });
  });

  test('a database without our schema is not ready', async () => {
    const response = await routes({ db: empty.db }).request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      ready: false,
      checks: { database: 'ok', migrations: expect.stringContaining('not applied') },
    });
  });

  test('a database that is away is not ready', async () => {
    const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' }, { max: 1 });
    const response = await routes({ db: away.db }).request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { database: 'does not answer', migrations: 'unknown' } });
    await away.close();
  });

  test('metrics are in the text format, with requests by route pattern', async () => {
    const app = routes();
    await app.request('/cruddy/v2/reports/868cf2e9-bd6d-4bac-96ba-2b08120d8cf9');
    await app.request('/healthz');
    const response = await app.request('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(text).toContain('broadsheet_http_request_seconds_count{method="GET",route="/healthz",status="200"} 1');
    expect(text).not.toContain('868cf2e9');
    expect(text).toMatch(/route="\/cruddy\/v2\/[^"]*",status="401"/);
  });
});

describe('every answer', () => {
  test('carries a request id: the caller’s own if it is a plain word', async () => {
    const app = routes();
    const own = await app.request('/healthz', { headers: { 'X-Request-Id': 'abc-1' } });
    expect(own.headers.get('x-request-id')).toBe('abc-1');
    const hostile = await app.request('/healthz', { headers: { 'X-Request-Id': 'a b<script>' } });
    expect(hostile.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('may not be framed, sniffed or filled with foreign content', async () => {
    const { headers } = await routes().request('/docs');
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'self'.*frame-ancestors 'none'.*script-src 'self'/,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('to an unknown path is 404, as JSON', async () => {
    const response = await routes().request('/nowhere');
    expect([response.status, await response.json()]).toEqual([404, { error: 'Not Found', error_code: 404 }]);
  });

  test('to a defect is one fixed sentence with the request id, and the log has the rest', async () => {
    const app = routes();
    app.get('/defect', () => {
      throw new Error('password=hunter2');
    });
    const response = await app.request('/defect', { headers: { 'X-Request-Id': 'r1' } });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: 'Internal Server Error', error_code: 500, request_id: 'r1' });
  });
});

describe('the reference', () => {
  test('is OpenAPI 3.1 made from the routes', async () => {
    const response = await routes().request('/openapi.json');
    const document = (await response.json()) as { openapi: string; info: { version: string }; paths: object };
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe('1.2.3');
    expect(Object.keys(document.paths)).toContain('/readyz');
  });

  test('page and its start script name no other host, and the script comes from our own disk', async () => {
    const app = routes();
    const page = await (await app.request('/docs')).text();
    const start = await (await app.request('/docs/start.js')).text();
    expect(`${page}${start}`).not.toMatch(/https?:|\/\/[a-z]/i);
    const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
    expect(sources).toEqual(['data:,', 'docs/reference.js', 'docs/start.js']);
    const script = await app.request('/docs/reference.js');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect((await script.text()).length).toBeGreaterThan(1_000_000);
    const again = await app.request('/docs/reference.js', {
      headers: { 'If-None-Match': script.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });
});
