import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, cruddyClient } from './client.ts';

let client: Client;
let users: string[];
const ids: string[] = [];
beforeAll(async () => {
  client = await cruddyClient();
  users = [await client.user(), await client.user()];
  const category = await client.call('POST', '/report_category/create', { name: 'Filed' });
  for (let n = 0; n < 12; n += 1) {
    client.clock.advance(60_000);
    const body = {
      name: `Report ${String(n).padStart(2, '0')} ${n % 2 ? '100%' : 'a_b\\c'}`,
      settings: { n },
      ...(n < 4 ? { category_id: category.body.id, is_system: n === 0 } : {}),
      _relations: { users: n % 3 === 0 ? users : [] },
    };
    const made = await client.call('POST', '/reports/create', body);
    ids.push(made.body.id);
  }
});
afterAll(() => client.close());

const search = async (body: object, user?: string) => {
  const answer = await client.call('POST', '/reports/search', body, user ? { user } : {});
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return answer.body;
};
const places = async (body: object, user?: string): Promise<number[]> =>
  (await search({ ordering: [{ field: 'name', direction: 'asc' }], ...body }, user)).objects.map(
    (object: { id: string }) => ids.indexOf(object.id),
  );
const filtered = (field: string, type: string, value: unknown, negation?: boolean) =>
  places({ filters: [{ field, type, value, negation }] });

describe('a search', () => {
  it('lists everything for an empty body: newest first, belongs-to loaded, lists not', async () => {
    const { objects, total } = await search({});
    expect(total).toBe(12);
    expect(objects.map((object: { id: string }) => object.id)).toEqual([...ids].reverse());
    expect(objects[11]).toMatchObject({
      category: { name: 'Filed' },
      owner: { username: 'admin' },
      users: null,
      tasks: null,
      _relations: {},
    });
    expect(objects[0]).toMatchObject({ category: null, dashboard: null, task: null });
  });

  it('pages, with the total of all that match', async () => {
    const page = await search({ limit: 5, offset: 10 });
    expect({ count: page.objects.length, total: page.total }).toEqual({ count: 2, total: 12 });
    expect(await search({ limit: 0, offset: 999 })).toEqual({ objects: [], total: 12 });
    expect((await search({ limit: 1e9 })).objects).toHaveLength(12);
  });

  it('counts what the caller may see', async () => {
    expect(await places({}, users[0])).toEqual([0, 3, 6, 9]);
    expect(await search({ limit: 1 }, users[0])).toMatchObject({ total: 4 });
    expect(await places({}, await client.user())).toEqual([0]);
  });

  it('filters by equal, substr, intersection and range, and by what is not so', async () => {
    expect(await filtered('is_system', 'equal', true)).toEqual([0]);
    expect(await filtered('category_id', 'equal', null)).toHaveLength(8);
    expect(await filtered('name', 'substr', 'rEPORT 0')).toHaveLength(10);
    expect(await filtered('name', 'substr', '%')).toEqual([1, 3, 5, 7, 9, 11]);
    expect(await filtered('name', 'substr', 'a_b\\')).toEqual([0, 2, 4, 6, 8, 10]);
    expect(await filtered('name', 'substr', '%', true)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(await filtered('id', 'intersection', [ids[3], ids[5]?.toUpperCase()])).toEqual([3, 5]);
    expect(await filtered('id', 'intersection', [])).toEqual([]);
    expect(await filtered('users', 'intersection', [users[0]])).toEqual([0, 3, 6, 9]);
    expect(await filtered('users', 'intersection', [users[0]], true)).toHaveLength(8);
    expect(await filtered('tasks', 'intersection', [users[0]])).toEqual([]);
    expect(await filtered('created_at', 'range', ['2026-03-02T10:03:00+00:00', '2026-03-02T10:05:59Z'])).toEqual([
      2, 3, 4,
    ]);
    expect(await filtered('created_at', 'range', { from: '2026-03-02T13:10:59+03:00' })).toEqual([10, 11]);
    expect(await filtered('name', 'range', { to: 'Report 01 ' })).toEqual([0]);
    expect(await filtered('category_id', 'equal', ids[0])).toEqual([]);
    expect(await filtered('category_id', 'equal', ids[0], true)).toHaveLength(12);
  });

  it('looks through all texts, or for whole ones', async () => {
    expect(await places({ virtual_search: { value: '01 1' } })).toEqual([1]);
    expect(await places({ virtual_search: { value: 'report 01 100%', strict: true } })).toEqual([]);
    expect(await places({ virtual_search: { value: 'Report 01 100%', strict: true } })).toEqual([1]);
    expect(await places({ virtual_search: {} })).toHaveLength(12);
  });

  it('orders by any fields', async () => {
    const body = { ordering: [{ field: 'is_system', direction: 'desc' }, { field: 'created_at' }], limit: 3 };
    expect(await places(body)).toEqual([0, 1, 2]);
  });

  it('answers the fields asked for', async () => {
    const of = async (body: object) => Object.keys((await search({ limit: 1, ...body })).objects[0]);
    expect(await of({ include_fields: ['name', 'id'] })).toEqual(['id', 'name', '_relations']);
    expect(await of({ include_fields: ['name'], relations: ['users'] })).toEqual(['name', 'users', '_relations']);
    expect(await of({ exclude_fields: ['settings', 'config', 'owner'] })).not.toEqual(
      expect.arrayContaining(['settings']),
    );
  });

  it('loads relations by name, and ids by _relations', async () => {
    const [first] = (await search({ ordering: [{ field: 'created_at' }], limit: 1, relations: ['users', 'category'] }))
      .objects;
    expect(first.users.map((user: { id: string }) => user.id).sort()).toEqual([...users].sort());
    expect(Object.keys(first.users[0]).sort()).toEqual(['email', 'first_name', 'id', 'last_name', 'username']);
    expect(first._relations.users.sort()).toEqual([...users].sort());
    const [idsOnly] = (await search({ ordering: [{ field: 'created_at' }], limit: 1, _relations: ['users', 'groups'] }))
      .objects;
    expect(idsOnly).toMatchObject({ users: null, groups: null, _relations: { groups: [] } });
    expect(idsOnly._relations.users).toHaveLength(2);
  });

  it.each([
    { filters: [{ field: 'nope', type: 'equal', value: 1 }] },
    { filters: [{ field: 'owner_id; drop table users', type: 'equal', value: 1 }] },
    { filters: [{ field: '__proto__', type: 'equal', value: 1 }] },
    { filters: [{ field: 'settings', type: 'equal', value: 1 }] },
    { filters: [{ field: 'created_at', type: 'substr', value: '2026' }] },
    { filters: [{ field: 'created_at', type: 'range', value: [] }] },
    { filters: [{ field: 'created_at', type: 'equal', value: '+275760-01-01T00:00:00Z' }] },
    { filters: [{ field: 'id', type: 'equal', value: 'x' }] },
    { filters: [{ field: 'id', type: 'intersection', value: 'x' }] },
    { filters: [{ field: 'users', type: 'substr', value: 'x' }] },
    { filters: [{ field: 'name', type: 'substr', value: 'x'.repeat(1001) }] },
    { filters: [{ field: 'id', type: 'like', value: 'x' }] },
    { filters: { id: 'x' } },
    { ordering: [{ field: 'settings' }] },
    { ordering: [{ field: 'name', direction: 'sideways' }] },
    { ordering: ['name'] },
    { relations: ['constructor'] },
    { _relations: ['passwords'] },
    { include_fields: ['password'] },
    { limit: -1 },
    { limit: 1.5 },
    { offset: 1e300 },
    { virtual_search: 'x' },
  ])('refuses %j in the family’s shape', async (body) => {
    const answer = await client.call('POST', '/reports/search', body);
    expect(answer).toMatchObject({ status: 400, body: { error_code: 400 } });
    expect(Object.keys(answer.body)).toEqual(['error', 'error_code']);
  });
});

describe('_meta', () => {
  it('publishes what a search takes', async () => {
    const meta = (await client.call('GET', '/reports/_meta')).body;
    expect(meta.relations).toEqual(['category', 'dashboard', 'owner', 'users', 'groups', 'task', 'tasks']);
    expect(meta.actions).toEqual(['mass_update']);
    expect(meta.instance_actions).toContainEqual({ action: 'generate', params: {} });
    expect(meta.fields).toContainEqual({
      name: 'name',
      type: 'string',
      filters: ['equal', 'substr', 'intersection', 'range'],
    });
    const orderable = meta.fields.filter((field: { filters: string[] }) => field.filters.length > 0);
    for (const { name } of orderable) await search({ ordering: [{ field: name }], limit: 1 });
  });
});
