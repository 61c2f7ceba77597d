import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { BroadsheetError } from '../errors.ts';
import type { Sql } from './database.ts';
import { connect, type DatabaseAddress } from './database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Key of the advisory lock: the letters BSHT. */
const LOCK_KEY = 0x42534854;

const OLDEST_SERVER = 130_000;

/**
 * Apply what is missing of `drizzle/`. Drizzle's own migrator is not safe for several replicas at once, so it runs on a
 * single connection that holds an advisory lock: the others wait and then find nothing to do.
 * @returns how many migrations were applied.
 * @throws BroadsheetError `unavailable` when the server is older than PostgreSQL 13.
 */
export async function migrateDatabase(address: DatabaseAddress): Promise<number> {
  const sql = connect(address, { max: 1, applicationName: 'broadsheet migrate' });
  try {
    await checkServer(sql);
    await sql`select pg_advisory_lock(${LOCK_KEY})`;
    const before = await appliedMigrations(sql);
    await migrate(drizzle({ client: sql }), { migrationsFolder: MIGRATIONS });
    const after = await appliedMigrations(sql);
    return after.size - before.size;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function checkServer(sql: Sql): Promise<void> {
  const [row] = await sql<{ number: number; version: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
  if (row && row.number < OLDEST_SERVER) {
    throw new BroadsheetError('unavailable', `PostgreSQL ${row.version} is too old: 13 or newer is needed`);
  }
}

/** Names of the migrations of this version that a database lacks, in order. */
export async function pendingMigrations(sql: Sql): Promise<string[]> {
  const applied = await appliedMigrations(sql);
  return ourMigrations().filter((name) => !applied.has(name));
}

function ourMigrations(): string[] {
  return readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function appliedMigrations(sql: Sql): Promise<Set<string>> {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`;
  if (!table?.name) return new Set();
  const rows = await sql<{ name: string }[]>`select name from drizzle.__drizzle_migrations`;
  return new Set(rows.map((row) => row.name));
}
