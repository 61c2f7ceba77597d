import type { PgAsyncDatabase } from 'drizzle-orm/pg-core';
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Clock } from '../clock.ts';
import { preparing } from './prepared.ts';

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

/** The superuser of the embedded server, and the login of the service. */
export const EMBEDDED_ROLE = 'broadsheet';

const CONNECT_TIMEOUT_SECONDS = 10;
const IDLE_TIMEOUT_SECONDS = 60;

/** A postgres.js client on our own PostgreSQL. No connection is made before the first query. */
export function connect(address: DatabaseAddress, options: { max: number; applicationName?: string }): Sql {
  const settings: postgres.Options<Record<string, never>> = {
    max: options.max,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    idle_timeout: IDLE_TIMEOUT_SECONDS,
    onnotice: () => undefined,
    connection: { application_name: options.applicationName ?? 'broadsheet' },
  };
  if ('socketDir' in address) {
    const { socketDir, database } = address;
    return postgres({ ...settings, host: socketDir, port: 5432, ssl: false, database, username: EMBEDDED_ROLE });
  }
  const { url, socket } = splitSocket(address.url);
  return postgres(url, socket ? { ...settings, host: socket } : settings);
}

/** The URL form of an address: for child processes and for reports about the service itself. */
export function addressUrl(address: DatabaseAddress): string {
  if ('url' in address) return address.url;
  return `postgres://${EMBEDDED_ROLE}@localhost/${address.database}?host=${encodeURIComponent(address.socketDir)}`;
}

/** libpq's `?host=/folder` names a unix socket; postgres.js does not know it. */
function splitSocket(text: string): { url: string; socket: string | undefined } {
  if (!URL.canParse(text)) return { url: text, socket: undefined };
  const url = new URL(text);
  const host = url.searchParams.get('host');
  if (!host?.startsWith('/')) return { url: text, socket: undefined };
  url.searchParams.delete('host');
  return { url: url.href, socket: host };
}

/** Open a pool. No connection is made before the first query. */
export function openDatabase(
  address: DatabaseAddress,
  options: { max?: number; applicationName?: string } = {},
): Database {
  const names = options.applicationName === undefined ? {} : { applicationName: options.applicationName };
  const sql = connect(address, { max: options.max ?? 10, ...names });
  const clockSql = connect(address, { max: 1, ...names });
  return {
    sql,
    db: drizzle({ client: preparing(sql) }) as unknown as Db,
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
