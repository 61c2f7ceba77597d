import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditLog } from '../../../src/store/schema/access.ts';
import { runs } from '../../../src/store/schema/runs.ts';
import { createGroup } from '../../harness/context.ts';
import { createDocument } from '../../operations/archive/document-fixtures.ts';
import { INSTANCE } from '../../operations/report-tasks/task-fixtures.ts';
import { type Client, cruddyClient, NOW } from './client.ts';

/**
 * Every endpoint that concerns an object, tried by everybody who may stand to it in some way. The table below is held
 * against the OpenAPI document: an endpoint that is missing here fails the last test.
 */
const ACTORS = ['owner', 'listed', 'member', 'stranger', 'admin'] as const;
type Name = (typeof ACTORS)[number];

/** A set of objects of one owner, shared with a listed user and a group. */
interface World {
  readonly as: Readonly<Record<Name, string>>;
  readonly dashboard: string;
  readonly spareDashboard: string;
  readonly widget: string;
  readonly category: string;
  readonly emptyCategory: string;
  readonly report: string;
  readonly task: string;
  readonly pausedTask: string;
  readonly source: string;
  readonly document: string;
  readonly queuedRun: string;
  readonly canceledRun: string;
  readonly user: string;
  readonly group: string;
  readonly key: string;
}

const OWNER: readonly Name[] = ['owner', 'admin'];
const SHARED: readonly Name[] = ['owner', 'listed', 'member', 'admin'];
const ADMIN: readonly Name[] = ['admin'];
const ANYBODY: readonly Name[] = ACTORS;

interface Row {
  readonly route: string;
  readonly allowed: readonly Name[];
  readonly path?: (world: World) => string;
  readonly body?: (world: World) => unknown;
  /** The audit's word for it; null = it changes nothing. */
  readonly audit: string | null;
}

const URL = 'postgres://reader:pw@127.0.0.1:1/facts';

const ROWS: readonly Row[] = [
  { route: 'post /users/create', allowed: ADMIN, body: () => person(), audit: 'user.create' },
  { route: 'put /users/update', allowed: ADMIN, body: (w) => ({ id: w.user, last_name: 'x' }), audit: 'user.update' },
  {
    route: 'post /users/mass_update',
    allowed: ADMIN,
    body: (w) => mass(w.user, { first_name: 'y' }),
    audit: 'user.update',
  },
  { route: 'delete /users/{id}', path: (w) => `/users/${w.user}`, allowed: ADMIN, audit: 'user.delete' },
  { route: 'get /users/{id}', path: (w) => `/users/${w.user}`, allowed: ANYBODY, audit: null },
  { route: 'post /groups/create', allowed: ADMIN, body: () => ({ name: 'g' }), audit: 'group.create' },
  { route: 'put /groups/update', allowed: ADMIN, body: (w) => ({ id: w.group, name: 'h' }), audit: 'group.update' },
  {
    route: 'post /groups/mass_update',
    allowed: ADMIN,
    body: (w) => mass(w.group, { name: 'i' }),
    audit: 'group.update',
  },
  { route: 'delete /groups/{id}', path: (w) => `/groups/${w.group}`, allowed: ADMIN, audit: 'group.delete' },
  { route: 'get /groups/{id}', path: (w) => `/groups/${w.group}`, allowed: ANYBODY, audit: null },
  {
    route: 'post /api_keys/create',
    allowed: OWNER,
    body: (w) => ({ name: 'k', user_id: w.as.owner }),
    audit: 'api_key.create',
  },
  { route: 'delete /api_keys/{id}', path: (w) => `/api_keys/${w.key}`, allowed: OWNER, audit: 'api_key.revoke' },
  { route: 'get /api_keys/{id}', path: (w) => `/api_keys/${w.key}`, allowed: OWNER, audit: null },

  { route: 'post /dashboards/create', allowed: ANYBODY, body: () => ({ name: 'D' }), audit: 'dashboard.create' },
  {
    route: 'put /dashboards/update',
    allowed: OWNER,
    body: (w) => ({ id: w.dashboard, name: 'E' }),
    audit: 'dashboard.update',
  },
  {
    route: 'post /dashboards/mass_update',
    allowed: OWNER,
    body: (w) => mass(w.dashboard, { name: 'F' }),
    audit: 'dashboard.update',
  },
  {
    route: 'post /dashboards/{id}/copy',
    path: (w) => `/dashboards/${w.dashboard}/copy`,
    allowed: SHARED,
    audit: 'dashboard.copy',
  },
  {
    route: 'delete /dashboards/{id}',
    path: (w) => `/dashboards/${w.spareDashboard}`,
    allowed: OWNER,
    audit: 'dashboard.delete',
  },
  { route: 'get /dashboards/{id}', path: (w) => `/dashboards/${w.dashboard}`, allowed: SHARED, audit: null },
  {
    route: 'post /widgets/create',
    allowed: OWNER,
    body: (w) => ({ name: 'W', dashboard_id: w.dashboard }),
    audit: 'widget.create',
  },
  { route: 'put /widgets/update', allowed: OWNER, body: (w) => ({ id: w.widget, name: 'X' }), audit: 'widget.update' },
  {
    route: 'post /widgets/mass_update',
    allowed: OWNER,
    body: (w) => mass(w.widget, { name: 'Y' }),
    audit: 'widget.update',
  },
  { route: 'delete /widgets/{id}', path: (w) => `/widgets/${w.widget}`, allowed: OWNER, audit: 'widget.delete' },
  { route: 'get /widgets/{id}', path: (w) => `/widgets/${w.widget}`, allowed: SHARED, audit: null },
  {
    route: 'post /report_category/create',
    allowed: ANYBODY,
    body: () => ({ name: 'C' }),
    audit: 'report_category.create',
  },
  {
    route: 'put /report_category/update',
    allowed: OWNER,
    body: (w) => ({ id: w.category, name: 'B' }),
    audit: 'report_category.update',
  },
  {
    route: 'post /report_category/mass_update',
    allowed: OWNER,
    body: (w) => mass(w.category, { name: 'A' }),
    audit: 'report_category.update',
  },
  {
    route: 'delete /report_category/{id}',
    path: (w) => `/report_category/${w.emptyCategory}`,
    allowed: OWNER,
    audit: 'report_category.delete',
  },
  { route: 'get /report_category/{id}', path: (w) => `/report_category/${w.category}`, allowed: ANYBODY, audit: null },

  {
    route: 'post /reports/create',
    allowed: SHARED,
    body: (w) => ({ name: 'R', dashboard_id: w.dashboard }),
    audit: 'report.create',
  },
  { route: 'put /reports/update', allowed: OWNER, body: (w) => ({ id: w.report, name: 'S' }), audit: 'report.update' },
  {
    route: 'post /reports/mass_update',
    allowed: OWNER,
    body: (w) => mass(w.report, { name: 'T' }),
    audit: 'report.update',
  },
  { route: 'delete /reports/{id}', path: (w) => `/reports/${w.report}`, allowed: OWNER, audit: 'report.delete' },
  { route: 'get /reports/{id}', path: (w) => `/reports/${w.report}`, allowed: SHARED, audit: null },
  {
    route: 'post /reports/{id}/generate',
    path: (w) => `/reports/${w.report}/generate`,
    allowed: SHARED,
    body: () => ({}),
    audit: 'run.create',
  },
  { route: 'get /reports/archive/{id}', path: (w) => `/reports/archive/${w.document}`, allowed: SHARED, audit: null },
  {
    route: 'get /reports/archive/{id}/file',
    path: (w) => `/reports/archive/${w.document}/file`,
    allowed: SHARED,
    audit: null,
  },
  {
    route: 'delete /reports/archive/{id}',
    path: (w) => `/reports/archive/${w.document}`,
    allowed: OWNER,
    audit: 'document.delete',
  },

  {
    route: 'post /report_tasks/create',
    allowed: OWNER,
    body: (w) => ({ interval: '@daily', instance: INSTANCE, report_id: w.report }),
    audit: 'report_task.create',
  },
  {
    route: 'put /report_tasks/update',
    allowed: OWNER,
    body: (w) => ({ id: w.task, subject: 'x' }),
    audit: 'report_task.update',
  },
  {
    route: 'post /report_tasks/mass_update',
    allowed: OWNER,
    body: (w) => mass(w.task, { subject: 'y' }),
    audit: 'report_task.update',
  },
  {
    route: 'delete /report_tasks/{id}',
    path: (w) => `/report_tasks/${w.task}`,
    allowed: OWNER,
    audit: 'report_task.delete',
  },
  { route: 'get /report_tasks/{id}', path: (w) => `/report_tasks/${w.task}`, allowed: SHARED, audit: null },
  {
    route: 'get /report_tasks/{id}/next_runs',
    path: (w) => `/report_tasks/${w.task}/next_runs`,
    allowed: SHARED,
    audit: null,
  },
  {
    route: 'post /report_tasks/{id}/run',
    path: (w) => `/report_tasks/${w.task}/run`,
    allowed: OWNER,
    audit: 'run.create',
  },
  {
    route: 'post /report_tasks/{id}/test-send',
    path: (w) => `/report_tasks/${w.task}/test-send`,
    allowed: SHARED,
    audit: 'run.create',
  },
  {
    route: 'post /report_tasks/{id}/pause',
    path: (w) => `/report_tasks/${w.task}/pause`,
    allowed: OWNER,
    audit: 'report_task.pause',
  },
  {
    route: 'post /report_tasks/{id}/resume',
    path: (w) => `/report_tasks/${w.pausedTask}/resume`,
    allowed: OWNER,
    audit: 'report_task.resume',
  },

  { route: 'get /runs/{id}', path: (w) => `/runs/${w.queuedRun}`, allowed: SHARED, audit: null },
  { route: 'get /runs/{id}/log', path: (w) => `/runs/${w.queuedRun}/log`, allowed: SHARED, audit: null },
  { route: 'post /runs/{id}/cancel', path: (w) => `/runs/${w.queuedRun}/cancel`, allowed: OWNER, audit: 'run.cancel' },
  { route: 'post /runs/{id}/retry', path: (w) => `/runs/${w.canceledRun}/retry`, allowed: OWNER, audit: 'run.retry' },

  {
    route: 'post /sources/create',
    allowed: OWNER,
    body: () => ({ name: someName(), url: URL }),
    audit: 'source.create',
  },
  {
    route: 'put /sources/update',
    allowed: OWNER,
    body: (w) => ({ id: w.source, description: 'x' }),
    audit: 'source.update',
  },
  {
    route: 'post /sources/mass_update',
    allowed: OWNER,
    body: (w) => mass(w.source, { description: 'y' }),
    audit: 'source.update',
  },
  { route: 'post /sources/test', allowed: OWNER, body: () => ({ url: URL }), audit: null },
  { route: 'post /sources/{id}/test', path: (w) => `/sources/${w.source}/test`, allowed: SHARED, audit: null },
  { route: 'delete /sources/{id}', path: (w) => `/sources/${w.source}`, allowed: OWNER, audit: 'source.delete' },
  { route: 'get /sources/{id}', path: (w) => `/sources/${w.source}`, allowed: SHARED, audit: null },
];

/** Tried where a run can be worked: deliveries.test.ts. */
const ELSEWHERE = ['post /deliveries/{id}/retry'];

let number = 0;
const someName = (): string => `name ${++number}`;
const person = () => ({ username: someName(), email: 'person@example.test' });
const mass = (id: string, fields: object) => ({ ids: [id], fields });

let client: Client;
/** Of the rows that take nothing away from it. */
let lasting: World;
beforeAll(async () => {
  client = await cruddyClient({ GENERATE_WAIT_MS: '0' });
  lasting = await createWorld();
});
afterAll(() => client.close());

async function createWorld(): Promise<World> {
  const { db } = client.database;
  const shareGroup = await createGroup(db);
  const as = {
    owner: await client.user(['sources']),
    listed: await client.user(),
    member: await client.user([], [shareGroup]),
    stranger: await client.user(),
    admin: client.admin.userId,
  };
  const make = async (path: string, body: object, user = as.owner): Promise<string> => {
    const made = await client.call('POST', `${path}/create`, body, { user });
    expect(made.status).toBe(201);
    return made.body.id as string;
  };
  const shared = { user_ids: [as.listed], group_ids: [shareGroup] };
  const dashboard = await make('/dashboards', { name: 'Board', ...shared });
  const category = await make('/report_category', { name: 'Category' });
  const sharing = { users: [as.listed], groups: [shareGroup] };
  const report = await make('/reports', {
    name: 'Report',
    dashboard_id: dashboard,
    category_id: category,
    _relations: sharing,
  });
  const task = { interval: '0 9 * * *', instance: INSTANCE, report_id: report, overlap_policy: 'parallel' };
  const start = async (): Promise<string> =>
    (await client.call('POST', `/reports/${report}/generate`, {}, { user: as.owner })).body.run_id;
  const [queuedRun, canceledRun] = [await start(), await start()];
  await client.call('POST', `/runs/${canceledRun}/cancel`, undefined, { user: as.owner });
  // Asked for by nobody, so that only the report says who may do what.
  await db.update(runs).set({ requestedBy: null }).where(eq(runs.reportId, report));
  return {
    as,
    dashboard,
    category,
    report,
    queuedRun,
    canceledRun,
    spareDashboard: await make('/dashboards', { name: 'Spare' }),
    widget: await make('/widgets', { name: 'Widget', dashboard_id: dashboard }),
    emptyCategory: await make('/report_category', { name: 'Empty' }),
    task: await make('/report_tasks', task),
    pausedTask: await make('/report_tasks', { ...task, enabled: false, additional: true }),
    source: await make('/sources', { name: someName(), url: URL, ...shared }),
    document: (await createDocument(db, { reportId: report, at: NOW })).id,
    user: await make('/users', person(), as.admin),
    group: await make('/groups', { name: 'Group' }, as.admin),
    key: await make('/api_keys', { name: 'key', user_id: as.owner }),
  };
}

async function ask({ route, path, body }: Row, world: World, actor: Name): Promise<number> {
  const [method = '', template = ''] = route.split(' ');
  const { as } = world;
  const headers = { PgrApiKey: client.admin.key, 'Pgr-User-ID': as[actor] };
  const init: RequestInit = { method: method.toUpperCase(), headers };
  if (body) init.body = JSON.stringify(body(world));
  return (await client.app.request(path?.(world) ?? template, init)).status;
}

const actions = async (): Promise<string[]> =>
  (await client.database.db.select({ action: auditLog.action }).from(auditLog).orderBy(auditLog.id)).map(
    (row) => row.action,
  );

/** What can be done once only, and what replaces the task. */
const isOnce = ({ route }: Row): boolean => /^delete|report_tasks\/create|\/(cancel|retry|pause|resume)$/.test(route);

it.each(ROWS)('$route is for $allowed, and leaves an audit row if it changes anything', async (row) => {
  let world = isOnce(row) ? await createWorld() : lasting;
  for (const actor of ACTORS) {
    client.clock.advance(1000);
    const before = (await actions()).length;
    const status = await ask(row, world, actor);
    const written = (await actions()).slice(before);
    const isAllowed = row.allowed.includes(actor);
    expect([actor, status]).toEqual([actor, isAllowed ? expect.toBeOneOf([200, 201, 202]) : 403]);
    if (isAllowed && row.audit !== null) expect(written).toContain(row.audit);
    else expect(written).toEqual([]);
    if (isAllowed && isOnce(row)) world = await createWorld();
  }
});

it('the table leaves no endpoint out', () => {
  const document = client.app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
  const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  const ofObjects = routes.filter((route) => !/\/(search|_meta)$/.test(route));
  expect([...ROWS.map((row) => row.route), ...ELSEWHERE].sort()).toEqual(ofObjects.sort());
});
