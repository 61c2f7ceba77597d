import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../src/clock.ts';
import { linkRoutes } from '../../src/http/links.ts';
import type { Ctx } from '../../src/operations/context.ts';
import { documentLink } from '../../src/operations/deliveries/document-link.ts';
import { documents } from '../../src/store/schema/runs.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { archivedRun, ledgerCtx, NOW } from '../operations/deliveries/ledger-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

const DAY = 86_400_000;

async function linked(bytes = randomBytes(600_000)) {
  const ctx = ledgerCtx(database.db, { PUBLIC_URL: 'https://r.example' });
  const archived = await archivedRun(ctx, { bytes, name: 'Продажи 每周 (1).pdf' });
  const link = documentLink(ctx, archived.documentId, NOW);
  if (!link) throw new Error('no link');
  const url = new URL(link.url);
  return { ctx, ...archived, link, path: url.pathname, query: url.searchParams };
}

function get(ctx: Ctx, path: string, query: URLSearchParams | string, at = NOW, init: RequestInit = {}) {
  const app = linkRoutes({ contextOf: (facts) => ({ ...ctx, ...facts, clock: fixedClock(at) }) });
  return app.request(`${path}?${query}`, init);
}

test('a link opens its document, without a key, for as long as it says', async () => {
  const { ctx, path, query, bytes, link } = await linked();
  expect(link.expiresAt).toEqual(new Date(NOW.getTime() + 7 * DAY));
  const response = await get(ctx, path, query, new Date(NOW.getTime() + 7 * DAY - 1_000));
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  const header = (name: string) => response.headers.get(name);
  expect(header('content-type')).toBe('application/pdf');
  expect(header('content-length')).toBe('600000');
  expect(header('cache-control')).toBe('no-store');
  expect(header('x-content-type-options')).toBe('nosniff');
  expect(header('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''%D0%9F/);
});

test('expired, it is 410', async () => {
  const { ctx, path, query } = await linked();
  const response = await get(ctx, path, query, new Date(NOW.getTime() + 7 * DAY));
  expect(response.status).toBe(410);
  expect(await response.text()).toMatch(/expired/);
});

test('of a document that is no longer kept, it is 410', async () => {
  const { ctx, path, query, documentId } = await linked();
  await database.db.delete(documents).where(eq(documents.id, documentId));
  expect((await get(ctx, path, query)).status).toBe(410);
});

test('changed in any way it is 403, whether or not the document exists', async () => {
  const { ctx, path, query } = await linked();
  const later = new URLSearchParams(query);
  later.set('expires', String(Number(query.get('expires')) + 1));
  const forged = new URLSearchParams(query);
  forged.set(
    'signature',
    `${query.get('signature')?.slice(0, -1)}${query.get('signature')?.endsWith('A') ? 'B' : 'A'}`,
  );
  const short = new URLSearchParams(query);
  short.set('signature', 'x');
  for (const wrong of [later, forged, short]) expect((await get(ctx, path, wrong)).status).toBe(403);
  const other = await linked();
  expect((await get(ctx, other.path, query)).status).toBe(403);
  expect((await get(ctx, `/links/documents/${randomUUID()}`, query)).status).toBe(403);
});

test('a link signed with another key is 403', async () => {
  const { path, query } = await linked();
  const other = await linked();
  expect((await get(other.ctx, path, query)).status).toBe(403);
});

test.each([
  '',
  'expires=abc&signature=x',
  'expires=1',
  'signature=x',
  'expires=-5&signature=x',
  'expires=1e99&signature=x',
])('the query %j is no link: 400 in a sentence', async (query) => {
  const { ctx, path } = await linked();
  const response = await get(ctx, path, query);
  expect(response.status).toBe(400);
  expect(await response.text()).toBe('this link is not complete\n');
});

test('a path that is no document id is 400, not a look into the store', async () => {
  const { ctx, query } = await linked();
  expect((await get(ctx, "/links/documents/1'%20or%20'1", query)).status).toBe(400);
});

test('who has the bytes already gets 304', async () => {
  const { ctx, path, query } = await linked();
  const etag = (await get(ctx, path, query)).headers.get('etag') ?? '';
  const again = await get(ctx, path, query, NOW, { headers: { 'If-None-Match': etag } });
  expect(again.status).toBe(304);
});
