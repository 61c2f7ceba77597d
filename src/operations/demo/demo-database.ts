import { randomBytes } from 'node:crypto';
import { type DatabaseAddress, openDatabase, type Sql } from '../../store/database.ts';
import type { DemoTable } from './public-data.ts';

export const DEMO_DATABASE = 'broadsheet_demo';
const DEMO_LOGIN = 'broadsheet_demo_reader';

/** The demo's own database beside the store, and the URL of a login that can only look at statistics and demo data. */
export interface DemoDatabase {
  readonly sql: Sql;
  readonly readerUrl: string;
  close(): Promise<void>;
}

/**
 * Create (afresh) the database `broadsheet_demo` on the store's server, load the public data into it and make a login
 * that has only `pg_monitor` and SELECT on the demo's tables.
 * @param store where the service's own database is; its login must be allowed to create databases and roles.
 */
export async function createDemoDatabase(store: DatabaseAddress, tables: readonly DemoTable[]): Promise<DemoDatabase> {
  const admin = openDatabase(store, { max: 1, applicationName: 'broadsheet demo' });
  const password = randomBytes(18).toString('base64url');
  try {
    await admin.sql.unsafe(`drop database if exists ${DEMO_DATABASE} with (force)`);
    await admin.sql.unsafe(`create database ${DEMO_DATABASE}`);
    await createReader(admin.sql, password);
  } finally {
    await admin.close();
  }
  const demo = openDatabase(demoAddress(store), { max: 6, applicationName: 'broadsheet demo' });
  for (const table of tables) await loadTable(demo.sql, table);
  await demo.sql.unsafe(`
    create table accounts (id int primary key, branch int not null, balance bigint not null default 0, note text);
    insert into accounts select g, g % 20, 0, repeat('x', 80) from generate_series(1, 20000) g;
    create table transfers (id bigint generated always as identity primary key, account int, amount int, at timestamptz);
    create table statistics (
      at timestamptz primary key, commits bigint, rollbacks bigint, fetched bigint, inserted bigint, updated bigint,
      deleted bigint, blocks_hit bigint, blocks_read bigint, connections int);
    grant select on all tables in schema public to ${DEMO_LOGIN};
    analyze;`);
  return { sql: demo.sql, readerUrl: readerUrl(store, password), close: demo.close };
}

async function createReader(sql: Sql, password: string): Promise<void> {
  const exists = await sql`select 1 from pg_roles where rolname = ${DEMO_LOGIN}`;
  if (exists.length === 0) await sql.unsafe(`create role ${DEMO_LOGIN} login`);
  await sql.unsafe(`alter role ${DEMO_LOGIN} password '${password}'; grant pg_monitor to ${DEMO_LOGIN}`);
}

async function loadTable(sql: Sql, table: DemoTable): Promise<void> {
  await sql.unsafe(`create table ${table.name} (${table.columns})`);
  await sql.unsafe(
    `insert into ${table.name} select * from jsonb_to_recordset($1::text::jsonb) as r(${table.columns})`,
    [JSON.stringify(table.rows)],
  );
}

function demoAddress(store: DatabaseAddress): DatabaseAddress {
  if ('socketDir' in store) return { ...store, database: DEMO_DATABASE };
  const url = new URL(store.url);
  url.pathname = `/${DEMO_DATABASE}`;
  return { url: url.href };
}

function readerUrl(store: DatabaseAddress, password: string): string {
  if ('socketDir' in store) {
    return `postgres://${DEMO_LOGIN}:${password}@localhost/${DEMO_DATABASE}?host=${encodeURIComponent(store.socketDir)}`;
  }
  const url = new URL(store.url);
  url.pathname = `/${DEMO_DATABASE}`;
  url.username = DEMO_LOGIN;
  url.password = password;
  return url.href;
}
