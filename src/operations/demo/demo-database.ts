import { randomBytes } from 'node:crypto';
import { messageOf } from '../../errors.ts';
import { type DatabaseAddress, openDatabase, type Sql } from '../../store/database.ts';
import type { DemoTable } from './public-data.ts';

export const DEMO_DATABASE = 'broadsheet_demo';
const READER = 'broadsheet_demo_reader';
const MONITOR = 'broadsheet_demo_monitor';

/** The demo's own database beside the store. */
export interface DemoDatabase {
  readonly sql: Sql;
  /** URL of a login that can only look at statistics and demo data. */
  readonly readerUrl: string;
  /** URL of a login that has `pg_monitor` and nothing else: what a cluster is watched with. */
  readonly monitorUrl: string;
  /** Why the server cannot be watched well enough to show it; null where it can. */
  readonly unwatchable: string | null;
  close(): Promise<void>;
}

/**
 * Create (afresh) the database `broadsheet_demo` on the store's server, load the public data into it and make two logins:
 * one that has only `pg_monitor` and SELECT on the demo's tables, and one without that SELECT.
 * @param store where the service's own database is; its login must be allowed to create databases and roles.
 */
export async function createDemoDatabase(store: DatabaseAddress, tables: readonly DemoTable[]): Promise<DemoDatabase> {
  const admin = openDatabase(store, { max: 1, applicationName: 'broadsheet demo' });
  const [password, monitorPassword] = [newPassword(), newPassword()];
  try {
    await admin.sql.unsafe(`drop database if exists ${DEMO_DATABASE} with (force)`);
    await admin.sql.unsafe(`create database ${DEMO_DATABASE}`);
    await createLogin(admin.sql, READER, password);
    await createLogin(admin.sql, MONITOR, monitorPassword);
  } finally {
    await admin.close();
  }
  const demo = openDatabase(demoAddress(store), { max: 10, applicationName: 'broadsheet demo' });
  for (const table of tables) await loadTable(demo.sql, table);
  await demo.sql.unsafe(`
    create table accounts (id int primary key, branch int not null, balance bigint not null default 0, note text);
    insert into accounts select g, g % 20, 0, repeat('x', 80) from generate_series(1, 20000) g;
    create table branches (id int primary key, balance bigint not null default 0);
    insert into branches select g, 0 from generate_series(1, 20) g;
    create table transfers (id bigint generated always as identity primary key, account int, amount int, at timestamptz);
    create table statistics (
      at timestamptz primary key, commits bigint, rollbacks bigint, fetched bigint, inserted bigint, updated bigint,
      deleted bigint, blocks_hit bigint, blocks_read bigint, connections int);
    grant select on all tables in schema public to ${READER};
    analyze;`);
  return {
    sql: demo.sql,
    readerUrl: loginUrl(store, READER, password),
    monitorUrl: loginUrl(store, MONITOR, monitorPassword),
    unwatchable: await addStatements(demo.sql),
    close: demo.close,
  };
}

const newPassword = (): string => randomBytes(18).toString('base64url');

async function createLogin(sql: Sql, login: string, password: string): Promise<void> {
  const exists = await sql`select 1 from pg_roles where rolname = ${login}`;
  if (exists.length === 0) await sql.unsafe(`create role ${login} login`);
  await sql.unsafe(`alter role ${login} password '${password}'; grant pg_monitor to ${login}`);
}

/** Why there is no pg_stat_statements; null where there is. The embedded server has it; another one may lack it. */
async function addStatements(sql: Sql): Promise<string | null> {
  try {
    await sql`create extension if not exists pg_stat_statements`;
    await sql`select from pg_stat_statements(false) limit 1`;
    return null;
  } catch (error) {
    return messageOf(error);
  }
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

function loginUrl(store: DatabaseAddress, login: string, password: string): string {
  if ('socketDir' in store) {
    return `postgres://${login}:${password}@localhost/${DEMO_DATABASE}?host=${encodeURIComponent(store.socketDir)}`;
  }
  const url = new URL(store.url);
  url.pathname = `/${DEMO_DATABASE}`;
  url.username = login;
  url.password = password;
  return url.href;
}
