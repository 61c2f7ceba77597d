import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import { accessKeys, auditLog, users } from '../../../src/store/schema/access.ts';
import { type Answer, type Caller, clusterRow, type OcpClient, ocpClient } from './client.ts';
import { type Pair, type Signing, signed } from './signing.ts';

const NOW = new Date('2026-05-04T08:00:00Z');
const MINUTE = 60_000;
const clock = fixedClock(NOW);
let client: OcpClient;
let person: Caller;
let pair: Pair;
beforeAll(async () => {
  client = await ocpClient({ OCP_REQUESTS_PER_MINUTE: '0' }, clock);
  person = await client.user(['admin']);
  pair = await newPair(person);
});
afterAll(() => client.close());

const newPair = async (as: Caller): Promise<Pair> =>
  (await client.call('POST', '/api/v2/iam/accessKeys', { as, body: {} })).body.data;

/** Sign one request and send another, where `sent` says what differs. */
async function send(
  path: string,
  given: Partial<Omit<Signing, 'url'>> & {
    by?: Pair;
    sent?: { path?: string; body?: string; headers?: Record<string, string> };
  } = {},
): Promise<Answer> {
  const { by = pair, method = 'GET', date = NOW, sent = {}, ...rest } = given;
  const headers = signed(by, { method, url: `${client.url}${path}`, date, ...rest });
  const body = sent.body ?? rest.body;
  return client.call(method, sent.path ?? path, {
    as: null,
    headers: { ...headers, ...sent.headers },
    ...(body === undefined ? {} : { body }),
  });
}

const CLUSTERS = '/api/v2/ob/clusters';
const refused = { successful: false, status: 401, error: { code: 30_004 } };

describe('a signed request', () => {
  it('acts as the owner of the key', async () => {
    expect((await send(`${CLUSTERS}?size=5&sort=name,desc&name=%E6%8A%A5%20a`)).status).toBe(200);
    const made = await send('/api/v2/iam/accessKeys', {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json', 'x-ocp-origin': 'test' },
    });
    expect(made.body.data.username).toBe(person.username);
  });

  it('may be signed without a body, with a Content-Type all the same', async () => {
    const id = await clusterRow(client);
    const path = `${CLUSTERS}/${id}/performance/workload/snapshots`;
    const headers = { 'Content-Type': 'application/json', 'x-ocp-origin': 'mcp-server' };
    expect((await send(path, { method: 'POST', headers })).body.data.taskInstanceId).toBeGreaterThan(0);
  });

  it('is good for 15 minutes either way', async () => {
    for (const minutes of [-15, 15]) {
      expect((await send(CLUSTERS, { date: new Date(NOW.getTime() + minutes * MINUTE) })).status).toBe(200);
    }
    for (const minutes of [-16, 16, -60 * 24]) {
      expect((await send(CLUSTERS, { date: new Date(NOW.getTime() + minutes * MINUTE) })).body).toMatchObject(refused);
    }
    expect((await send(CLUSTERS, { sent: { headers: { Date: 'yesterday' } } })).body).toMatchObject(refused);
  });

  it('is refused when anything that was signed has changed', async () => {
    const post = {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json', 'x-ocp-origin': 'a' },
    };
    const path = '/api/v2/iam/accessKeys';
    const changes = [
      { path: `${path}?size=1` },
      { body: '{} ' },
      { headers: { 'x-ocp-origin': 'b' } },
      { headers: { 'x-ocp-more': 'c' } },
      { headers: { 'Content-Type': 'application/json;charset=utf-8' } },
      { headers: { Date: new Date(NOW.getTime() + 1000).toUTCString() } },
    ];
    for (const sent of changes)
      expect((await send(path, { ...post, sent })).body, JSON.stringify(sent)).toMatchObject(refused);
    const forged = [
      { ...pair, secretKey: '0'.repeat(32) },
      { ...pair, accessKey: 'cqammmxBpfGjFlto' },
    ];
    for (const by of forged) expect((await send(path, { ...post, by })).body).toMatchObject(refused);
    expect((await send(path, post)).status).toBe(200);
  });

  it('is refused when its key is revoked or its user disabled', async () => {
    const owner = await client.user();
    const own = await client.call('POST', '/api/v2/iam/accessKeys', { as: owner });
    const by: Pair = own.body.data;
    expect((await send(CLUSTERS, { by })).status).toBe(200);
    await client.database.db.update(users).set({ disabled: true }).where(eq(users.id, owner.userId));
    expect((await send(CLUSTERS, { by })).body).toMatchObject(refused);
    await client.database.db.update(users).set({ disabled: false }).where(eq(users.id, owner.userId));
    expect((await client.call('DELETE', `/api/v2/iam/accessKeys/${own.body.data.id}`, { as: owner })).status).toBe(200);
    expect((await send(CLUSTERS, { by })).body).toMatchObject(refused);
  });
});

describe('access keys', () => {
  it('show their secret once, keep it sealed, and are listed to their user', async () => {
    const owner = await client.user();
    const made = await client.call('POST', '/api/v2/iam/accessKeys', { as: owner });
    const { id, accessKey, secretKey } = made.body.data;
    expect(accessKey).toMatch(/^[0-9a-zA-Z]{16}$/);
    expect(secretKey).toMatch(/^[0-9a-f]{32}$/);
    const listed = await client.call('GET', '/api/v2/iam/accessKeys', { as: owner });
    expect(listed.body.data.contents.map((key: { id: string }) => key.id)).toEqual([id]);
    expect(listed.text).not.toContain(secretKey);
    const [row] = await client.database.db.select().from(accessKeys).where(eq(accessKeys.id, id));
    expect(Buffer.from(row?.secretSealed ?? '').includes(secretKey)).toBe(false);
  });

  it('are made for others and revoked by admins only, and all of it is in the audit log', async () => {
    const [owner, other] = [await client.user(), await client.user()];
    const path = '/api/v2/iam/accessKeys';
    expect((await client.call('POST', path, { as: other, body: { userId: owner.userId } })).status).toBe(403);
    const made = await client.call('POST', path, { body: { userId: owner.userId } });
    expect(made.body.data.username).toBe(owner.username);
    const one = `${path}/${made.body.data.id}`;
    expect((await client.call('DELETE', one, { as: other })).status).toBe(403);
    expect((await client.call('DELETE', one)).status).toBe(200);
    expect((await client.call('DELETE', one)).status).toBe(404);
    const rows = await client.database.db.select().from(auditLog).where(eq(auditLog.objectId, made.body.data.id));
    expect(rows.map(({ action }) => action)).toEqual(['access_key.create', 'access_key.revoke']);
    expect(JSON.stringify(rows)).not.toContain(made.body.data.secretKey);
  });
});

test('whatever is asked, a right signature opens and one changed character closes', async () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !/[\0\r\n]/.test(text));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(word, word), { maxLength: 3 }),
      fc.stringMatching(/^[!-~]{0,12}$/),
      fc.nat(27),
      async (pairs, origin, at) => {
        const query = new URLSearchParams(
          pairs.map(([name, value]) => [`q${name.toWellFormed()}`, value.toWellFormed()] as [string, string]),
        );
        const path = `${CLUSTERS}?${query.toString()}`;
        const headers = { 'x-ocp-origin': origin };
        expect((await send(path, { headers })).status).toBe(200);
        const right =
          signed(pair, { method: 'GET', url: `${client.url}${path}`, date: NOW, headers }).Authorization ?? '';
        const place = right.length - 28 + at;
        const wrong = `${right.slice(0, place)}${right[place] === 'A' ? 'B' : 'A'}${right.slice(place + 1)}`;
        expect((await send(path, { headers, sent: { headers: { Authorization: wrong } } })).status).toBe(401);
      },
    ),
    { numRuns: 40 },
  );
});
