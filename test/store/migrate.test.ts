import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase, pendingMigrations } from '../../src/store/migrate.ts';
import { users } from '../../src/store/schema/access.ts';
import { createUser } from '../harness/context.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

let empty: TestDatabase;
let migrated: TestDatabase;
beforeAll(async () => {
  empty = await testDatabase({ empty: true });
  migrated = await testDatabase();
});
afterAll(async () => {
  await Promise.all([empty.close(), migrated.close()]);
});

test('four replicas that migrate an empty database at once all come up', async () => {
  const before = await pendingMigrations(empty.db);
  expect(before.length).toBeGreaterThan(0);
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrateDatabase(empty.address)));
  expect(applied.filter((count) => count > 0)).toEqual([before.length]);
  expect(await pendingMigrations(empty.db)).toEqual([]);
});

test('a copy of the template is migrated and takes rows by URL too', async () => {
  expect(await pendingMigrations(migrated.db)).toEqual([]);
  const user = await createUser(migrated.db, { roles: ['admin'] });
  const rows = await migrated.db.select({ id: users.id, roles: users.roles }).from(users);
  expect(rows).toEqual([{ id: user.userId, roles: ['admin'] }]);
});

test('the database clock is the server’s', async () => {
  const at = await migrated.clock.now();
  expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(60_000);
});
