import type { PgAsyncDatabase } from 'drizzle-orm/pg-core';
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Clock } from '../clock.ts';

/** A postgres.js client: for hot and locking statements, LISTEN and cursors. */
export type Sql = postgres.Sql;

/** The drizzle handle that verbs use: the pool, or an open transaction. */
export type Db = PgAsyncDatabase<PostgresJsQueryResultHKT, Record<string, never>>;

/** Where our own PostgreSQL is: a URL, or the socket folder of the embedded server. */
export type DatabaseAddress = { readonly url: string } | { readonly socketDir: string; readonly database: string };

export interface Database {
  readonly sql: Sql;
  readonly db: Db;
  /** The database's clock, on a connection of its own so that no transaction waits for it. */
  readonly clock: Clock;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_SECONDS = 10;
const IDLE_TIMEOUT_SECONDS = 60;

/** Open a pool. No connection is made before the first query. */
export function openDatabase(
  address: DatabaseAddress,
  options: { max?: number; applicationName?: string } = {},
): Database {
  const connect = (max: number): Sql => {
    const settings: postgres.Options<Record<string, never>> = {
      max,
      connect_timeout: CONNECT_TIMEOUT_SECONDS,
      idle_timeout: IDLE_TIMEOUT_SECONDS,
      onnotice: () => undefined,
      connection: { application_name: options.applicationName ?? 'broadsheet' },
    };
    return 'url' in address
      ? postgres(address.url, settings)
      : postgres({ ...settings, host: address.socketDir, database: address.database, username: 'broadsheet' });
  };
  const sql = connect(options.max ?? 10);
  const clockSql = connect(1);
  return {
    sql,
    db: drizzle({ client: sql }) as unknown as Db,
    clock: databaseClock(clockSql),
    close: async () => {
      await Promise.all([sql.end({ timeout: 5 }), clockSql.end({ timeout: 5 })]);
    },
  };
}

/** Reads `clock_timestamp()` of the server: the one statement that asks the database for the time. */
function databaseClock(sql: Sql): Clock {
  return {
    now: async () => {
      const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
      return new Date(row?.now ?? Number.NaN);
    },
  };
}
