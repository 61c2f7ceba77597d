import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../../src/store/schema/access.ts';
import { type Caller, clusterRow, type OcpClient, ocpClient, snapshotRow } from './client.ts';

let client: OcpClient;
let cluster: string;
let reports: string;
let order: Record<string, unknown>;
let reportId: number;
let callers: Record<'nobody' | 'stranger' | 'reader' | 'writer' | 'admin', Caller | null>;

beforeAll(async () => {
  client = await ocpClient();
  const id = await clusterRow(client);
  cluster = `/api/v2/ob/clusters/${id}`;
  reports = `${cluster}/performance/workload/reports`;
  const now = Date.now();
  const start = await snapshotRow(client, id, new Date(now - 7_200_000));
  order = {
    startSnapshotId: start,
    endSnapshotId: await snapshotRow(client, id, new Date(now - 3_600_000)),
    name: 'r',
  };
  const [stranger, reader, writer] = [await client.user(), await client.user(), await client.user()];
  callers = { nobody: null, stranger, reader, writer, admin: client.admin };
  for (const [{ userId }, access] of [
    [reader, 'read'],
    [writer, 'read_write'],
  ] as const) {
    expect((await client.call('PUT', `${cluster}/grants/${userId}`, { body: { access } })).status).toBe(200);
  }
  reportId = (await client.call('POST', reports, { body: order })).body.data.id;
});
afterAll(() => client.close());

/** Statuses for nobody, a user without a grant, one who may read, one who may write, an admin. */
type Row = readonly [method: string, path: () => string, body: (() => unknown) | null, statuses: string];
const READ = '401 403 200 200 200';
const WRITE = '401 403 403 200 200';
const ADMIN = '401 403 403 403 200';
const MATRIX: readonly Row[] = [
  ['GET', () => cluster, null, READ],
  ['GET', () => `${cluster}/tenants`, null, READ],
  ['GET', () => `${cluster}/performance/workload/snapshots`, null, READ],
  ['POST', () => `${cluster}/performance/workload/snapshots`, null, WRITE],
  ['POST', () => reports, () => order, WRITE],
  ['GET', () => reports, null, WRITE],
  ['POST', () => `${reports}/${reportId}/keep`, null, WRITE],
  ['GET', () => `${reports}/${reportId}`, null, '401 403 403 409 409'],
  ['PATCH', () => cluster, () => ({ samplingEnabled: false }), ADMIN],
  ['GET', () => `${cluster}/grants`, null, ADMIN],
  [
    'POST',
    () => '/api/v2/ob/clusters',
    () => ({ name: `new ${Math.random()}`, kind: 'POSTGRESQL', url: 'postgres://u:p@h/d' }),
    ADMIN,
  ],
];

describe('the rights of a cluster', () => {
  it.each(MATRIX)('%s %s', async (method, path, body, statuses) => {
    const found: number[] = [];
    for (const as of Object.values(callers)) {
      const answer = await client.call(method, path(), { as, ...(body ? { body: body() } : {}) });
      expect(answer.body.successful).toBe(answer.status === 200);
      if (answer.status === 403) expect(answer.body.error.code).toBe(30_014);
      found.push(answer.status);
    }
    expect(found.join(' ')).toBe(statuses);
  });

  it('leave out of the list what is not granted, and take effect at once', async () => {
    const listed = async (as: Caller) => (await client.call('GET', '/api/v2/ob/clusters?size=2000', { as })).body.data;
    const { stranger, reader } = callers as Record<string, Caller>;
    if (!stranger || !reader) throw new Error('no callers');
    expect(await listed(stranger)).toMatchObject({
      contents: [],
      page: { totalElements: 0, totalPages: 0, number: 1 },
    });
    expect((await listed(reader)).contents).toHaveLength(1);
    const grant = `${cluster}/grants/${stranger.userId}`;
    await client.call('PUT', grant, { body: { access: 'read' } });
    expect((await listed(stranger)).contents).toHaveLength(1);
    expect((await client.call('DELETE', grant)).body).not.toHaveProperty('data');
    expect((await listed(stranger)).contents).toHaveLength(0);
  });

  it('leave an audit row of every write, with the trace of its answer', async () => {
    const rows = await client.database.db.select().from(auditLog);
    const actions = new Set(rows.map(({ action }) => action));
    for (const action of [
      'cluster.create',
      'cluster.update',
      'cluster.grant',
      'snapshot.create',
      'workload_report.create',
      'workload_report.keep',
    ]) {
      expect(actions).toContain(action);
    }
    const traceId = '0123456789abcdef';
    const done = await client.call('POST', `${reports}/${reportId}/keep?kept=false`, {
      headers: { 'X-Trace-Id': traceId },
    });
    expect(done.body.traceId).toBe(traceId);
    const after = await client.database.db.select().from(auditLog);
    expect(after.filter((row) => row.traceId === traceId).map(({ action }) => action)).toEqual([
      'workload_report.keep',
    ]);
  });
});

describe('a cluster', () => {
  it('has the shape of OCP, without its password', async () => {
    const body = { name: 'shape', kind: 'POSTGRESQL', url: 'postgres://watcher:hidden@db.example.test:6432/app' };
    const made = await client.call('POST', '/api/v2/ob/clusters', { body });
    expect(made.text).not.toContain('hidden');
    expect(made.body.data).toMatchObject({
      name: 'shape',
      status: 'UNKNOWN',
      type: 'PRIMARY',
      rootServers: [{ address: 'db.example.test:6432', role: 'LEADER' }],
      serverCount: 1,
      tenantCount: 0,
      creator: client.admin.username,
    });
    expect(made.body.data.createTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const path = `/api/v2/ob/clusters/${made.body.data.id}`;
    expect((await client.call('POST', '/api/v2/ob/clusters', { body })).body).toMatchObject({
      status: 409,
      error: { code: 10_001 },
    });
    const checked = await client.call('POST', `${path}/check`);
    expect(checked.status).toBeGreaterThanOrEqual(500);
    expect((await client.call('GET', path)).body.data.status).toBe('UNAVAILABLE');
    expect((await client.call('DELETE', path)).body).not.toHaveProperty('data');
    expect((await client.call('GET', path)).body).toMatchObject({ status: 404, error: { code: 10_002 } });
  });
});
