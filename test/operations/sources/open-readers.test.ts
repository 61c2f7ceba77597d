import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Actor, Ctx } from '../../../src/operations/context.ts';
import { createSource } from '../../../src/operations/sources/create.ts';
import { createSourceReaders, type SourceReaders } from '../../../src/operations/sources/open-readers.ts';
import { updateSource } from '../../../src/operations/sources/update.ts';
import { createSecrets } from '../../../src/secrets.ts';
import { createGroup, createUser, FIXTURE_TIME, testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';

const signal = new AbortController().signal;
let database: TestDatabase;
let readers: SourceReaders;
let ctx: Ctx;
let maker: Actor;
let plain: Actor;
let member: Actor;
let id: string;
const clock = fixedClock(FIXTURE_TIME);
const urlOf = (login: string): string => {
  const { socketDir, database: name } = database.address as { socketDir: string; database: string };
  return `postgres://${login}@localhost/${name}?host=${encodeURIComponent(socketDir)}`;
};
const as = (actor: Actor): Ctx => ({ ...ctx, actor });
const readerFor = (actor: Actor, name = 'sales', needsSql = false) =>
  readers.readerFor({ ctx: as(actor), name, needsSql });
const ask = async (actor: Actor, text: string) =>
  (await (await readerFor(actor)).read({ text, parameters: [] }, signal)).values;

beforeAll(async () => {
  database = await testDatabase();
  await database.sql.unsafe(`
    drop role if exists readers_one; create role readers_one login;
    drop role if exists readers_two; create role readers_two login;
    create table visible_to_all (id int); grant select on visible_to_all to readers_one, readers_two`);
  const config = testConfig({ QUERY_MAX_ROWS: '10', QUERIES_PER_SOURCE: '2' });
  ctx = testCtx({ db: database.db, clock, config });
  const group = await createGroup(database.db);
  maker = await createUser(database.db, { roles: ['sources', 'sql'] });
  plain = await createUser(database.db);
  member = await createUser(database.db, { groupIds: [group] });
  readers = createSourceReaders();
  const input = { name: 'sales', url: urlOf('readers_one'), group_ids: [group] };
  id = String((await createSource({ ctx: as(maker), input })).id);
});
afterAll(async () => {
  await readers.close();
  await database.close();
});

test('owner and members of its groups read a source, others do not', async () => {
  expect(await ask(maker, 'select current_user')).toEqual([['readers_one']]);
  expect(await ask(member, 'select current_user')).toEqual([['readers_one']]);
  await expect(readerFor(plain)).rejects.toMatchObject({ code: 'forbidden' });
  const nobody: Actor = { userId: null, roles: [], groupIds: [], email: null };
  await expect(readerFor(nobody)).rejects.toMatchObject({ code: 'forbidden' });
});

test('SQL needs its right as well', async () => {
  await expect(readerFor(member, 'sales', true)).rejects.toMatchObject({ code: 'forbidden' });
  expect((await readerFor(maker, 'sales', true)).dialect).toBe('postgres');
});

test('unknown and missing names are told', async () => {
  await expect(readerFor(maker, 'nowhere')).rejects.toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('nowhere'),
  });
  await expect(readerFor(maker, '')).rejects.toMatchObject({ code: 'unprocessable' });
});

test('the bounds are those of the configuration', async () => {
  const rows = await (await readerFor(maker)).read({ text: 'select generate_series(1, 50)', parameters: [] }, signal);
  expect([rows.values.length, rows.truncation]).toEqual([10, { by: 'rows', limit: 10 }]);
  const reader = await readerFor(maker);
  const pids = await Promise.all(
    Array.from({ length: 6 }, () =>
      reader.read({ text: 'select pg_backend_pid(), pg_sleep(0.05)', parameters: [] }, signal),
    ),
  );
  expect(new Set(pids.map((found) => found.values[0]?.[0])).size).toBeLessThanOrEqual(2);
});

test('the catalogue is asked for once by many', async () => {
  const reader = await readerFor(maker);
  const [first, second] = await Promise.all([reader.catalogue(signal), reader.catalogue(signal)]);
  expect(first).toBe(second);
  expect(first.tables.some((table) => table.name === 'visible_to_all')).toBe(true);
  expect(first.tables.some((table) => table.name === 'sources')).toBe(false);
  await expect(reader.catalogue(AbortSignal.abort())).rejects.toMatchObject({ code: 'canceled' });
});

test('one pool for all users of a source; a changed source has a new one, and readers given out keep working', async () => {
  const before = await readerFor(maker);
  expect(await readerFor(member)).toBe(before);
  clock.advance(1000);
  await updateSource({ ctx: as(maker), input: { id, url: urlOf('readers_two') } });
  const after = await readerFor(maker);
  expect(after).not.toBe(before);
  const user = { text: 'select current_user', parameters: [] };
  expect((await after.read(user, signal)).values).toEqual([['readers_two']]);
  expect((await before.read(user, signal)).values).toEqual([['readers_one']]);
});

test('with another key the URL does not open, and the error says why', async () => {
  const other = createSecrets(Buffer.alloc(32, 7));
  const stranger = createSourceReaders();
  await expect(
    stranger.readerFor({ ctx: { ...as(maker), secrets: other }, name: 'sales', needsSql: false }),
  ).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('secret key') });
});
