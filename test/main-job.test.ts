import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from './harness/database.ts';
import { runCommand, type ServeProcess, startServe } from './harness/serve-process.ts';

/**
 * The main job as a user has it: a process of the service, its HTTP API with the key of the first start, a source that
 * may only read, a task, its run, the PDF in the archive and the mail; then the same task by the command line.
 */
const READER = 'main_job_reader';
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-main-job-'));
let database: TestDatabase;
let service: ServeProcess;
let headers: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase();
  await database.sql.unsafe(`
    create schema shop;
    create table shop.orders (id int primary key, at timestamptz not null, city text not null, amount int not null);
    insert into shop.orders select g, now() - g * interval '1 hour', (array['Oslo','Rom','Wien'])[1 + g % 3], g
      from generate_series(1, 150) g;
    create role ${READER} login;
    grant usage on schema shop to ${READER};
    grant select on shop.orders to ${READER};`);
  service = await startServe({ DATABASE_URL: database.url, DATA_DIR: folder });
  const admin = service.started.first_admin as { user_id: string; key: string };
  headers = { PgrApiKey: admin.key, 'Pgr-User-ID': admin.user_id };
});

afterAll(async () => {
  await service.stop();
  await database.sql.unsafe(`drop owned by ${READER}; drop role ${READER}`);
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

type Json = Record<string, unknown>;

async function call(method: string, path: string, body?: Json): Promise<Json> {
  const response = await fetch(`${service.started.url}/cruddy/v2${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Json;
}

async function defineTask(): Promise<string> {
  const url = new URL(database.url);
  url.username = READER;
  await call('POST', '/sources/create', { name: 'shop', url: url.href });
  const dashboard = await call('POST', '/dashboards/create', { name: 'Shop', config: { period: ['now-7d', 'now'] } });
  const table = {
    type: 'table',
    settings: { kind: 'table', base: { name: 'Orders by city', showHeading: true } },
    series: [
      {
        source: 'shop',
        mode: 'sql',
        sql: 'select city, count(*) as orders from shop.orders group by city order by city',
      },
    ],
  };
  const widget = await call('POST', '/widgets/create', { name: 'Orders', dashboard_id: dashboard.id, config: table });
  const report = await call('POST', '/reports/create', {
    name: 'Weekly shop',
    dashboard_id: dashboard.id,
    config: { pages: [[{ widget_id: widget.id, x: 0, y: 0, w: 12, h: 10 }]] },
  });
  const task = await call('POST', '/report_tasks/create', {
    interval: '0 6 * * 1',
    report_id: report.id,
    instance: '868cf2e9-bd6d-4bac-96ba-2b08120d8cf9',
    recipients: { to: ['boss@example.test'], cc: [], bcc: [] },
  });
  return String(task.id);
}

async function runEnded(id: unknown): Promise<Json> {
  const ended = expect.poll(async () => (await call('GET', `/runs/${String(id)}`)).state, { timeout: 60_000 });
  await ended.not.toMatch(/QUEUED|RUNNING/);
  return await call('GET', `/runs/${String(id)}`);
}

test('a task created over HTTP is run, printed, archived and mailed; a second run of it by the command line too', async () => {
  const taskId = await defineTask();
  const { run_id: runId } = await call('POST', `/report_tasks/${taskId}/run`);
  const run = await runEnded(runId);
  expect(run).toMatchObject({ state: 'SUCCESSFUL', widgets: [{ state: 'ok', rows: 3 }] });

  const [mail = ''] = readdirSync(join(folder, 'mail'));
  const letter = await PostalMime.parse(readFileSync(join(folder, 'mail', mail)));
  expect(letter.to?.map((entry) => entry.address)).toEqual(['boss@example.test']);
  const pdf = letter.attachments.find(({ disposition }) => disposition === 'attachment');
  expect(pdf?.mimeType).toBe('application/pdf');
  expect(
    Buffer.from(pdf?.content as ArrayBuffer)
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');

  const lines = service
    .log()
    .split('\n')
    .filter((line) => line.includes(String(runId)));
  expect(lines.length).toBeGreaterThan(0);
  // The run is seen to have ended a moment before it is counted.
  const metrics = async () => (await fetch(`${service.started.url}/metrics`)).text();
  await expect.poll(metrics).toContain('broadsheet_runs_total{state="SUCCESSFUL"} 1');

  const command = ['run', taskId];
  const settings = { DATABASE_URL: database.url, DATA_DIR: folder };
  const first = await runCommand(command, settings);
  expect({ code: first.code, result: JSON.parse(first.stdout) }).toMatchObject({
    code: 0,
    result: { deduplicated: false },
  });
  const second = await runCommand(command, settings);
  expect({ code: second.code, result: JSON.parse(second.stdout) }).toMatchObject({
    code: 0,
    result: { deduplicated: true },
  });
  expect(readdirSync(join(folder, 'mail'))).toHaveLength(2);
});
