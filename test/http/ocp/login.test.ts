import { randomBytes, scryptSync } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import { setPassword } from '../../../src/operations/access/set-password.ts';
import { auditLog, loginFailures, users } from '../../../src/store/schema/access.ts';
import { type Answer, basic, type Caller, type OcpClient, ocpClient } from './client.ts';

const clock = fixedClock(new Date('2026-05-04T08:00:00Z'));
let client: OcpClient;
beforeAll(async () => {
  client = await ocpClient({}, clock);
});
afterAll(() => client.close());

const PATH = '/api/v2/ob/clusters';
const tryAs = (who: Pick<Caller, 'username' | 'password'>): Promise<Answer> =>
  client.call('GET', PATH, { as: null, headers: { Authorization: basic(who) } });

describe('a login by password', () => {
  it('is asked for', async () => {
    for (const Authorization of ['', 'Basic', 'Basic %%%', 'Bearer x', 'OCP-ACCESS-KEY-HMACSHA1 nothing']) {
      const answer = await client.call('GET', PATH, { as: null, headers: { Authorization } });
      expect(answer.body).toMatchObject({ successful: false, status: 401, error: { code: 30_000 } });
      expect(answer.headers.get('WWW-Authenticate')).toContain('Basic');
    }
  });

  it('is open to who has one, whatever characters it has', async () => {
    const person = await client.user();
    for (const password of ['with:colons:in it', '密码密码密码 café']) {
      await setPassword({ ctx: client.ctx, input: { user: { id: person.userId }, password } });
      expect((await tryAs({ ...person, password })).status).toBe(200);
      expect((await tryAs({ ...person, password: `${password} ` })).status).toBe(401);
    }
    const [row] = await client.database.db.select().from(users).where(eq(users.id, person.userId));
    expect(row?.passwordHash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
  });

  it('is refused alike for an unknown user, a wrong password, a disabled user and one without a password', async () => {
    const [person, disabled, bare] = [await client.user(), await client.user(), await client.user()];
    await client.database.db.update(users).set({ disabled: true }).where(eq(users.id, disabled.userId));
    await setPassword({ ctx: client.ctx, input: { user: { username: bare.username }, password: null } });
    const answers = [
      await tryAs({ username: 'nobody at all', password: 'x' }),
      await tryAs({ ...person, password: 'wrong' }),
      await tryAs(disabled),
      await tryAs(bare),
      await tryAs({ ...bare, password: '' }),
    ];
    const shown = answers.map(({ status, body: { error } }) => ({ status, error }));
    expect(new Set(shown.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(shown[0]).toMatchObject({ status: 401, error: { code: 30_004 } });
  });

  it('ends at once when the password is changed, though it was right a moment ago', async () => {
    const person = await client.user();
    expect((await tryAs(person)).status).toBe(200);
    await setPassword({ ctx: client.ctx, input: { user: { id: person.userId }, password: 'another one' } });
    expect((await tryAs(person)).status).toBe(401);
    expect((await tryAs({ ...person, password: 'another one' })).status).toBe(200);
  });

  it('is changed by its user and by admins, in the audit log, and never by others', async () => {
    const [person, other] = [await client.user(), await client.user()];
    const path = `/api/v2/iam/users/${person.userId}/password`;
    expect((await client.call('PUT', path, { as: other, body: { password: 'taken over' } })).status).toBe(403);
    expect((await client.call('PUT', path, { as: person, body: { password: 'short' } })).status).toBe(400);
    expect((await client.call('PUT', path, { as: person, body: { password: 'my own choice' } })).status).toBe(200);
    expect((await client.call('PUT', path, { body: { password: 'of an admin' } })).body).not.toHaveProperty('data');
    expect((await tryAs({ ...person, password: 'of an admin' })).status).toBe(200);
    const rows = await client.database.db.select().from(auditLog).where(eq(auditLog.objectId, person.userId));
    expect(rows.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['user.set_password', person.userId],
      ['user.set_password', client.admin.userId],
    ]);
    expect(JSON.stringify(rows)).not.toContain('my own choice');
    expect(rows[0]?.traceId).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('too many logins at once', () => {
  it('are told to come again, and may: nothing is counted against them', async () => {
    const people = await Promise.all(Array.from({ length: 90 }, () => client.user()));
    const salt = randomBytes(16);
    // As dear as a sixth of a real one.
    const hash = scryptSync('the same', salt, 32, { N: 2 ** 14, r: 8, p: 1 });
    const passwordHash = `$scrypt$ln=14,r=8,p=1$${salt.toString('base64url')}$${hash.toString('base64url')}`;
    const ids = people.map(({ userId }) => userId);
    await client.database.db.update(users).set({ passwordHash }).where(inArray(users.id, ids));
    const enter = (person: Caller) => tryAs({ ...person, password: 'the same' });
    const answers = await Promise.all(people.map(enter));
    const busy = answers.filter(({ status }) => status !== 200);
    expect(answers.length - busy.length).toBeGreaterThanOrEqual(42);
    expect(busy.length).toBeGreaterThan(0);
    for (const { body, headers } of busy) {
      expect(body).toMatchObject({ successful: false, status: 503, error: { code: 10_010 } });
      expect(headers.get('Retry-After')).toBe('5');
    }
    const refused = people.filter((_, n) => answers[n]?.status !== 200).slice(0, 3);
    for (const person of refused) expect((await enter(person)).status).toBe(200);
  });
});

describe('too many wrong tries', () => {
  it('keep a name waiting, twice as long each time, and nobody else', async () => {
    const [victim, other] = [await client.user(), await client.user()];
    const wrong = { ...victim, password: 'guess' };
    for (let n = 0; n < 5; n += 1) expect((await tryAs(wrong)).status).toBe(401);
    clock.advance(10_000);
    expect((await tryAs(wrong)).status).toBe(401);
    const held = await tryAs(victim);
    expect(held.body).toMatchObject({ status: 429, error: { code: 30_004 } });
    expect(Number(held.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
    expect((await tryAs(other)).status).toBe(200);
    clock.advance(10_000);
    expect((await tryAs(wrong)).status).toBe(401);
    clock.advance(2000);
    expect((await tryAs(victim)).status).toBe(429);
    clock.advance(10_000);
    expect((await tryAs(victim)).status).toBe(200);
    const rows = await client.database.db
      .select()
      .from(loginFailures)
      .where(eq(loginFailures.key, `user:${victim.username}`));
    expect(rows).toEqual([]);
  });

  it('do not keep out who was logged in already', async () => {
    const person = await client.user();
    expect((await tryAs(person)).status).toBe(200);
    for (let n = 0; n < 6; n += 1) await tryAs({ ...person, password: 'guess' });
    expect((await tryAs({ ...person, password: 'guess' })).status).toBe(429);
    expect((await tryAs(person)).status).toBe(200);
  });

  it('are counted one by one when they come at once; right ones at once are one try', async () => {
    const [guessed, busy] = [await client.user(), await client.user()];
    const guesses = Array.from({ length: 20 }, (_, n) => tryAs({ ...guessed, password: `guess ${n}` }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(15);
    const right = await Promise.all(Array.from({ length: 20 }, () => tryAs(busy)));
    expect(right.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });
});
