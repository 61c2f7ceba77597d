import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read, utils } from '@e965/xlsx';
import { unzipSync } from 'fflate';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from './harness/database.ts';
import { runCommand, type ServeProcess, startServe } from './harness/serve-process.ts';
import { sha256 } from './operations/deliveries/ledger-fixture.ts';

/** A report in all its formats, through the service as a user has it, and every file read back by somebody else. */
const READER = 'outputs_reader';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-outputs-'));
let database: TestDatabase;
let service: ServeProcess;
let headers: Record<string, string>;
let reportId: string;
let taskId: string;

type Json = Record<string, unknown>;

const send = (method: string, path: string, body?: Json, more: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.started.url}/cruddy/v2${path}`, {
    method,
    headers: { ...headers, ...more },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

async function call(method: string, path: string, body?: Json): Promise<Json> {
  const response = await send(method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Json;
}

function readerUrl(): string {
  const url = new URL(database.url);
  url.username = READER;
  return url.href;
}

const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());

beforeAll(async () => {
  database = await testDatabase();
  await database.sql.unsafe(`
    create schema shop;
    create table shop.orders (city text not null, amount int not null);
    insert into shop.orders values ('Oslo', 3), ('=Rom', -1), ('Wien', 5);
    create role ${READER} login;
    grant usage on schema shop to ${READER};
    grant select on shop.orders to ${READER};`);
  service = await startServe({ DATABASE_URL: database.url, DATA_DIR: folder });
  const admin = service.started.first_admin as { user_id: string; key: string };
  headers = { PgrApiKey: admin.key, 'Pgr-User-ID': admin.user_id };
  await call('POST', '/sources/create', { name: 'shop', url: readerUrl() });
  const dashboard = await call('POST', '/dashboards/create', { name: 'Shop' });
  const widget = async (name: string, sql: string): Promise<Json> => {
    const config = {
      type: 'table',
      settings: { kind: 'table', base: { name } },
      series: [{ source: 'shop', mode: 'sql', sql }],
    };
    return call('POST', '/widgets/create', { name, dashboard_id: dashboard.id, config });
  };
  const orders = await widget('Orders', 'select city, amount from shop.orders order by city collate "C"');
  const total = await widget('Total', 'select sum(amount)::int as total from shop.orders');
  const pages = [[orders, total].map(({ id }, index) => ({ widget_id: id, x: 0, y: index * 8, w: 12, h: 8 }))];
  reportId = String(
    (await call('POST', '/reports/create', { name: 'Shop', dashboard_id: dashboard.id, config: { pages } })).id,
  );
  const task = await call('POST', '/report_tasks/create', {
    interval: '0 6 * * 1',
    report_id: reportId,
    instance: '868cf2e9-bd6d-4bac-96ba-2b08120d8cf9',
    outputs: ['pdf', 'xlsx', 'csv', 'html'],
    recipients: { to: ['boss@example.test'], cc: [], bcc: [] },
  });
  expect(task).toMatchObject({ outputs: ['pdf', 'xlsx', 'csv', 'html'], mail_preview: true });
  taskId = String(task.id);
});

afterAll(async () => {
  await service.stop();
  await database.sql.unsafe(`drop owned by ${READER}; drop role ${READER}`);
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function checkWorkbook(bytes: Uint8Array): void {
  const book = read(bytes);
  expect(book.SheetNames).toEqual(['Orders', 'Total', 'Contents']);
  expect(utils.sheet_to_json(book.Sheets.Orders ?? {}, { header: 1 })).toEqual([
    ['city', 'amount'],
    ['=Rom', -1],
    ['Oslo', 3],
    ['Wien', 5],
  ]);
}

function checkArchive(bytes: Uint8Array): void {
  const files = unzipSync(bytes);
  expect(Object.keys(files)).toEqual(['01 Orders.csv', '02 Total.csv', 'manifest.json']);
  expect(Buffer.from(files['01 Orders.csv'] ?? []).toString()).toBe(
    "\ufeffcity,amount\r\n'=Rom,-1\r\nOslo,3\r\nWien,5\r\n",
  );
  expect(JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString())).toMatchObject({
    format: 'broadsheet-manifest/1',
  });
}

describe('a task of several formats', () => {
  it('keeps, gives and mails each of them, the first page shown in the mail', async () => {
    const { run_id: runId } = await call('POST', `/report_tasks/${taskId}/run`);
    const state = async () => (await call('GET', `/runs/${String(runId)}`)).state;
    await expect.poll(state, { timeout: 60_000 }).not.toMatch(/QUEUED|RUNNING/);
    const run = await call('GET', `/runs/${String(runId)}`);
    expect(run).toMatchObject({ state: 'SUCCESSFUL', warnings: [] });
    const documents = run.documents as { id: string; kind: string; role: string; sha256: string }[];
    expect(documents.map(({ kind, role }) => `${kind} ${role}`)).toEqual([
      'pdf main',
      'csv further',
      'html further',
      'xlsx further',
    ]);
    expect(run.document).toMatchObject({ kind: 'pdf', id: documents[0]?.id });

    const main = documents[0]?.id ?? '';
    for (const { id, kind, sha256: sum } of documents) {
      const own = await bytesOf(await send('GET', `/reports/archive/${id}/file`));
      expect(sha256(own)).toBe(sum);
      expect(sha256(await bytesOf(await send('GET', `/reports/archive/${main}/file?format=${kind}`)))).toBe(sum);
    }
    checkWorkbook(await bytesOf(await send('GET', `/reports/archive/${main}/file?format=xlsx`)));
    expect((await send('GET', `/reports/archive/${main}/file?format=png`)).status).toBe(404);
    expect((await send('GET', `/reports/archive/${main}/file?format=docx`)).status).toBe(400);
    const listed = await call('POST', '/reports/archive/search', { relations: [] });
    expect((listed.objects as Json[]).map(({ role }) => role)).not.toContain('preview');

    const [mail = ''] = readdirSync(join(folder, 'mail'));
    const letter = await PostalMime.parse(readFileSync(join(folder, 'mail', mail)));
    const attached = letter.attachments.filter(({ disposition }) => disposition === 'attachment');
    expect(attached.map(({ mimeType }) => mimeType)).toEqual(['application/pdf', 'application/zip', 'text/html', XLSX]);
    for (const [index, { sha256: sum }] of documents.entries()) {
      expect(sha256(new Uint8Array(attached[index]?.content as ArrayBuffer))).toBe(sum);
    }
    const picture = letter.attachments.find(({ disposition }) => disposition === 'inline');
    expect(picture).toMatchObject({ mimeType: 'image/png', related: true });
    expect(
      Buffer.from(picture?.content as ArrayBuffer)
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(letter.html).toContain(
      `src="cid:${picture?.contentId?.replace(/[<>]/g, '')}" alt="First page of the report: Shop`,
    );
  });

  it('a task that wants no picture mails none; words that are no format are refused', async () => {
    const changed = await call('PUT', '/report_tasks/update', { id: taskId, outputs: ['xlsx'], mail_preview: false });
    expect(changed).toMatchObject({ outputs: ['xlsx'], mail_preview: false });
    rmSync(join(folder, 'mail'), { recursive: true });
    const { run_id: runId } = await call('POST', `/report_tasks/${taskId}/run`);
    const state = async () => (await call('GET', `/runs/${String(runId)}`)).state;
    await expect.poll(state, { timeout: 60_000 }).toBe('SUCCESSFUL');
    const [mail = ''] = readdirSync(join(folder, 'mail'));
    const letter = await PostalMime.parse(readFileSync(join(folder, 'mail', mail)));
    expect(letter.attachments.map(({ mimeType }) => mimeType)).toEqual([XLSX]);
    expect(letter.html).not.toContain('cid:');
    for (const outputs of [['docx'], [], ['pdf', 'pdf'], 'pdf', [null]]) {
      expect((await send('PUT', '/report_tasks/update', { id: taskId, outputs })).status).toBe(400);
    }
  });
});

describe('a generation on demand', () => {
  const generate = (body: Json = {}, more: Record<string, string> = {}, query = '') =>
    send('POST', `/reports/${reportId}/generate${query}`, body, more);

  it.each([
    ['pdf', 'application/pdf'],
    ['html', 'text/html'],
    ['png', 'image/png'],
    ['csv', 'application/zip'],
    ['xlsx', XLSX],
  ])(
    'of %s gives %s by body, by query and by Accept',
    async (format, type) => {
      const answers = [
        await generate({ format }),
        await generate({}, {}, `?format=${format}`),
        await generate({}, { Accept: `${type}, */*;q=0.1` }),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(200);
        expect(answer.headers.get('Content-Type')).toContain(type);
      }
      const [first] = answers;
      const bytes = first === undefined ? new Uint8Array() : await bytesOf(first);
      if (format === 'xlsx') checkWorkbook(bytes);
      if (format === 'csv') checkArchive(bytes);
    },
    120_000,
  );

  it('406 for what a report cannot be, 400 for a word that is no format; a key covers the format', async () => {
    const refused = await generate({}, { Accept: 'audio/mpeg' });
    expect(refused.status).toBe(406);
    expect(await refused.json()).toMatchObject({ error_code: 406 });
    expect((await generate({ format: 'docx' })).status).toBe(400);
    expect((await generate({}, {}, '?format=docx')).status).toBe(400);
    const key = { 'Idempotency-Key': 'formats-1' };
    const first = await generate({ format: 'csv' }, key);
    const again = await generate({ format: 'csv' }, key);
    expect(again.headers.get('X-Run-Id')).toBe(first.headers.get('X-Run-Id'));
    expect((await generate({ format: 'xlsx' }, key)).status).toBe(422);
  });
});

const REPORT = `
name: R
widgets:
  orders: { kind: table, heading: Orders, sql: "select city, amount from shop.orders order by 1" }
  cities: { kind: pie, heading: Cities, sql: "select city, amount from shop.orders where amount > 0 order by 1" }
pages:
  - - { widget: orders }
    - { widget: cities, y: 8 }
`;

describe('broadsheet render and run', () => {
  it('two processes write the same bytes in every format', async () => {
    const report = join(folder, 'report.yaml');
    writeFileSync(report, REPORT);
    const names = ['r.pdf', 'r.html', 'r.png', 'r.xlsx', 'r.zip'];
    const sums: string[][] = [];
    for (const turn of ['one', 'two']) {
      const files = names.map((name) => join(folder, `${turn}-${name}`));
      const outputs = files.flatMap((file) => ['-o', file]);
      const source = ['--source', readerUrl(), '--at', '2026-05-03T04:30:00Z'];
      const { code, stdout, stderr } = await runCommand(['render', report, ...outputs, ...source], {});
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
      expect(JSON.parse(stdout)).toMatchObject({
        file: files[0],
        others: names.slice(1).map((_, index) => ({ file: files[index + 1] })),
      });
      sums.push(files.map((file) => sha256(readFileSync(file))));
    }
    expect(sums[0]).toEqual(sums[1]);
  });

  it('run --format writes what it names; a name that is none is exit code 2', async () => {
    const settings = { DATABASE_URL: database.url, DATA_DIR: folder };
    const { code, stdout } = await runCommand(['run', taskId, '--format', 'html,csv'], settings);
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 0,
      document: { kind: 'html' },
      documents: [{ kind: 'html' }, { kind: 'csv' }],
    });
    const wrong = await runCommand(['run', taskId, '--format', 'docx'], settings);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('docx is none of pdf, html, png, csv, xlsx');
  });
});
