import { serve } from '@hono/node-server';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCruddyApp } from '../../../src/http/cruddy/cruddy.ts';
import { ensureFirstAdmin } from '../../../src/operations/access/ensure-first-admin.ts';
import { apiKeys, auditLog, users } from '../../../src/store/schema/access.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { type Client, cruddyClient, NOW, someId } from './client.ts';

let client: Client;
beforeAll(async () => {
  client = await cruddyClient({ BODY_LIMIT_BYTES: '2000' });
});
afterAll(() => client.close());

const refused = (status: number, error: string) => ({ status, body: { error, error_code: status } });

describe('keys', () => {
  it('are asked for before anything else', async () => {
    for (const [method, path, body] of [
      ['POST', '/reports/create', '{'],
      ['GET', '/reports/not-a-uuid', undefined],
      ['GET', '/no/such/path', undefined],
      ['POST', '/reports/search', 'x'.repeat(5000)],
    ] as const) {
      const init = { headers: { 'Pgr-User-ID': 'no-uuid' } };
      expect(await client.call(method, path, body, init)).toMatchObject(refused(401, 'Unauthorized'));
      const wrong = { headers: { PgrApiKey: 'bs_wrong', 'Pgr-User-ID': client.admin.userId } };
      expect(await client.call(method, path, body, wrong)).toMatchObject(refused(401, 'Unauthorized'));
    }
  });

  it('of a person act as that person alone, and say nothing about others', async () => {
    const [mine, other] = [await client.user(), await client.user()];
    const made = await client.call('POST', '/api_keys/create', { name: 'my laptop', user_id: mine }, { user: mine });
    expect(made.status).toBe(201);
    const as = (user: string) => ({ headers: { PgrApiKey: made.body.key as string, 'Pgr-User-ID': user } });
    expect((await client.call('POST', '/reports/search', {}, as(mine))).status).toBe(200);
    for (const user of [other, someId(), client.admin.userId]) {
      expect(await client.call('POST', '/reports/search', {}, as(user))).toMatchObject(refused(403, 'Forbidden'));
    }
    const stored = await client.database.db.select().from(apiKeys).where(eq(apiKeys.id, made.body.id));
    expect(JSON.stringify(stored)).not.toContain(made.body.key);
    expect((await client.call('GET', `/api_keys/${made.body.id}`, undefined, { user: mine })).body.key).toBeUndefined();

    expect(await client.call('DELETE', `/api_keys/${made.body.id}`, undefined, { user: other })).toMatchObject({
      status: 403,
    });
    expect(await client.call('DELETE', `/api_keys/${made.body.id}`, undefined, { user: mine })).toMatchObject({
      status: 200,
    });
    expect(await client.call('POST', '/reports/search', {}, as(mine))).toMatchObject(refused(401, 'Unauthorized'));
  });

  it('of a service act as any enabled user, and only admins make them', async () => {
    const person = await client.user();
    expect(await client.call('POST', '/api_keys/create', { name: 'svc' }, { user: person })).toMatchObject({
      status: 403,
    });
    expect((await client.call('POST', '/reports/search', {}, { user: person })).status).toBe(200);
    await client.database.db.update(users).set({ disabled: true }).where(eq(users.id, person));
    expect(await client.call('POST', '/reports/search', {}, { user: person })).toMatchObject(refused(403, 'Forbidden'));
    expect(await client.call('POST', '/reports/search', {}, { user: someId() })).toMatchObject(
      refused(403, 'Forbidden'),
    );
  });
});

describe('the user header', () => {
  it('is asked for after the body, in the documented words', async () => {
    const key = { PgrApiKey: client.admin.key };
    expect(await client.call('POST', '/reports/search', '{', { headers: key })).toMatchObject(
      refused(400, 'Bad Request'),
    );
    expect(await client.call('POST', '/reports/search', {}, { headers: key })).toMatchObject(
      refused(400, 'missing uid header'),
    );
    const bad = { headers: { ...key, 'Pgr-User-ID': '5' } };
    expect(await client.call('POST', '/reports/search', {}, bad)).toMatchObject(
      refused(400, 'Pgr-User-Id should be uuid format'),
    );
    expect(await client.call('GET', '/reports/5', undefined, { headers: key })).toMatchObject(
      refused(400, 'missing uid header'),
    );
  });
});

describe('bodies', () => {
  const send = async (body: string | Uint8Array<ArrayBuffer> | undefined, type?: string) => {
    const headers = new Headers({ PgrApiKey: client.admin.key, 'Pgr-User-ID': client.admin.userId });
    if (type) headers.set('Content-Type', type);
    const init = { method: 'POST', headers, ...(body === undefined ? {} : { body }) };
    const response = await client.app.request('/users/search', init);
    return { status: response.status, body: await response.json() };
  };

  it('are JSON with or without a Content-Type, and empty ones are {}', async () => {
    for (const type of [undefined, 'application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      expect((await send(new TextEncoder().encode('{"limit": 1}'), type)).status).toBe(200);
    }
    expect((await send(undefined)).status).toBe(200);
    expect((await send('', 'application/json')).status).toBe(200);
    expect((await send(' \n')).status).toBe(200);
  });

  it.each([
    ['malformed', '{"limit":'],
    ['of another kind', '<a/>'],
    ['no object', '[]'],
    ['null', 'null'],
    ['with NUL', '{"virtual_search":{"value":"a\\u0000b"}}'],
    ['with NUL in a key', '{"a\\u0000":1}'],
    ['with half a character', '{"virtual_search":{"value":"\\ud800"}}'],
    ['with a number beyond a double', '{"limit":1e999}'],
    ['nested without end', `${'['.repeat(900)}${']'.repeat(900)}`],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ])('%s are 400', async (_name, body) => {
    expect(await send(body)).toEqual(refused(400, 'Bad Request'));
  });

  it('beyond the limit are 413', async () => {
    expect(await send(`{"a":"${'x'.repeat(3000)}"}`)).toEqual(refused(413, 'Request Entity Too Large'));
  });
});

describe('defects', () => {
  it('say nothing but their request id', async () => {
    const lines: unknown[] = [];
    const log = { error: (...line: unknown[]) => lines.push(line) };
    const ctx = testCtx({ db: client.database.db, clock: client.clock });
    const app = createCruddyApp({
      contextOf: (facts) => ({
        ...ctx,
        ...facts,
        log: log as never,
        get db(): never {
          throw new Error('secret: hunter2');
        },
      }),
    });
    const response = await app.request('/reports/search', {
      method: 'POST',
      headers: { PgrApiKey: 'x', 'X-Request-Id': 'abc-1' },
    });
    expect({ status: response.status, body: await response.json() }).toEqual(refused(500, 'Internal Server Error'));
    expect(response.headers.get('X-Request-Id')).toBe('abc-1');
    expect(lines).toHaveLength(1);
  });
});

describe('the first start', () => {
  it('creates one admin and one key, whatever the number of replicas', async () => {
    const other = await cruddyClient();
    await other.database.db.delete(users);
    const ctx = testCtx({ db: other.database.db, clock: other.clock });
    const made = await Promise.all(Array.from({ length: 4 }, () => ensureFirstAdmin({ ctx })));
    expect(made.filter((one) => one !== null)).toHaveLength(1);
    expect(await ensureFirstAdmin({ ctx })).toBeNull();
    await other.close();
  });
});

describe('a gateway on the same host', () => {
  it('is trusted by its socket, not by what it says', async () => {
    const base = testCtx({
      db: client.database.db,
      clock: client.clock,
      config: testConfig({ TRUST_USER_HEADER: 'loopback', BODY_LIMIT_BYTES: '1000' }),
    });
    const app = createCruddyApp({ contextOf: (facts) => ({ ...base, ...facts }) });
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const send = async (headers: Record<string, string>, body = '{}') => {
      const response = await fetch(`http://127.0.0.1:${port}/users/search`, { method: 'POST', headers, body });
      return { status: response.status, body: (await response.json()) as { total?: number } };
    };
    const user = { 'Pgr-User-ID': client.admin.userId };
    try {
      expect((await send(user)).status).toBe(200);
      const speaksForOthers = ['Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'X-Client-IP'];
      for (const name of speaksForOthers) {
        expect({ name, status: (await send({ ...user, [name]: '127.0.0.1' })).status }).toEqual({ name, status: 401 });
      }
      expect((await send({ ...user, PgrApiKey: 'wrong' })).status).toBe(401);
      expect((await send({})).status).toBe(400);
      expect(await send(user, `{"a":"${'x'.repeat(200_000)}"}`)).toEqual(refused(413, 'Request Entity Too Large'));
      expect((await send(user)).status).toBe(200);
    } finally {
      server.close();
    }
    expect((await app.request('/users/search', { method: 'POST', headers: user })).status).toBe(401);
  });
});

describe('every write', () => {
  it('leaves an audit row with who, what, the request and the trace', async () => {
    const made = await client.call('POST', '/dashboards/create', { name: 'Traced', trace_id: 'trace-7' });
    const rows = await client.database.db.select().from(auditLog).where(eq(auditLog.objectId, made.body.id));
    expect(rows).toEqual([
      expect.objectContaining({
        action: 'dashboard.create',
        actorId: client.admin.userId,
        traceId: 'trace-7',
        requestId: made.headers.get('X-Request-Id'),
        at: NOW,
      }),
    ]);
  });
});

describe('the OpenAPI document', () => {
  it('is made from the schemas that validate, with what all endpoints have in common', () => {
    const document = client.app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Broadsheet', version: '0' } });
    const create = document.paths?.['/report_tasks/create']?.post;
    expect(create?.parameters).toContainEqual(
      expect.objectContaining({ name: 'Pgr-User-ID', in: 'header', required: true }),
    );
    expect(create?.security).toEqual([{ PgrApiKey: [] }]);
    expect(Object.keys(create?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '401', '403', '413', '500']),
    );
    expect(JSON.stringify(create?.requestBody)).toContain(
      '"misfire_policy":{"type":["string","null"],"enum":["skip","once","all",null]}',
    );
    expect(document.components?.schemas).toMatchObject({
      reports: { properties: { config: { type: ['object', 'null'] } } },
    });
    expect(document.paths?.['/dashboards/{id}']?.delete?.responses).toHaveProperty('422');
  });
});
