import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../../src/store/schema/access.ts';
import { reportUsers } from '../../../src/store/schema/definitions.ts';
import { documentChunks, runs } from '../../../src/store/schema/runs.ts';
import { createDocument } from '../../operations/archive/document-fixtures.ts';
import { createReportRow, createTaskRow, INSTANCE } from '../../operations/report-tasks/task-fixtures.ts';
import { type Client, cruddyClient, NOW, someId } from './client.ts';

let client: Client;
let owner: string;
let reader: string;
let stranger: string;
let reportId: string;
beforeAll(async () => {
  client = await cruddyClient();
  [owner, reader, stranger] = [await client.user(), await client.user(), await client.user()];
  reportId = await createReportRow(client.database.db, { ownerId: owner, name: 'Weekly' });
  await client.database.db.insert(reportUsers).values({ objectId: reportId, memberId: reader });
});
afterAll(() => client.close());

const document = (given: Partial<Parameters<typeof createDocument>[1]> = {}) =>
  createDocument(client.database.db, { reportId, at: NOW, ...given });

const file = (id: string, options: { user?: string; headers?: Record<string, string>; method?: string } = {}) =>
  client.app.request(`/reports/archive/${id}/file`, {
    method: options.method ?? 'GET',
    headers: { PgrApiKey: client.admin.key, 'Pgr-User-ID': options.user ?? client.admin.userId, ...options.headers },
  });

describe('a document of the archive', () => {
  it('tells everything but its bytes', async () => {
    const taskId = await createTaskRow(client.database.db, { reportId, after: NOW });
    const { id, runId, bytes } = await document({ taskId, state: 'PARTIAL', name: 'Отчёт.pdf' });
    const { status, body } = await client.call('GET', `/reports/archive/${id}`, undefined, { user: reader });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      created_at: '2026-03-02T10:00:00.123000Z',
      name: 'Отчёт.pdf',
      report_id: reportId,
      task_id: taskId,
      run_id: runId,
      instance: INSTANCE,
      state: 'PARTIAL',
      media_type: 'application/pdf',
      size: bytes.length,
      pages: 3,
      report: { id: reportId, name: 'Weekly' },
    });
    expect(Object.keys(body)).not.toContain('owner_id');
  });

  it('stays when its run is gone', async () => {
    const { id, runId } = await document();
    await client.database.db.delete(runs).where(eq(runs.id, runId));
    expect((await client.call('GET', `/reports/archive/${id}`)).body).toMatchObject({ run_id: null, state: null });
  });

  it('is seen by who sees its report, or asked for it, and by nobody else', async () => {
    const { id } = await document();
    const asked = await document({ ownerId: stranger });
    const paths = [`/reports/archive/${id}`, `/reports/archive/${id}/file`];
    for (const path of paths) {
      const get = (user: string) =>
        client.app.request(path, { headers: { PgrApiKey: client.admin.key, 'Pgr-User-ID': user } });
      expect((await get(reader)).status).toBe(200);
      expect((await get(owner)).status).toBe(200);
      expect((await get(stranger)).status).toBe(403);
    }
    expect((await file(asked.id, { user: stranger })).status).toBe(200);
    expect(await client.call('GET', `/reports/archive/${someId()}`)).toMatchObject({
      status: 404,
      body: { error: 'document not found' },
    });
    expect((await client.call('GET', '/reports/archive/five')).status).toBe(400);
  });
});

describe('the file', () => {
  it('is the bytes, to be saved under the document’s name', async () => {
    const { id, bytes } = await document({ bytes: randomBytes(700_000), name: 'Q1 "net" – 100%.pdf' });
    const answer = await file(id);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '700000',
      'content-disposition': `attachment; filename="Q1 _net_ _ 100_.pdf"; filename*=UTF-8''Q1%20%22net%22%20%E2%80%93%20100%25.pdf`,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is not sent again to who has it', async () => {
    const { id } = await document();
    const etag = (await file(id)).headers.get('ETag') ?? '';
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await file(id, { headers: { 'If-None-Match': tag } });
      expect(answer.status).toBe(304);
      expect(await answer.text()).toBe('');
    }
    expect((await file(id, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  });

  it('names that try to break out of the header stay in it', async () => {
    const { id } = await document({ name: 'a"\r\nSet-Cookie: x=1\r\n\\../é.pdf' });
    const answer = await file(id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Set-Cookie')).toBeNull();
    expect(answer.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="[\w ._:=-]+"; filename\*=UTF-8''[\w%.-]+$/,
    );
  });
});

describe('search', () => {
  const search = async (body: unknown, user = reader) =>
    (await client.call('POST', '/reports/archive/search', body, { user })).body;

  it('finds documents by their fields, newest first, with no relations of lists', async () => {
    const other = await createReportRow(client.database.db, { ownerId: stranger });
    const [first, second] = [
      await document({ reportId: other, at: new Date('2026-02-01T00:00:00Z'), name: 'February.pdf' }),
      await document({ reportId: other, at: new Date('2026-03-01T00:00:00Z'), name: 'March.pdf', state: 'PARTIAL' }),
    ];
    const ids = (found: { objects: { id: string }[] }) => found.objects.map((object) => object.id);
    expect(
      ids(await search({ filters: [{ field: 'report', type: 'intersection', value: [other] }] }, stranger)),
    ).toEqual([second.id, first.id]);
    const filtered = await search(
      {
        filters: [
          { field: 'state', type: 'equal', value: 'PARTIAL' },
          { field: 'report_id', type: 'equal', value: other },
        ],
      },
      stranger,
    );
    expect(filtered).toMatchObject({ total: 1, objects: [{ id: second.id, report: { id: other }, _relations: {} }] });
    expect(ids(await search({ virtual_search: { value: 'februar' } }, stranger))).toEqual([first.id]);
    const ranged = {
      filters: [{ field: 'created_at', type: 'range', value: [null, '2026-02-15T00:00:00Z'] }],
      include_fields: ['id'],
      ordering: [{ field: 'state', direction: 'desc' }],
    };
    expect(await search(ranged, stranger)).toEqual({ total: 1, objects: [{ id: first.id, _relations: {} }] });
    expect(ids(await search({ filters: [{ field: 'report_id', type: 'equal', value: other }] }))).toEqual([]);
  });
});

describe('deleting', () => {
  const remove = (id: string, user: string) => client.call('DELETE', `/reports/archive/${id}`, undefined, { user });

  it('takes the bytes along, leaves the run, and is audited', async () => {
    const { id, runId } = await document();
    expect((await remove(id, reader)).status).toBe(403);
    expect((await remove(id, stranger)).status).toBe(403);
    expect(await remove(id, owner)).toMatchObject({ status: 200, body: undefined });
    expect((await remove(id, owner)).status).toBe(404);
    expect(await client.database.db.select().from(documentChunks).where(eq(documentChunks.documentId, id))).toEqual([]);
    expect(await client.database.db.select().from(runs).where(eq(runs.id, runId))).toHaveLength(1);
    expect(await client.database.db.select().from(auditLog).where(eq(auditLog.objectId, id))).toMatchObject([
      { action: 'document.delete', actorId: owner },
    ]);
  });
});

describe('_meta', () => {
  it('names the fields and what can be done with a document', async () => {
    const { body } = await client.call('GET', '/reports/archive/_meta');
    expect(body.fields.map((field: { name: string }) => field.name)).toEqual(
      expect.arrayContaining(['name', 'state', 'pages', 'sha256']),
    );
    expect(body.instance_actions).toEqual([{ action: 'file', params: {} }]);
  });
});
