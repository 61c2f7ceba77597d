import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { BroadsheetError, messageOf } from '../errors.ts';
import { connect, type DatabaseAddress, type Db, type Sql } from './database.ts';
import { execute } from './execute.ts';

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Key of the advisory lock: the letters BSHT. */
const LOCK_KEY = 0x42534854;

const OLDEST_SERVER = 130_000;

/**
 * Apply what is missing of `drizzle/`. Drizzle's own migrator is not safe for several replicas at once, so it runs on a
 * single connection that holds an advisory lock: the others wait and then find nothing to do.
 * @returns how many migrations were applied.
 * @throws BroadsheetError `unavailable` when the server does not answer, does not let us in or is older than PostgreSQL 13.
 */
export async function migrateDatabase(address: DatabaseAddress): Promise<number> {
  const sql = connect(address, { max: 1, applicationName: 'broadsheet migrate' });
  try {
    await checkServer(sql);
    await sql`select pg_advisory_lock(${LOCK_KEY})`;
    const db = drizzle({ client: sql });
    const pending = await pendingMigrations(db as unknown as Db);
    await migrate(db, { migrationsFolder: MIGRATIONS });
    return pending.length;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function checkServer(sql: Sql): Promise<void> {
  const [row] = await sql<{ number: number; version: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version`.catch(
    (cause: unknown) => {
      const message = `the database cannot be used: ${messageOf(cause)} (\`broadsheet doctor\` says how to mend it)`;
      throw new BroadsheetError('unavailable', message, undefined, { cause });
    },
  );
  if (row && row.number < OLDEST_SERVER) {
    throw new BroadsheetError('unavailable', `PostgreSQL ${row.version} is too old: 13 or newer is needed`);
  }
}

/** Names of the migrations of this version that a database lacks, in order. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const applied = await appliedMigrations(db);
  return readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !applied.has(entry.name))
    .map((entry) => entry.name)
    .sort();
}

async function appliedMigrations(db: Db): Promise<Set<string>> {
  const [table] = await execute<{ there: boolean }>(
    db,
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
    [],
  );
  if (!table?.there) return new Set();
  const rows = await execute<{ name: string }>(db, 'select name from drizzle.__drizzle_migrations', []);
  return new Set(rows.map((row) => row.name));
}
