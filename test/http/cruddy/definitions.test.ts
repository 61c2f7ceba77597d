import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGroup } from '../../harness/context.ts';
import { type Client, cruddyClient, someId } from './client.ts';

let client: Client;
beforeAll(async () => {
  client = await cruddyClient();
});
afterAll(() => client.close());

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
const create = async (noun: string, body: object, user?: string): Promise<any> => {
  const made = await client.call('POST', `/${noun}/create`, body, user ? { user } : {});
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  return made.body;
};
const status = async (method: string, path: string, user?: string, body?: unknown): Promise<number> =>
  (await client.call(method, path, body, user ? { user } : {})).status;

const DOT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('rights', () => {
  it('of the owner, listed users, group members, admins and strangers', async () => {
    const group = await createGroup(client.database.db);
    const [owner, listed, stranger] = [await client.user(), await client.user(), await client.user()];
    const member = await client.user([], [group]);
    const board = await create('dashboards', { name: 'B', _relations: { users: [listed], groups: [group] } }, owner);
    expect(board).toMatchObject({
      owner: null,
      users: null,
      user_ids: null,
      groups: null,
      group_ids: null,
      widgets: null,
    });
    const path = `/dashboards/${board.id}`;
    for (const [user, seen] of [
      [owner, 200],
      [listed, 200],
      [member, 200],
      [client.admin.userId, 200],
      [stranger, 403],
    ] as const) {
      expect(await status('GET', path, user)).toBe(seen);
      const found = await client.call(
        'POST',
        '/dashboards/search',
        { filters: [{ field: 'id', type: 'equal', value: board.id }] },
        { user },
      );
      expect(found.body.total).toBe(seen === 200 ? 1 : 0);
    }
    for (const user of [listed, member, stranger]) {
      expect(await status('PUT', '/dashboards/update', user, { id: board.id, name: 'mine now' })).toBe(403);
      expect(await status('DELETE', path, user)).toBe(403);
      expect(await status('POST', '/widgets/create', user, { name: 'w', dashboard_id: board.id })).toBe(403);
    }
    expect(await status('PUT', '/dashboards/update', owner, { id: board.id, _relations: { users: [] } })).toBe(200);
    expect(await status('GET', path, listed)).toBe(403);
    expect(await status('GET', path, member)).toBe(200);
    expect(await status('GET', `/dashboards/${someId()}`, stranger)).toBe(404);
    expect(await status('DELETE', path, owner)).toBe(200);
    expect(await status('DELETE', path, owner)).toBe(404);
  });

  it('on a report do not reach a dashboard that its maker does not see', async () => {
    const [owner, other] = [await client.user(), await client.user()];
    const board = await create('dashboards', { name: 'private' }, owner);
    expect(await status('POST', '/reports/create', other, { name: 'R', dashboard_id: board.id })).toBe(403);
    const report = await create(
      'reports',
      { name: 'R', dashboard_id: board.id, _relations: { users: [other] } },
      owner,
    );
    const seen = await client.call('GET', `/reports/${report.id}`, undefined, { user: other });
    expect(seen.body.dashboard.id).toBe(board.id);
    const mine = await create('reports', { name: 'M' }, other);
    expect(await status('PUT', '/reports/update', other, { id: mine.id, dashboard_id: board.id })).toBe(403);
  });

  it('on system reports are the admins’, and everybody sees them', async () => {
    const user = await client.user();
    expect(await status('POST', '/reports/create', user, { name: 'S', is_system: true })).toBe(403);
    const report = await create('reports', { name: 'S', is_system: true });
    expect(await status('GET', `/reports/${report.id}`, user)).toBe(200);
    expect(await status('PUT', '/reports/update', user, { id: report.id, name: 'T' })).toBe(403);
    expect(await status('DELETE', `/reports/${report.id}`, user)).toBe(403);
  });

  it('on SQL series are the right sql’s; SQL that is there may stay', async () => {
    const [plain, sql] = [await client.user(), await client.user(['sql'])];
    const group = await createGroup(client.database.db);
    const board = await create('dashboards', { name: 'B' }, plain);
    const series = [{ name: 's', mode: 'sql', source: 'main', sql: 'select 1' }];
    const refused = [{ config: { series } }, { settings: { series } }, { config: {}, settings: { series } }];
    for (const content of refused) {
      expect(await status('POST', '/widgets/create', plain, { name: 'w', dashboard_id: board.id, ...content })).toBe(
        403,
      );
    }
    const own = await create('dashboards', { name: 'B', _relations: { groups: [group] } }, sql);
    const widget = await create('widgets', { name: 'w', dashboard_id: own.id, config: { series } }, sql);
    await client.call('PUT', '/users/update', { id: sql, roles: [] });
    const update = (config: object) => status('PUT', '/widgets/update', sql, { id: widget.id, config });
    expect(await update({ series, settings: { base: { name: 'New heading' } } })).toBe(200);
    expect(await update({ series: [{ ...series[0], sql: 'select 2' }] })).toBe(403);
    expect(await update({ series: [{ ...series[0], source: 'other' }] })).toBe(403);
    expect(await update({ series: [{ mode: 'query', query: { dataset: 'd' } }] })).toBe(200);
  });

  it('on users and groups are the admins’', async () => {
    const user = await client.user();
    expect(await status('POST', '/users/create', user, { username: 'x', email: 'x@example.test' })).toBe(403);
    expect(await status('PUT', '/users/update', user, { id: user, roles: ['admin'] })).toBe(403);
    expect(await status('DELETE', `/users/${user}`, user)).toBe(403);
    expect(await status('POST', '/groups/create', user, { name: 'g' })).toBe(403);
    expect(await status('GET', `/users/${client.admin.userId}`, user)).toBe(200);
  });
});

describe('users and groups', () => {
  it('are created, linked and deleted; names are unique, an admin stays', async () => {
    const user = await create('users', { username: 'ann', email: 'ann@example.test', roles: ['sql'] });
    expect(user).toMatchObject({ username: 'ann', first_name: '', roles: ['sql'], disabled: false, groups: [] });
    expect(await status('POST', '/users/create', undefined, { username: 'ann', email: 'b@example.test' })).toBe(409);
    const other = await create('users', { username: 'bob', email: 'bob@example.test' });
    expect(await status('PUT', '/users/update', undefined, { id: other.id, username: 'ann' })).toBe(409);
    expect(await status('PUT', '/users/update', undefined, { id: other.id, username: 'bob' })).toBe(200);

    const group = await create('groups', { name: 'g', accept_risk: true, user_ids: [user.id, user.id] });
    expect(group).toMatchObject({ accept_risk: true, user_ids: [user.id], users: [{ id: user.id, username: 'ann' }] });
    expect((await client.call('GET', `/users/${user.id}`)).body.group_ids).toEqual([group.id]);
    const bad = await client.call('PUT', '/groups/update', { id: group.id, _relations: { users: [someId()] } });
    expect(bad).toMatchObject({ status: 400 });
    expect(await status('DELETE', `/groups/${group.id}`)).toBe(200);

    expect(await status('DELETE', `/users/${client.admin.userId}`)).toBe(409);
    expect(await status('PUT', '/users/update', undefined, { id: client.admin.userId, disabled: true })).toBe(409);
    expect(await status('PUT', '/users/update', undefined, { id: client.admin.userId, roles: ['sql'] })).toBe(409);
    expect(await status('DELETE', `/users/${user.id}`)).toBe(200);
  });

  it('that are deleted leave what they owned to the admins', async () => {
    const user = await client.user();
    const board = await create('dashboards', { name: 'orphan' }, user);
    expect(await status('DELETE', `/users/${user}`)).toBe(200);
    expect((await client.call('GET', `/dashboards/${board.id}`)).body).toMatchObject({ name: 'orphan', owner: null });
  });
});

describe('what is stored', () => {
  it('keeps unknown keys and words, and a model that was got can be put back', async () => {
    const board = await create('dashboards', {
      name: 'B',
      config: { grid: [{ i: 'x', odd: [1, null, { й: '🙂' }] }], future: true },
    });
    const config = {
      type: 'newest',
      settings: { kind: 'hologram', settings: { type: 'spiral' } },
      series: [],
      extra: 1.5,
    };
    const widget = await create('widgets', { name: 'w', dashboard_id: board.id, config });
    const report = await create('reports', {
      name: 'R',
      settings: { style: { font: 'Any', weird: {} } },
      dashboard_id: board.id,
    });
    expect((await client.call('GET', `/widgets/${widget.id}`)).body.config).toEqual(config);
    for (const [noun, id] of [
      ['dashboards', board.id],
      ['widgets', widget.id],
      ['reports', report.id],
    ]) {
      for (const query of ['', '?relations=']) {
        const got = (await client.call('GET', `/${noun}/${id}${query}`)).body;
        const put = await client.call('PUT', `/${noun}/update`, got);
        expect(put.status).toBe(200);
        const whole = (await client.call('GET', `/${noun}/${id}${query}`)).body;
        expect({ ...whole, updated_at: got.updated_at }).toEqual(got);
      }
    }
  });

  it('changes by what is present: absent stays, null takes away', async () => {
    const category = await create('report_category', { name: 'C' });
    const report = await create('reports', { name: 'R', settings: { a: 1 }, category_id: category.id });
    const renamed = await client.call('PUT', '/reports/update', { id: report.id, name: 'S' });
    expect(renamed.body).toMatchObject({ name: 'S', settings: { a: 1 }, category: { id: category.id } });
    const taken = await client.call('PUT', '/reports/update', { id: report.id, category_id: null });
    expect(taken.body).toMatchObject({ category: null, category_id: null, name: 'S' });
  });

  it.each([
    ['not base64 of an image', `data:image/png;base64,${Buffer.from('hello').toString('base64')}`],
    ['an address', 'http://example.test/logo.png'],
    ['a word', 'logo'],
    ['a number', 5],
    ['cut short', DOT.slice(0, -24)],
  ])('has no image that is none: %s', async (_name, image) => {
    for (const band of ['header', 'footer']) {
      const answer = await client.call('POST', '/reports/create', { name: 'R', settings: { [band]: { image } } });
      expect(answer.status).toBe(400);
      expect(answer.body.error).toContain(`settings.${band}.image`);
    }
    const board = await create('dashboards', { name: 'B' });
    const widget = { name: 'w', dashboard_id: board.id };
    const config = { settings: { kind: 'image', settings: { image } } };
    expect(await status('POST', '/widgets/create', undefined, { ...widget, config })).toBe(400);
    expect(await status('POST', '/widgets/create', undefined, { ...widget, settings: config })).toBe(400);
  });

  it('may have images, and the placeholders of the published examples', async () => {
    for (const image of [DOT, '...', 'string', '', null, 'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAA...']) {
      await create('reports', { name: 'R', settings: { header: { image } } });
    }
  });
});

describe('relations of a get', () => {
  it('are all when absent, none when empty, else those named', async () => {
    const board = await create('dashboards', { name: 'B' });
    const report = await create('reports', { name: 'R', dashboard_id: board.id });
    const get = async (query: string) => (await client.call('GET', `/reports/${report.id}${query}`)).body;
    expect(await get('')).toMatchObject({
      dashboard: { id: board.id },
      owner: { username: 'admin' },
      users: [],
      tasks: [],
    });
    expect(await get('?relations=')).toMatchObject({
      dashboard: null,
      owner: null,
      users: null,
      tasks: null,
      task: null,
    });
    for (const query of ['?relations=owner,users', '?relations=owner&relations=users', '?relations= owner , users ']) {
      expect(await get(query)).toMatchObject({ dashboard: null, owner: { username: 'admin' }, users: [], tasks: null });
    }
    expect(await status('GET', `/reports/${report.id}?relations=constructor`)).toBe(400);
    expect(await client.call('GET', '/reports/abc')).toMatchObject({
      status: 400,
      body: { error: 'id should be uuid format' },
    });
  });
});

describe('copies of a dashboard', () => {
  it('are numbered, whole, and their maker’s', async () => {
    const [owner, reader, stranger] = [await client.user(), await client.user(), await client.user()];
    const board = await create('dashboards', { name: 'Пульт', _relations: { users: [reader] } }, owner);
    const widget = await create('widgets', { name: 'w', dashboard_id: board.id, config: { a: 1 } }, owner);
    const config = { grid: [{ i: widget.id, x: 0, y: 0, w: 6, h: 4 }, {}], period: ['now-1', 'now'] };
    await client.call('PUT', '/dashboards/update', { id: board.id, config }, { user: owner });
    const copies = await Promise.all(
      [1, 2, 3].map(() => client.call('POST', `/dashboards/${board.id}/copy`, undefined, { user: reader })),
    );
    expect(copies.map((copy) => copy.status)).toEqual([201, 201, 201]);
    expect(copies.map((copy) => copy.body.name).sort()).toEqual(['Пульт-Копия 1', 'Пульт-Копия 2', 'Пульт-Копия 3']);
    const copy = copies[0]?.body;
    expect(copy).toMatchObject({
      owner: { id: reader },
      user_ids: [reader],
      widgets: [{ name: 'w', config: { a: 1 } }],
    });
    expect(copy.widgets[0].id).not.toBe(widget.id);
    expect(copy.config).toEqual({ ...config, grid: [{ ...config.grid[0], i: copy.widgets[0].id }, {}] });
    expect(await status('POST', `/dashboards/${board.id}/copy`, stranger)).toBe(403);
    expect(await status('POST', `/dashboards/${someId()}/copy`)).toBe(404);
  });

  it('end at fifty with the documented text', async () => {
    const board = await create('dashboards', { name: 'Fifty' });
    for (let n = 0; n < 50; n += 1) expect(await status('POST', `/dashboards/${board.id}/copy`)).toBe(201);
    const answer = await client.call('POST', `/dashboards/${board.id}/copy`);
    expect(answer).toMatchObject({ status: 409, body: { error_code: 409 } });
    expect(answer.body.error).toMatch(/^can’t select name for dashboard copy:/);
  });
});

describe('categories', () => {
  it('are a tree: nothing gets inside itself, not even by two moves at once', async () => {
    const a = await create('report_category', { name: 'a' });
    const b = await create('report_category', { name: 'b', parent_id: a.id });
    const c = await create('report_category', { name: 'c', parent_id: b.id });
    for (const parent_id of [a.id, b.id, c.id]) {
      const answer = await client.call('PUT', '/report_category/update', { id: a.id, parent_id });
      expect(answer).toMatchObject({ status: 400, body: { error_code: 400 } });
    }
    expect(await status('PUT', '/report_category/update', undefined, { id: a.id, parent_id: someId() })).toBe(400);
    const [x, y] = [await create('report_category', { name: 'x' }), await create('report_category', { name: 'y' })];
    const moves = await Promise.all([
      status('PUT', '/report_category/update', undefined, { id: x.id, parent_id: y.id }),
      status('PUT', '/report_category/update', undefined, { id: y.id, parent_id: x.id }),
    ]);
    expect(moves.sort()).toEqual([200, 400]);
  });

  it('hold reports by _relations, of those that the actor may edit', async () => {
    const [owner, other] = [await client.user(), await client.user()];
    const [r1, r2] = [await create('reports', { name: 'r1' }, owner), await create('reports', { name: 'r2' }, owner)];
    const category = await create('report_category', { name: 'c', _relations: { reports: [r1.id, r2.id] } }, owner);
    expect(category.reports).toBeNull();
    const held = async (user: string) =>
      (await client.call('GET', `/report_category/${category.id}`, undefined, { user })).body.reports
        .map((report: { id: string }) => report.id)
        .sort();
    expect(await held(owner)).toEqual([r1.id, r2.id].sort());
    expect(await held(other)).toEqual([]);
    const update = (reports: string[], user: string) =>
      status('PUT', '/report_category/update', user, { id: category.id, _relations: { reports } });
    expect(await update([r1.id], other)).toBe(403);
    expect(await update([r1.id], owner)).toBe(200);
    expect(await held(owner)).toEqual([r1.id]);
    const theirs = await create('report_category', { name: 'theirs' }, other);
    const steal = { id: theirs.id, _relations: { reports: [r2.id] } };
    expect(await status('PUT', '/report_category/update', other, steal)).toBe(403);
    expect(await update([], owner)).toBe(200);
    expect(await held(owner)).toEqual([]);
  });

  it('and dashboards are not deleted from under others: 422 names them', async () => {
    const [owner, other] = [await client.user(), await client.user()];
    const category = await create('report_category', { name: 'c' }, owner);
    const child = await create('report_category', { name: 'child', parent_id: category.id }, owner);
    const board = await create('dashboards', { name: 'b' }, owner);
    const body = { name: 'r', category_id: category.id, dashboard_id: board.id };
    const report = await create('reports', body, owner);
    const hidden = await create('reports', { name: 'secret', category_id: category.id }, other);
    const answer = await client.call('DELETE', `/report_category/${category.id}`, undefined, { user: owner });
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body).sort()).toEqual(['error', 'error_code', 'relations']);
    expect(answer.body.error_code).toBe(11011);
    expect(answer.body.relations.children).toEqual([{ id: child.id, name: 'child' }]);
    expect(answer.body.relations.reports).toHaveLength(2);
    expect(answer.body.relations.reports).toEqual(
      expect.arrayContaining([{ id: report.id, name: 'r' }, { id: hidden.id }]),
    );
    const dashboard = await client.call('DELETE', `/dashboards/${board.id}`, undefined, { user: owner });
    expect(dashboard).toMatchObject({
      status: 422,
      body: { error_code: 11011, relations: { reports: [{ id: report.id }] } },
    });
    expect(await status('DELETE', `/reports/${report.id}`, owner)).toBe(200);
    expect(await status('DELETE', `/dashboards/${board.id}`, owner)).toBe(200);
    expect(await status('DELETE', `/report_category/${child.id}`, owner)).toBe(200);
  });
});

describe('mass updates', () => {
  it('change all or none', async () => {
    const boards = [await create('dashboards', { name: '1' }), await create('dashboards', { name: '2' })];
    const ids = boards.map((board) => board.id);
    const answer = await client.call('POST', '/dashboards/mass_update', { ids, fields: { name: 'same' } });
    expect(answer).toMatchObject({ status: 200, body: undefined });
    const failing = await client.call('POST', '/dashboards/mass_update', {
      ids: [...ids, someId()],
      fields: { name: 'x' },
    });
    expect(failing).toMatchObject({ status: 404, body: { error: 'dashboard not found', error_code: 404 } });
    for (const id of ids) expect((await client.call('GET', `/dashboards/${id}`)).body.name).toBe('same');
    expect(await status('POST', '/dashboards/mass_update', undefined, { ids: [], fields: {} })).toBe(400);
  });
});
