import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import { clusterRow, type OcpClient, ocpClient, snapshotRow } from './client.ts';

const NOW = new Date('2026-05-04T08:00:00Z');
const HOUR = 3_600_000;
let client: OcpClient;
let reports: string;
let ids: { start: number; end: number; later: number; old: number; failed: number; foreign: number };

const ago = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

beforeAll(async () => {
  client = await ocpClient({ OCP_REQUESTS_PER_MINUTE: '0' }, fixedClock(NOW));
  const [id, other] = [await clusterRow(client), await clusterRow(client)];
  reports = `/api/v2/ob/clusters/${id}/performance/workload/reports`;
  ids = {
    old: await snapshotRow(client, id, ago(31 * 24)),
    start: await snapshotRow(client, id, ago(26)),
    end: await snapshotRow(client, id, ago(2)),
    later: await snapshotRow(client, id, ago(1)),
    failed: await snapshotRow(client, id, ago(1.5), 'failed'),
    foreign: await snapshotRow(client, other, ago(2)),
  };
});
afterAll(() => client.close());

const order = (over: Record<string, unknown> = {}) => ({
  startSnapshotId: ids.start,
  endSnapshotId: ids.end,
  name: 'a report',
  ...over,
});
const refused = (status: number, code: number, message?: string) => ({
  successful: false,
  status,
  error: { code, ...(message === undefined ? {} : { message }) },
});

describe('an order of a report is refused', () => {
  const wrong: [string, () => Record<string, unknown>, number, number, string?][] = [
    [
      'an unknown snapshot',
      () => order({ endSnapshotId: 999_999 }),
      404,
      10_002,
      'The cluster has no snapshot with the ID of 999999.',
    ],
    ["another cluster's snapshot", () => order({ endSnapshotId: ids.foreign }), 404, 10_002],
    ['a failed snapshot', () => order({ endSnapshotId: ids.failed }), 404, 10_002],
    ['the end before the start', () => order({ startSnapshotId: ids.end, endSnapshotId: ids.start }), 400, 10_005],
    ['the end at the start', () => order({ endSnapshotId: ids.start }), 400, 10_005],
    ['more than 24 hours', () => order({ endSnapshotId: ids.later }), 400, 10_007],
    ['a start of 31 days ago', () => order({ startSnapshotId: ids.old, endSnapshotId: ids.start }), 400, 10_007],
    ['spaces around the name', () => order({ name: ' a' }), 400, 10_001],
    ['an empty name', () => order({ name: '' }), 400, 10_001],
    ['a name of 257 characters', () => order({ name: 'x'.repeat(257) }), 400, 10_001],
    ['no name', () => order({ name: undefined }), 400, 0, 'name parameter is missing'],
    ['no start', () => order({ startSnapshotId: undefined }), 400, 0, 'startSnapshotId parameter is missing'],
    [
      'a word for a number',
      () => order({ startSnapshotId: 'first' }),
      400,
      0,
      "The parameter 'startSnapshotId' of value 'first' could not be converted to type 'Long'",
    ],
    ['a number beyond all numbers', () => order({ startSnapshotId: '99999999999999999999' }), 400, 0],
    ['a number for a name', () => order({ name: 5 }), 400, 0],
  ];
  it.each(wrong)('%s', async (_, body, status, code, message) => {
    const answer = await client.call('POST', reports, { body: body() });
    expect(answer.body).toMatchObject(refused(status, code, message));
    expect(answer.body).not.toHaveProperty('data');
    expect(answer.status).toBe(status);
  });

  it('for a start that is too old', async () => {
    const id = await clusterRow(client);
    const [start, end] = [await snapshotRow(client, id, ago(721)), await snapshotRow(client, id, ago(720))];
    const path = `/api/v2/ob/clusters/${id}/performance/workload/reports`;
    const body = { startSnapshotId: start, endSnapshotId: end, name: 'old' };
    expect((await client.call('POST', path, { body })).body).toMatchObject(refused(400, 10_006));
  });

  it('for an unknown cluster, and one that is no number', async () => {
    const path = (id: string): string => `/api/v2/ob/clusters/${id}/performance/workload/reports`;
    expect((await client.call('POST', path('987654'), { body: order() })).body).toMatchObject(refused(404, 10_002));
    expect((await client.call('POST', path('x'), { body: order() })).body).toMatchObject(
      refused(400, 0, "The parameter 'id' of value 'x' could not be converted to type 'Long'"),
    );
  });
});

describe('the day that a report may be of', () => {
  it('has five minutes more, and the ends that are offered are those that are taken', async () => {
    const id = await clusterRow(client);
    const cluster = `/api/v2/ob/clusters/${id}/performance/workload`;
    const begun = ago(30).getTime();
    const later = (ms: number): Promise<number> => snapshotRow(client, id, new Date(begun + ms));
    const [start, day, second, last, late] = [
      await later(0),
      await later(24 * HOUR),
      await later(24 * HOUR + 1000),
      await later(24 * HOUR + 5 * 60_000),
      await later(24 * HOUR + 5 * 60_000 + 1),
    ];
    const { body } = await client.call('GET', `${cluster}/snapshots?snapshotId=${start}`);
    const offered = body.data.contents.map((snapshot: { snapshotId: number }) => snapshot.snapshotId);
    expect(offered).toEqual([day, second, last]);
    const statusOf = async (end: number) => {
      const given = { startSnapshotId: start, endSnapshotId: end, name: 'a day' };
      return (await client.call('POST', `${cluster}/reports`, { body: given })).status;
    };
    for (const end of offered) expect(await statusOf(end)).toBe(200);
    expect(await statusOf(late)).toBe(400);
  });
});

describe('what is wrong before the verb', () => {
  it('is said in the words of OCP, in English or Chinese', async () => {
    const json = { 'Content-Type': 'application/json' };
    const cases = [
      ['POST', reports, { body: '{"name":', headers: json }, 400, 'Malformed JSON request', 'JSON 请求格式错误'],
      ['POST', reports, { body: '[]', headers: json }, 400],
      ['POST', reports, { body: '{"name":"\\u0000"}', headers: json }, 400],
      [
        'POST',
        reports,
        { body: 'x', headers: { 'Content-Type': 'text/xml' } },
        415,
        "Content type 'text/xml' is not supported",
        '不支持的 Content-Type：text/xml',
      ],
      [
        'GET',
        '/api/v2/no/such',
        {},
        400,
        'Could not find the GET method for URL /api/v2/no/such',
        '找不到 URL /api/v2/no/such 的 GET 方法',
      ],
      ['PUT', '/api/v2/ob/clusters', {}, 405, 'The PUT method is not supported for URL /api/v2/ob/clusters'],
      ['POST', reports, { body: `{"name":"${'x'.repeat(1024 * 1024)}"}`, headers: json }, 413],
    ] as const;
    for (const [method, path, options, status, english, chinese] of cases) {
      const answer = await client.call(method, path, options);
      expect(answer.body, `${method} ${path}`).toMatchObject(refused(status, 0, english));
      const headers = { ...('headers' in options ? options.headers : {}), 'Accept-Language': 'zh-CN,en;q=0.5' };
      const other = await client.call(method, path, { ...options, headers });
      if (chinese !== undefined) expect(other.body.error.message).toBe(chinese);
      else expect(other.status).toBe(status);
    }
  });

  it.each([
    [true, 'true'],
    [null, 'null'],
    [1.5, '1.5'],
    [[5], '[5]'],
    [{ id: 5 }, '{"id":5}'],
  ])('is said of %j for a number as of a word', async (given, shown) => {
    const answer = await client.call('POST', reports, { body: order({ startSnapshotId: given }) });
    const words = `The parameter 'startSnapshotId' of value '${shown}' could not be converted to type 'Long'`;
    expect(answer.body).toMatchObject(refused(400, 0, words));
  });

  it('is said of a parameter that came twice, and of a sort, with what there is to sort by', async () => {
    const messageOf = async (query: string) =>
      (await client.call('GET', `/api/v2/ob/clusters?${query}`)).body.error.message;
    expect(await messageOf('page=1&page=2')).toBe(
      `The parameter 'page' of value '["1","2"]' could not be converted to type 'Integer'`,
    );
    for (const sort of ['secret', 'id,asc,name,desc', 'asc']) {
      expect(await messageOf(`sort=${sort}`)).toBe(
        `The parameter 'sort' of value '${sort}' could not be converted to type 'id | name, then asc | desc'`,
      );
    }
  });

  it('is said of names in another encoding, which would be kept as question marks', async () => {
    const gbk = '%B1%A8%B8%E6';
    const ends = `startSnapshotId=${ids.start}&endSnapshotId=${ids.end}`;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded;charset=GBK' };
    for (const answer of [
      await client.call('POST', reports, { body: `${ends}&name=${gbk}`, headers }),
      await client.call('POST', `${reports}?${ends}&name=${gbk}`),
      await client.call('GET', `${reports}?name=${gbk}`),
    ]) {
      expect(answer.body).toMatchObject(refused(400, 0, 'The parameters must be encoded in UTF-8'));
    }
    const named = await client.call('POST', `${reports}?${ends}&name=100%25+%E6%8A%A5%E5%91%8A`);
    expect(named.body.data.name).toBe('100% 报告');
  });

  it('names every wrong field of a body', async () => {
    const answer = await client.call('POST', '/api/v2/ob/clusters', { body: { name: '', kind: 'ORACLE' } });
    const fields = answer.body.error.subErrors.map((error: { field: string }) => error.field);
    expect(fields.toSorted()).toEqual(['kind', 'name', 'url']);
  });

  it.each([
    'page=0',
    'page=x',
    'size=0',
    'size=2001',
    'size=1.5',
    'sort=secret',
    'sort=id,up',
    'status=DONE',
    'name=%00',
  ])('of a list: %s', async (query) => expect((await client.call('GET', `${reports}?${query}`)).status).toBe(400));
});

describe('a list takes', () => {
  const found = async (query: string) => {
    const { status, body } = await client.call('GET', `/api/v2/ob/clusters?${query}`);
    expect([query, status]).toEqual([query, 200]);
    return body.data.contents.map(({ id }: { id: number }) => id) as number[];
  };

  it('empty parameters as none', async () => {
    const all = await found('');
    expect(all.length).toBeGreaterThan(1);
    expect(await found('page=&size=&sort=&status=&name=')).toEqual(all);
    expect(await found('status=,')).toEqual(all);
  });

  it('the direction of a sort on either side, and states that ours never have', async () => {
    const all = await found('');
    expect(await found('sort=id,desc')).toEqual(all.toReversed());
    expect(await found('sort=desc,id')).toEqual(all.toReversed());
    expect(await found('status=CREATING,UNKNOWN')).toEqual(all);
    expect(await found('status=CREATING')).toEqual([]);
  });
});

test('whatever is sent, the answer is an envelope of 4xx or of a report', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, true, [], {}, ids.start, ids.end),
  );
  const given = fc.dictionary(fc.constantFrom('startSnapshotId', 'endSnapshotId', 'name', '__proto__', 'id'), value);
  await fc.assert(
    fc.asyncProperty(given, given, fc.constantFrom('json', 'form', 'none'), async (query, body, kind) => {
      const texts = (record: Record<string, unknown>) =>
        new URLSearchParams(
          Object.entries(record).map(([name, item]) => [name, String(item).toWellFormed()] as [string, string]),
        ).toString();
      const options = {
        json: { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } },
        form: { body: texts(body), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
        none: {},
      }[kind];
      const answer = await client.call('POST', `${reports}?${texts(query)}`, options);
      expect([200, 400, 404]).toContain(answer.status);
      expect(answer.body).toMatchObject({ status: answer.status, successful: answer.status === 200 });
    }),
    { numRuns: 60 },
  );
});
