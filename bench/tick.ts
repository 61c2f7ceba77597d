/**
 * How long one tick takes for 1 000 due tasks, on a table of 10 000 tasks and on one of a million: what is due must
 * cost what is due, not what there is. Both tables lie in one embedded PostgreSQL with its default settings (fsync on),
 * each in a database of its own; rounds alternate between them. Run it with
 *
 *     npm exec -- node bench/tick.ts
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { silentLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { type Ctx, serviceActor } from '../src/operations/context.ts';
import { fireDueTasks } from '../src/operations/report-tasks/fire-due-tasks.ts';
import { createSecrets } from '../src/secrets.ts';
import { connect, type Database, openDatabase } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded-server.ts';
import { migrateDatabase } from '../src/store/migrate.ts';
import { installJobs } from '../src/tasks/boss.ts';

const SIZES = [10_000, 1_000_000];
const DUE = 1_000;
const WARM_UPS = 3;
const ROUNDS = 25;
const START = new Date('2026-06-01T09:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const INTERVALS = ['0 9 * * 1-5', '0 9 * * *', '*/5 * * * *', '0 * * * *', '0 0 L * *', '30 8 * * MON', '15 6 1 * *'];
const ZONES = ['UTC', 'Europe/Moscow', 'Asia/Shanghai', 'America/New_York', 'Europe/Berlin'];

interface Table {
  readonly size: number;
  readonly database: Database;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly ctx: Ctx;
  readonly idle: number[];
  readonly due: number[];
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function openTable(socketDir: string, size: number): Promise<Table> {
  const name = `tick_${size}`;
  const admin = connect({ socketDir, database: 'postgres' }, { max: 1 });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  await migrateDatabase({ socketDir, database: name });
  const database = openDatabase({ socketDir, database: name }, { max: 4 });
  await installJobs(database.sql);
  const clock = fixedClock(START);
  const ctx: Ctx = {
    actor: serviceActor,
    db: database.db,
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    requestId: 'bench',
    traceId: null,
    config: readConfig({}),
    secrets: createSecrets(Buffer.alloc(32)),
    metrics: createMetrics(),
  };
  await fill(database, size);
  return { size, database, clock, ctx, idle: [], due: [] };
}

/** Tasks of 100 reports, 35 pairs of interval and zone, their next fire times spread over the month to come. */
async function fill({ sql }: Database, size: number): Promise<void> {
  const start = START.toISOString();
  await sql`
    insert into reports (name, created_at, updated_at)
    select 'Report ' || n, ${start}, ${start} from generate_series(1, 100) n`;
  await sql`
    with r as (select array_agg(id) as ids from reports)
    insert into report_tasks (interval, time_zone, instance, report_id, locale, subject, created_at, updated_at, next_run_at)
    select (${INTERVALS}::text[])[1 + n % 7], (${ZONES}::text[])[1 + n % 5], '868cf2e9-bd6d-4bac-96ba-2b08120d8cf9',
      r.ids[1 + n % 100], 'en', 'Report of the day', ${start}, ${start},
      ${start}::timestamptz + interval '40 days' + (random() * interval '30 days')
    from r, generate_series(1, ${size}) n`;
  await sql`vacuum analyze report_tasks`;
}

/** One idle tick, then one with a thousand tasks anywhere in the table due at the same instant. */
async function round(table: Table, number: number, timed: boolean): Promise<void> {
  const { sql } = table.database;
  const at = new Date(START.getTime() + number * DAY_MS);
  table.clock.set(at);
  const idleFrom = performance.now();
  await fireDueTasks({ ctx: table.ctx });
  const idle = performance.now() - idleFrom;
  await sql`
    update report_tasks set next_run_at = ${at.toISOString()} where id in (
      select id from report_tasks where id >= (select gen_random_uuid()) order by id limit ${DUE})`;
  const [made] = await sql`select count(*)::int as due from report_tasks where next_run_at <= ${at.toISOString()}`;
  const dueFrom = performance.now();
  const { tasks } = await fireDueTasks({ ctx: table.ctx });
  const due = performance.now() - dueFrom;
  const [fired] = await sql`select count(*)::int as runs from runs`;
  if (made?.due !== tasks || fired?.runs !== tasks)
    throw new Error(`${made?.due} due, ${tasks} fired, ${fired?.runs} runs`);
  await sql`truncate runs cascade`;
  await sql`delete from pgboss.job`;
  // Fired tasks go back to where they were, so that every round finds the same table.
  await sql`
    update report_tasks set next_run_at = ${START.toISOString()}::timestamptz + interval '40 days' + random() * interval '30 days'
    where next_run_at < ${START.toISOString()}::timestamptz + interval '39 days'`;
  if (!timed || tasks !== DUE) return;
  table.idle.push(idle);
  table.due.push(due);
}

const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
// The user that PostgreSQL drops to must reach it.
await chmod(folder, 0o755);
const server = await startEmbedded({ dataDir: folder, sharedFolder: join(folder, 'shared'), log: silentLog });
const tables: Table[] = [];
try {
  for (const size of SIZES) tables.push(await openTable(server.socketDir, size));
  for (let number = 0; number < WARM_UPS + ROUNDS; number += 1) {
    for (const table of tables) await round(table, number, number >= WARM_UPS);
  }
  for (const { size, due, idle } of tables) {
    const spread = `${ms(Math.min(...due))} to ${ms(Math.max(...due))}, ${due.length} rounds`;
    console.log(`${size} tasks: idle tick ${ms(median(idle))}, tick of ${DUE} due ${ms(median(due))} (${spread})`);
  }
  const [small, large] = tables;
  console.log(`ratio ${(median(large?.due ?? []) / median(small?.due ?? [])).toFixed(2)} (goal: at most 1.3)`);
} finally {
  await Promise.all(tables.map((table) => table.database.close()));
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
