import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../../src/store/schema/access.ts';
import { sources } from '../../../src/store/schema/definitions.ts';
import { type Client, cruddyClient, someId } from './client.ts';

const LOGIN = 'cruddy_source_reader';
let client: Client;
let maker: string;
let reader: string;
let stranger: string;
let url: string;

beforeAll(async () => {
  client = await cruddyClient();
  [maker, reader, stranger] = [await client.user(['sources']), await client.user(), await client.user()];
  await client.database.sql.unsafe(`drop role if exists ${LOGIN}; create role ${LOGIN} login`);
  const { socketDir, database } = client.database.address as { socketDir: string; database: string };
  url = `postgres://${LOGIN}:sesame@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
});
afterAll(() => client.close());

const create = (body: Record<string, unknown>, user = maker) => client.call('POST', '/sources/create', body, { user });
let counter = 0;
const made = async (given: Record<string, unknown> = {}): Promise<{ id: string; name: string }> => {
  counter += 1;
  const name = `source-${counter}`;
  return (await create({ name, url, ...given })).body;
};

describe('create', () => {
  it('answers the model without the URL, keeps the URL sealed, and writes an audit row', async () => {
    const { status, body } = await create({ name: 'sales', url, description: 'Sales', user_ids: [reader] });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'sales',
      kind: 'postgres',
      url_masked: expect.stringContaining(`${LOGIN}:***@localhost`),
      description: 'Sales',
      max_queries: null,
      owner: { id: maker },
      users: [{ id: reader }],
      user_ids: [reader],
      groups: [],
    });
    expect(JSON.stringify(body)).not.toContain('sesame');
    const [row] = await client.database.db.select().from(sources).where(eq(sources.id, body.id));
    expect(row?.urlSealed.includes('sesame')).toBe(false);
    const trail = await client.database.db.select().from(auditLog).where(eq(auditLog.objectId, body.id));
    expect(trail).toMatchObject([{ action: 'source.create', actorId: maker, objectKind: 'source' }]);
    expect(JSON.stringify(trail)).not.toContain('sesame');
  });

  it('needs the role', async () => {
    expect((await create({ name: 'x', url }, reader)).status).toBe(403);
    expect((await create({ name: 'by-admin', url }, client.admin.userId)).status).toBe(201);
  });

  it('refuses a taken name, and URLs that cannot be used, without repeating them', async () => {
    await create({ name: 'taken', url });
    expect(await create({ name: 'taken', url })).toMatchObject({
      status: 409,
      body: { error: 'source name is already taken' },
    });
    for (const bad of [
      '',
      'sesame',
      'file:///sesame',
      'postgres://u:sesame@h/d?options=x',
      'mysql://u:sesame@h/d',
      7,
      null,
    ]) {
      const answer = await create({ name: 'bad', url: bad });
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain('sesame');
    }
    expect((await create({ name: ' ', url })).status).toBe(400);
    expect((await create({ name: 'q', url, max_queries: 0 })).status).toBe(400);
  });
});

describe('rights', () => {
  it('owner, listed users and admins see a source; owner and admins change it', async () => {
    const { id } = await made({ user_ids: [reader] });
    const get = async (user: string) => (await client.call('GET', `/sources/${id}`, undefined, { user })).status;
    expect([await get(maker), await get(reader), await get(client.admin.userId), await get(stranger)]).toEqual([
      200, 200, 200, 403,
    ]);
    const body = { id, description: 'changed' };
    const put = async (user: string) => (await client.call('PUT', '/sources/update', body, { user })).status;
    expect([await put(maker), await put(client.admin.userId), await put(reader), await put(stranger)]).toEqual([
      200, 200, 403, 403,
    ]);
    const remove = async (user: string) => (await client.call('DELETE', `/sources/${id}`, undefined, { user })).status;
    expect([await remove(reader), await remove(maker), await remove(maker)]).toEqual([403, 200, 404]);
  });

  it('a search finds what its caller sees, and cannot look for URLs', async () => {
    const { name } = await made({ user_ids: [reader] });
    const search = (user: string, value: string, field = 'name') =>
      client.call('POST', '/sources/search', { filters: [{ field, type: 'equal', value }] }, { user });
    expect((await search(reader, name)).body).toMatchObject({ total: 1, objects: [{ name, kind: 'postgres' }] });
    expect((await search(stranger, name)).body).toMatchObject({ total: 0 });
    expect((await search(maker, url, 'url')).status).toBe(400);
    expect(
      (await client.call('GET', '/sources/_meta')).body.fields.map((field: { name: string }) => field.name),
    ).toEqual(['id', 'created_at', 'updated_at', 'name', 'kind', 'url_masked', 'description', 'max_queries']);
  });
});

describe('update', () => {
  it('changes what is given and nothing else', async () => {
    const { id, name } = await made({ description: 'before', max_queries: 3 });
    const updated = await client.call('PUT', '/sources/update', {
      id,
      url: url.replace('sesame', 'other'),
      max_queries: null,
    });
    expect(updated).toMatchObject({ status: 200, body: { id, name, description: 'before', max_queries: null } });
    expect((await client.call('PUT', '/sources/update', { id: someId(), name: 'x' })).status).toBe(404);
  });

  it('another URL needs the role again, and a taken name is a conflict', async () => {
    const { id } = await made();
    await client.database.db.update(sources).set({ ownerId: reader }).where(eq(sources.id, id));
    const put = (body: object) => client.call('PUT', '/sources/update', { id, ...body }, { user: reader });
    expect((await put({ url })).status).toBe(403);
    expect((await put({ description: 'mine' })).status).toBe(200);
    expect((await put({ name: (await made()).name })).status).toBe(409);
  });
});

describe('a source that widgets read', () => {
  it('can be neither deleted nor renamed; the widgets are named', async () => {
    const { id, name } = await made();
    const dashboard = await client.call('POST', '/dashboards/create', { name: 'D' });
    const series = [{ name: 's', mode: 'query', source: name, query: { dataset: 'x' } }];
    const widget = await client.call('POST', '/widgets/create', {
      name: 'W',
      dashboard_id: dashboard.body.id,
      settings: { series },
    });
    const blocked = { status: 422, body: { error_code: 11011, relations: { widgets: [{ id: widget.body.id }] } } };
    const removed = await client.call('DELETE', `/sources/${id}`, undefined, { user: maker });
    expect(removed).toMatchObject(blocked);
    expect(removed.body.relations.widgets[0].name).toBeUndefined();
    expect(await client.call('PUT', '/sources/update', { id, name: 'renamed' })).toMatchObject(blocked);
    expect((await client.call('PUT', '/sources/update', { id, name, description: 'same name' })).status).toBe(200);
    await client.call('DELETE', `/widgets/${widget.body.id}`);
    expect((await client.call('DELETE', `/sources/${id}`)).status).toBe(200);
  });

  it('are those of people who may read it: a stranger’s don’t hold it', async () => {
    const groupId = (await client.call('POST', '/groups/create', { name: 'G', user_ids: [reader] })).body.id;
    const { id, name } = await made({ group_ids: [groupId] });
    const widgetOf = async (user: string) => {
      const dashboard = await client.call('POST', '/dashboards/create', { name: 'D' }, { user });
      const body = { name: 'W', dashboard_id: dashboard.body.id, config: { series: [{ source: name }] } };
      return (await client.call('POST', '/widgets/create', body, { user })).body.id;
    };
    await widgetOf(stranger);
    const held = await widgetOf(reader);
    const blocked = await client.call('DELETE', `/sources/${id}`, undefined, { user: maker });
    expect(blocked).toMatchObject({ status: 422, body: { relations: { widgets: [{ id: held }] } } });
    await client.call('DELETE', `/widgets/${held}`);
    expect((await client.call('DELETE', `/sources/${id}`, undefined, { user: maker })).status).toBe(200);
  });
});

describe('test', () => {
  it('says what was found', async () => {
    const { id } = await made({ user_ids: [reader] });
    const test = (user: string) => client.call('POST', `/sources/${id}/test`, {}, { user });
    expect(await test(reader)).toMatchObject({
      status: 200,
      body: {
        ok: true,
        login: LOGIN,
        version: expect.stringMatching(/^PostgreSQL \d/),
        privileged: false,
        problems: [],
      },
    });
    expect((await test(stranger)).status).toBe(403);
    expect((await client.call('POST', `/sources/${someId()}/test`, {})).status).toBe(404);
  });

  it('says what is wrong, and never the password', async () => {
    const attempt = (given: string, user = maker) => client.call('POST', '/sources/test', { url: given }, { user });
    const away = await attempt('postgres://u:sesame@127.0.0.1:1/d');
    expect(away).toMatchObject({ status: 200, body: { ok: false, version: null, problems: [expect.any(String)] } });
    expect(JSON.stringify(away.body)).not.toContain('sesame');
    const privileged = await attempt(url.replace(`${LOGIN}:sesame`, 'broadsheet'));
    expect(privileged.body).toMatchObject({
      ok: false,
      privileged: true,
      problems: [expect.stringContaining('superuser')],
    });
    expect((await attempt('ftp://sesame')).status).toBe(400);
    expect((await attempt(url, reader)).status).toBe(403);
  });
});
