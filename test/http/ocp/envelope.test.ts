import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import { acceptsPdf } from '../../../src/http/ocp/workload-report-shape.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { basic, clusterRow, type OcpClient, ocpClient, snapshotRow } from './client.ts';

const NOW = new Date('2023-01-12T11:44:41.725Z');
const clock = fixedClock(NOW);
let client: OcpClient;
beforeAll(async () => {
  client = await ocpClient({ TIME_ZONE: 'Asia/Shanghai' }, clock);
});
afterAll(() => client.close());

/** The answer that is documented for `POST …/reports`, but for what differs by chance. */
const DOCUMENTED = {
  data: {
    beginReportTime: '2023-01-12T06:01:00.026Z',
    clusterName: 'odc_meta1',
    creator: expect.any(String),
    endReportTime: '2023-01-12T08:01:00.935Z',
    name: 'OBAWR_odc_meta1_100005_202301121401_202301121601',
    obClusterId: 100_005,
    scope: 'CLUSTER',
    status: 'CREATING',
  },
  status: 200,
  successful: true,
};

describe('the documented report', () => {
  it('is ordered and answered field by field', async () => {
    const id = await clusterRow(client, { name: 'odc_meta1' });
    const start = await snapshotRow(client, id, new Date('2023-01-12T06:01:00.026Z'));
    const end = await snapshotRow(client, id, new Date('2023-01-12T08:01:00.935Z'));
    const { name } = DOCUMENTED.data;
    const answer = await client.call('POST', `/api/v2/ob/clusters/${id}/performance/workload/reports`, {
      body: { startSnapshotId: start, endSnapshotId: end, name },
    });
    expect(answer.status).toBe(200);
    const { data, duration, server, timestamp, traceId, ...rest } = answer.body;
    const { id: reportId, clusterId, taskInstanceId, generateTime, ...known } = data;
    expect({ data: known, ...rest }).toEqual(DOCUMENTED);
    expect(known.creator).toBe(client.admin.username);
    expect(clusterId).toBe(id);
    for (const number of [reportId, taskInstanceId, duration]) expect(Number.isSafeInteger(number)).toBe(true);
    expect(generateTime).toMatch(
      /^2023-01-12T19:44:4\d(\.\d{1,2}[1-9])?\+08:00$|^2023-01-12T19:44:4\d\.\d{0,2}[1-9]\+08:00$/,
    );
    expect(timestamp).toMatch(/^2023-01-12T19:44:4\d(\.\d{0,2}[1-9])?\+08:00$/);
    expect(server).toBe('127.0.0.1');
    expect(traceId).toMatch(/^[0-9a-f]{16}$/);
    expect(Object.keys(answer.body).toSorted()).toEqual([
      'data',
      'duration',
      'server',
      'status',
      'successful',
      'timestamp',
      'traceId',
    ]);
  });
});

describe('a report is PDF', () => {
  it.each([
    'application/pdf',
    'APPLICATION/PDF;version=1',
    'application/*',
    'application/pdf, text/html',
    'text/html;q=0.5, application/pdf;q=0.9',
    '*/*;q=0.1, application/pdf',
    'text/html;q=0, */*',
  ])('for Accept: %s', (accept) => expect(acceptsPdf(accept)).toBe(true));

  it.each([
    undefined,
    '',
    '*/*',
    'garbage',
    'text/plain',
    'application/json',
    'text/html, application/pdf',
    '*/*, application/pdf',
    'application/pdf;q=0.9, text/html',
    'application/pdf;q=0.1, */*;q=0.2',
    'application/pdf;q=0',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  ])('and HTML for Accept: %s', (accept) => expect(acceptsPdf(accept)).toBe(false));
});

describe('messages', () => {
  it('say of two writers at once what the second one may do', async () => {
    const id = await clusterRow(client);
    const body = { name: 'renamed', kind: 'POSTGRESQL', url: 'postgres://u:p@h/d' };
    let answer: ReturnType<OcpClient['call']> | undefined;
    // A cluster of that name is made, and not committed yet, while another is renamed to it.
    await client.database.db.transaction(async (tx) => {
      await createCluster({ ctx: { ...client.ctx, db: tx }, input: { ...body, kind: 'POSTGRESQL' } });
      answer = client.call('PATCH', `/api/v2/ob/clusters/${id}`, { body: { name: body.name, url: body.url } });
      for (let waits = 0; waits === 0; await pause(10)) {
        const [row] = await client.database.sql<{ count: number }[]>`
          select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        waits = row?.count ?? 0;
      }
    });
    expect((await answer)?.body).toMatchObject({
      status: 409,
      error: { code: 0, message: expect.stringContaining('Please try again.') },
    });
  });

  it.each(['zh', 'zh-CN,en;q=0.5', 'ZH-hans', 'zh_CN', 'en;q=0.1,zh'])('are Chinese for %s', async (language) => {
    const headers = { 'Accept-Language': language };
    const answer = await client.call('GET', '/api/v2/ob/clusters/987654', { headers });
    expect(answer.body.error.message).toBe('ID 为 987654 的集群不存在。');
  });
});

describe('smoke', () => {
  it('refuses nobody', async () => {
    const answer = await client.call('GET', '/api/v2/ob/clusters', { as: null });
    expect(answer.body).toMatchObject({ successful: false, status: 401, error: { code: 30_000 } });
    const wrong = await client.call('GET', '/api/v2/ob/clusters', {
      as: null,
      headers: { Authorization: basic({ username: 'nobody', password: 'x' }) },
    });
    expect(wrong.body).toMatchObject({ error: { code: 30_004 } });
  });
});
