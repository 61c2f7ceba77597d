import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { startClusterWorker, takeSnapshot, taskEnd } from '../../harness/cluster.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../../harness/watched-server.ts';
import { type OcpClient, ocpClient } from './client.ts';
import { type Pair, signed } from './signing.ts';

let client: OcpClient;
let server: WatchedServer;
let worker: Worker;
let cluster: string;
let reports: string;
let [start, end] = [0, 0];

beforeAll(async () => {
  client = await ocpClient();
  const [newest] = watchableServers().toReversed();
  if (newest === undefined) throw new Error('there is no server to watch');
  server = await startWatchedServer(newest.bin);
  const { id } = await createCluster({ ctx: client.ctx, input: { name: 'c1', kind: 'POSTGRESQL', url: server.url } });
  cluster = `/api/v2/ob/clusters/${id}`;
  reports = `${cluster}/performance/workload/reports`;
  worker = await startClusterWorker(client.ctx, client.database);
  start = (await takeSnapshot(client.ctx, client.database, id)).id;
  await server.sql.unsafe('create table t as select n from generate_series(1, 5000) n');
  end = (await takeSnapshot(client.ctx, client.database, id)).id;
}, 120_000);
afterAll(async () => {
  await worker.stop(1000);
  await server.remove();
  await client.close();
});

describe('clients of OCP', () => {
  it('send a form with Basic, wait for the task, look for the name on the first page, and save the HTML', async () => {
    const listed = await client.call('GET', `${cluster}/performance/workload/snapshots`);
    expect(listed.body.data).toEqual({
      contents: [
        { snapshotId: start, snapshotTime: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
        { snapshotId: end, snapshotTime: expect.any(String) },
      ],
    });
    const later = await client.call('GET', `${cluster}/performance/workload/snapshots?snapshotId=${start}`);
    expect(later.body.data.contents.map(({ snapshotId }: { snapshotId: number }) => snapshotId)).toEqual([end]);
    const name = 'OBAWR_obcluster_c1_20260504080000_20260504090000';
    const form = new URLSearchParams({ name, startSnapshotId: String(start), endSnapshotId: String(end) });
    const made = await client.call('POST', reports, {
      body: form.toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(made.body.data).toMatchObject({ name, status: 'CREATING', clusterName: 'c1', scope: 'CLUSTER' });
    expect(await taskEnd(client.database, made.body.data.taskInstanceId)).toBe('SUCCESSFUL');
    const page = (await client.call('GET', reports)).body.data;
    expect(page.page).toEqual({ totalElements: 1, totalPages: 1, number: 1, size: 10 });
    const found = page.contents.find((report: { name: string }) => report.name === name);
    expect(found).toMatchObject({ id: made.body.data.id, status: 'SUCCESSFUL', size: expect.any(Number) });
    const html = await client.call('GET', `${reports}/${found.id}`, { headers: { Accept: '*/*' } });
    expect(html.headers.get('Content-Type')).toMatch(/^text\/html/);
    expect(html.headers.get('Content-Security-Policy')).toMatch(/sandbox allow-scripts;.*script-src 'sha256-/);
    expect(html.text).toContain('</html>');
    expect(html.headers.get('Content-Disposition')).toContain(name);
  }, 120_000);

  it('send the query alone, signed, with a Content-Type and no body', async () => {
    const pair: Pair = (await client.call('POST', '/api/v2/iam/accessKeys')).body.data;
    const send = async (method: string, path: string) => {
      const headers = { 'Content-Type': 'application/json', 'x-ocp-origin': 'mcp-server' };
      const all = signed(pair, { method, url: `${client.url}${path}`, date: new Date(), headers });
      return client.call(method, path, { as: null, headers: all });
    };
    const path = `${reports}?startSnapshotId=${start}&endSnapshotId=${end}&name=${encodeURIComponent('by query 报告')}`;
    const made = await send('POST', path);
    expect(made.body.data).toMatchObject({ name: 'by query 报告', status: 'CREATING' });
    expect(await taskEnd(client.database, made.body.data.taskInstanceId)).toBe('SUCCESSFUL');
    const { id } = made.body.data;
    const opened = await send('GET', `${reports}/${id}?id=1&reportId=${id}`);
    expect(opened.headers.get('Content-Type')).toMatch(/^text\/html/);
  }, 120_000);

  it('send JSON, which counts before a form and a query; the newest report is the first', async () => {
    const body = { startSnapshotId: start, endSnapshotId: end, name: 'by JSON' };
    const made = await client.call('POST', `${reports}?name=by%20query&startSnapshotId=0`, { body });
    expect(made.body.data.name).toBe('by JSON');
    const { id, taskInstanceId } = made.body.data;
    const early = await client.call('GET', `${reports}/${id}`);
    if (early.status !== 200) {
      expect(early.body).toMatchObject({
        status: 409,
        error: { code: 20_003, taskInstanceId, reportStatus: 'CREATING' },
      });
    }
    expect(await taskEnd(client.database, taskInstanceId)).toBe('SUCCESSFUL');
    expect((await client.call('GET', `${reports}?size=1`)).body.data.contents[0].id).toBe(id);
    for (const [query, Accept] of [
      ['?format=pdf', '*/*'],
      ['', 'application/pdf'],
    ] as const) {
      const pdf = await client.call('GET', `${reports}/${id}${query}`, { headers: { Accept } });
      expect(pdf.headers.get('Content-Type')).toBe('application/pdf');
      expect(pdf.text.slice(0, 5)).toBe('%PDF-');
    }
    const named = await client.call('GET', `${reports}?name=json&status=SUCCESSFUL,FAILED&sort=generateTime,asc`);
    expect(named.body.data.contents.map((report: { id: number }) => report.id)).toEqual([id]);
    expect((await client.call('GET', `${reports}?creator=nobody`)).body.data.page.totalPages).toBe(0);
    expect((await client.call('POST', `${reports}/${id}/keep`)).body).not.toHaveProperty('data');
    expect((await client.call('GET', `${reports}?size=1`)).body.data.contents[0].kept).toBe(true);
    expect((await client.call('DELETE', `${reports}/${id}`)).body).not.toHaveProperty('data');
    expect((await client.call('GET', `${reports}/${id}`)).body).toMatchObject({ status: 404, error: { code: 10_002 } });
  }, 120_000);

  it('look at the cluster and its databases', async () => {
    const checked = await client.call('POST', `${cluster}/check`);
    expect(checked.body.data.databases.length).toBeGreaterThan(0);
    expect((await client.call('GET', cluster)).body.data).toMatchObject({
      status: 'RUNNING',
      obVersion: checked.body.data.version,
    });
    const { contents } = (await client.call('GET', `${cluster}/tenants`)).body.data;
    const postgres = contents.find((tenant: { name: string }) => tenant.name === 'postgres');
    expect(postgres).toMatchObject({ mode: 'POSTGRESQL', status: 'NORMAL', obTenantId: expect.any(Number) });
    expect((await client.call('GET', `${cluster}/tenants/${postgres.id}`)).body.data).toEqual(postgres);
    expect((await client.call('GET', `${cluster}/tenants/1`)).body.error.code).toBe(60_002);
    const names = async (query: string): Promise<string[]> => {
      const { data } = (await client.call('GET', `${cluster}/tenants?${query}`)).body;
      expect(data.page.totalElements).toBe(data.contents.length);
      return data.contents.map((tenant: { name: string }) => tenant.name);
    };
    const all = await names('');
    expect(await names('sort=name,desc')).toEqual(all.toSorted().toReversed());
    expect(await names('name=OSTGRE&mode=POSTGRESQL&status=NORMAL,CREATING&locked=false')).toEqual(['postgres']);
    for (const none of ['name=%25', 'mode=ORACLE', 'status=CREATING', 'locked=true', 'readonly=true']) {
      expect([none, await names(none)]).toEqual([none, []]);
    }
  });
});
