import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnServer, SUPERUSER_PASSWORD, startOwnServer } from './engines/own-server.ts';
import { needs } from './harness/needs.ts';
import { type ServeProcess, startServe } from './harness/serve-process.ts';
import { until } from './tasks/engine.ts';

/** This process stands still while the server is stopped and started: the service may end a kept connection meanwhile. */
const ANEW = { Connection: 'close' };

needs('postgresql', 'openssl')('the store’s server is restarted below a serving process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-database-restart-'));
  let server: OwnServer;
  let service: ServeProcess;
  let headers: Record<string, string>;
  const address = (login: string) => `postgres://${login}@127.0.0.1:${server.port}/postgres`;

  beforeAll(async () => {
    server = await startOwnServer();
    const admin = postgres(address(`postgres:${SUPERUSER_PASSWORD}`), { max: 1 });
    await admin.unsafe(`create role reader login password 'reader'`);
    await admin.end();
    const settings = { DATABASE_URL: address(`postgres:${SUPERUSER_PASSWORD}`), DATA_DIR: folder };
    service = await startServe(settings);
    const admitted = service.started.first_admin as { user_id: string; key: string };
    headers = { PgrApiKey: admitted.key, 'Pgr-User-ID': admitted.user_id, ...ANEW };
  });
  afterAll(() => {
    service?.child.kill('SIGKILL');
    server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${service.started.url}/cruddy/v2${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const post = async (path: string, body?: unknown) =>
    (await (await call('POST', path, body)).json()) as Record<string, string>;

  async function defineTask(): Promise<string> {
    await post('/sources/create', { name: 'own', url: address('reader:reader') });
    const dashboard = await post('/dashboards/create', { name: 'Slow' });
    const series = [{ source: 'own', mode: 'sql', sql: 'select 1 as one, pg_sleep(2)' }];
    const config = { type: 'table', settings: { kind: 'table' }, series };
    await post('/widgets/create', { name: 'Slow', dashboard_id: dashboard.id, config });
    const report = await post('/reports/create', { name: 'Slow', dashboard_id: dashboard.id });
    const recipients = { to: ['anna@box.test'], cc: [], bcc: [] };
    const task = { interval: '0 6 1 1 *', instance: crypto.randomUUID(), report_id: report.id, recipients };
    return String((await post('/report_tasks/create', task)).id);
  }

  test('in the middle of a run: callers are told to try again, the run ends once, SIGTERM still ends the process', async () => {
    const task = await defineTask();
    const ids: string[] = [];
    for (const mode of ['immediate', 'fast'] as const) {
      const id = String((await post(`/report_tasks/${task}/run`)).run_id);
      ids.push(id);
      const state = async () => ((await (await call('GET', `/runs/${id}`)).json()) as { state: string }).state;
      const querying = () => service.log().includes(`"run_id":"${id}","phase":"load"`);
      await until(async () => querying(), Boolean);
      server.stop(mode);
      expect((await call('GET', `/runs/${id}`)).status).toBe(503);
      const probe = async (path: string) => (await fetch(service.started.url + path, { headers: ANEW })).status;
      expect([await probe('/readyz'), await probe('/healthz')]).toEqual([503, 200]);
      server.start();
      await until(state, (now) => now === 'SUCCESSFUL' || now === 'PARTIAL');
    }
    const documents = (await post('/reports/archive/search', {})) as unknown as { total: number };
    expect(documents.total).toBe(ids.length);
    expect(readdirSync(join(folder, 'mail'))).toHaveLength(ids.length);
    expect(await service.stop()).toBe(0);
  });
});
