import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { addressUrl, connect, type Database, type DatabaseAddress, openDatabase } from '../../src/store/database.ts';

/** A migrated database of a test file's own. */
export interface TestDatabase extends Database {
  readonly address: DatabaseAddress;
  /** For child processes: the value of DATABASE_URL. */
  readonly url: string;
  /** Close the pool and drop the database. */
  close(): Promise<void>;
}

/** Name of the database that test databases are copies of. */
export const TEMPLATE = 'broadsheet_template';

/**
 * A fresh database, copied from the migrated template (or `empty`). Call it in `beforeAll`, and `close()` in `afterAll`.
 * Roles are shared by all databases of the run: give them names of your own file.
 */
export async function testDatabase(options: { max?: number; empty?: boolean } = {}): Promise<TestDatabase> {
  const socketDir = inject('socketDir');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = connect({ socketDir, database: 'postgres' }, { max: 1, applicationName: 'test admin' });
  await admin.unsafe(`create database ${name}${options.empty ? '' : ` template ${TEMPLATE}`}`);
  const address: DatabaseAddress = { socketDir, database: name };
  const database = openDatabase(address, { max: options.max ?? 10, applicationName: 'test' });
  return {
    ...database,
    address,
    url: addressUrl(address),
    close: async () => {
      await database.close();
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end({ timeout: 5 });
    },
  };
}
