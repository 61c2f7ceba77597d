import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeTogether } from '../../src/store/write-together.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await database.sql`create table parents (id int primary key)`;
  await database.sql`create table children (id int primary key, parent int not null references parents)`;
});
beforeEach(() => database.sql`truncate parents, children`);
afterAll(() => database.close());

const parent = (id: number) => sql`insert into parents values (${id})`;
const child = (id: number, of: number) => sql`insert into children values (${id}, ${of})`;
const rows = async () => {
  const [found] = await database.sql<{ parents: number; children: number }[]>`
    select (select count(*)::int from parents) as parents, (select count(*)::int from children) as children`;
  return [found?.parents, found?.children];
};

describe('writing together', () => {
  it('writes what refers to each other in any order, without a transaction', async () => {
    await writeTogether(database.db, [child(1, 7), parent(7), child(2, 7)]);
    expect(await rows()).toEqual([1, 2]);
  });

  it('writes nothing of it, and wakes nobody, when one of them cannot be written', async () => {
    const woken: string[] = [];
    const listening = await database.sql.listen('together', (payload) => void woken.push(payload));
    const signal = (payload: string) => ({ channel: 'together', payload });
    await expect(
      writeTogether(database.db, [parent(7), child(1, 7), child(2, 8)], [signal('never')]),
    ).rejects.toMatchObject({ cause: { code: '23503' } });
    expect(await rows()).toEqual([0, 0]);
    await writeTogether(database.db, [parent(7)], [signal('one'), signal('two')]);
    await expect.poll(() => woken).toEqual(['one', 'two']);
    await listening.unlisten();
  });

  it('joins a transaction of either kind, and goes with it', async () => {
    const failing = database.sql.begin(async (tx) => {
      await writeTogether(tx, [parent(1)]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await database.sql.begin((tx) => writeTogether(tx, [parent(2), child(1, 2)]));
    await database.db.transaction((tx) => writeTogether(tx, []));
    expect(await rows()).toEqual([1, 1]);
  });
});
