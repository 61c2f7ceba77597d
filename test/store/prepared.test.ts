import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase({ max: 1 });
});
afterAll(() => database.close());

/** Texts like this that the one connection of the pool has prepared. */
async function prepared(like: string): Promise<string[]> {
  const rows = await database.sql<{ statement: string }[]>`
    select statement from pg_prepared_statements where statement like ${like} order by statement`;
  return rows.map(({ statement }) => statement).filter((text) => !text.includes('pg_prepared_statements'));
}

describe('statements of drizzle', () => {
  it('are prepared from the third time on, in transactions and savepoints too', async () => {
    for (let n = 0; n < 2; n += 1) await database.db.execute(sql`select ${n}::int as twice`);
    for (let n = 0; n < 4; n += 1) {
      const rows = await database.db.transaction((tx) =>
        tx.transaction((inner) => inner.execute(sql`select ${n}::int as often`)),
      );
      expect([...rows]).toEqual([{ often: n }]);
    }
    expect(await prepared('select $1::int as %')).toEqual(['select $1::int as often']);
  });

  it('are prepared up to a bound, and long ones never', async () => {
    const long = sql.raw(`/* ${'long '.repeat(4000)} */`);
    for (let n = 0; n < 4; n += 1) await database.db.execute(sql`select ${n}::int ${long}`);
    expect(await prepared('%long long%')).toEqual([]);
    for (let n = 0; n < 300; n += 1) {
      const one = sql`select ${n}::int as ${sql.raw(`n${n}`)}`;
      for (let time = 0; time < 3; time += 1) await database.db.execute(one);
    }
    const all = await prepared('select $1::int as n%');
    expect(all.length).toBeGreaterThan(200);
    expect(all.length).toBeLessThanOrEqual(250);
  });
});
