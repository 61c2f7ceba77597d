/**
 * What ordering a workload report costs over HTTP, beside the least that any such order must cost in the same database,
 * turn by turn: the rows of an order (task, step, job, report, audit row, a notification) inserted by hand in one
 * transaction over the same kind of client, and a single row. What HTTP alone costs stands beside them. Then what a page
 * of a long list of reports costs: the first, and the thousandth. Run it with
 *
 *     npm exec -- node bench/ocp.ts
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { signedMessage } from '../src/http/auth/signed-message.ts';
import { createRoutes } from '../src/http/routes.ts';
import { listen } from '../src/http/server.ts';
import { silentLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { createAccessKey } from '../src/operations/access/access-keys.ts';
import { signatureOf } from '../src/operations/access/check-signature.ts';
import { hashPassword } from '../src/operations/access/passwords.ts';
import { serviceActor } from '../src/operations/context.ts';
import { createSecrets } from '../src/secrets.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded-server.ts';
import { migrateDatabase } from '../src/store/migrate.ts';
import { installJobs } from '../src/tasks/boss.ts';
import { JOBS_CHANNEL, SHARED_QUEUE } from '../src/tasks/jobs.ts';
import { type KeptConnection, keepConnection } from './ocp/kept-connection.ts';

const REPORTS = 10_000;
const WARM_UPS = 30;
const ROUNDS = 200;
const FIRST_LOGINS = 5;
const PASSWORD = 'bench password';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
const ms = (values: readonly number[]): string => `${median(values).toFixed(1)} ms (95 %: ${p95(values).toFixed(1)})`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

interface Prepared {
  readonly cluster: number;
  readonly user: string;
  readonly start: number;
  readonly end: number;
  readonly accessKey: string;
  readonly secret: string;
  readonly host: string;
  readonly path: string;
  readonly clusterPath: string;
}

const basic = (user: string) => ({ Authorization: `Basic ${Buffer.from(`${user}:${PASSWORD}`).toString('base64')}` });
const BASIC = basic('bench');

/** A user, a cluster with two snapshots, and a table for bare rows. */
async function prepare({ sql }: Database): Promise<Pick<Prepared, 'cluster' | 'user' | 'start' | 'end'>> {
  const hash = await hashPassword(PASSWORD);
  const [user] = await sql<{ id: string }[]>`
    insert into users (username, email, roles, password_hash, created_at, updated_at)
    values ('bench', 'bench@example.test', '{admin}', ${hash}, now(), now()) returning id`;
  const [cluster] = await sql<{ id: number }[]>`
    insert into clusters (name, kind, ob_cluster_id, url_sealed, url_masked, created_at, updated_at, capture_enabled)
    values ('bench', 'POSTGRESQL', 1, '', '', now(), now(), false) returning id::int`;
  const id = cluster?.id ?? 0;
  const snapshots = await sql<{ id: number }[]>`
    insert into snapshots (cluster_id, captured_at, created_at, trigger, state, engine)
    select ${id}, at, at, 'scheduled', 'ok', 'postgres' from unnest(array[now() - interval '2 h', now() - interval '1 h']) at
    returning id::int`;
  await sql`create table bare (id bigint generated always as identity primary key, at timestamptz, name text)`;
  return { cluster: id, user: user?.id ?? '', start: snapshots[0]?.id ?? 0, end: snapshots[1]?.id ?? 0 };
}

type Call = () => Promise<unknown>;

/** Each call in its turn, round by round, so that all of them meet the same machine. Milliseconds by name. */
async function rounds<N extends string>(calls: Readonly<Record<N, Call>>): Promise<Record<N, number[]>> {
  const names = Object.keys(calls) as N[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
    for (const name of names) {
      const took = await timed(calls[name]);
      if (round >= 0) taken[name].push(took);
    }
  }
  return taken;
}

function print(what: string, values: readonly number[], floor?: readonly number[]): void {
  const ratio = floor === undefined ? '' : `   ${(median(values) / median(floor)).toFixed(2)} x`;
  process.stdout.write(`${what.padEnd(58)} ${ms(values)}${ratio}\n`);
}

/** The rows of an order, each inserted by a statement of its own, as one would by hand: over the service's kind of client. */
const sameRows = ({ sql }: Database, { cluster, user, start, end }: Prepared): Promise<unknown> =>
  sql.begin(async (tx) => {
    const at = new Date();
    const context = { report_id: 1, cluster_id: cluster };
    const [task] = await tx<{ id: string }[]>`
      insert into task_instances (name, kind, state, queue, creator_id, executor, context, created_at, updated_at)
      values ('Generate workload report', 'bench', 'RUNNING', ${SHARED_QUEUE}, ${user}, 'bench', ${tx.json(context)}, ${at}, ${at})
      returning id`;
    const taskId = task?.id ?? '';
    const [step] = await tx<{ id: string }[]>`
      insert into subtasks (task_instance_id, name, handler, input, state, lane, created_at, updated_at)
      values (${taskId}, 'Generate report', 'bench', ${tx.json(context)}, 'READY', 'bounded', ${at}, ${at}) returning id`;
    await tx`
      insert into pgboss.job (name, data, singleton_key, group_id, policy)
      values (${SHARED_QUEUE}, ${tx.json({ kind: 'subtask', subtaskId: Number(step?.id) })}, ${`bench:${step?.id}`},
        'bounded', 'standard')`;
    const [report] = await tx<{ id: string }[]>`
      insert into workload_reports (cluster_id, name, start_snapshot_id, end_snapshot_id, begin_at, end_at, status,
        task_instance_id, creator_id, creator_name, created_at, updated_at)
      values (${cluster}, 'a report of the bench', ${start}, ${end}, ${at}, ${at}, 'CREATING', ${taskId}, ${user}, 'bench',
        ${at}, ${at}) returning id`;
    await tx`
      insert into audit_log (at, actor_id, action, object_kind, object_id, request_id, detail)
      values (${at}, ${user}, 'workload_report.create', 'workload_report', ${report?.id ?? ''}, 'bench', ${tx.json(context)})`;
    await tx`select pg_notify(${JOBS_CHANNEL}, ${SHARED_QUEUE})`;
  });

async function orders(database: Database, connection: KeptConnection, prepared: Prepared): Promise<void> {
  const { sql } = database;
  const { path, start, end, accessKey, secret } = prepared;
  const body = JSON.stringify({ startSnapshotId: start, endSnapshotId: end, name: 'a report of the bench' });
  const type = { 'Content-Type': 'application/json' };
  const signed = (): Record<string, string> => {
    const headers = { ...type, Date: new Date().toUTCString() };
    const parts = { method: 'POST', target: path, body: Buffer.from(body) };
    const message = signedMessage({ ...parts, headers: Object.entries({ ...headers, Host: prepared.host }) });
    return { ...headers, Authorization: `OCP-ACCESS-KEY-HMACSHA1 ${accessKey}:${signatureOf(secret, message)}` };
  };
  const taken = await rounds({
    one: () => sql.begin((tx) => tx`insert into bare (at, name) values (now(), 'a row')`),
    rows: () => sameRows(database, prepared),
    get: () => connection.call('GET', '/healthz', {}),
    known: () => connection.call('GET', prepared.clusterPath, BASIC),
    basic: () => connection.call('POST', path, { ...type, ...BASIC }, body),
    keyed: () => connection.call('POST', path, signed(), body),
  });
  print('BEGIN, INSERT of one row, COMMIT', taken.one);
  print('BEGIN, INSERTs of the rows of an order, COMMIT', taken.rows);
  print('HTTP alone: GET /healthz', taken.get);
  print('GET a cluster, Basic: HTTP, who calls, one row', taken.known);
  print('POST reports, Basic (its password remembered)', taken.basic, taken.rows);
  print('POST reports, signed with an access key', taken.keyed, taken.rows);
  print('POST reports, Basic, beside one row', taken.basic, taken.one);
}

/** What a password costs that is not remembered: once in ten minutes for each user and process. */
async function firstLogins({ sql }: Database, connection: KeptConnection, clusterPath: string): Promise<void> {
  const hash = await hashPassword(PASSWORD);
  const taken: number[] = [];
  for (let n = 0; n < FIRST_LOGINS; n += 1) {
    const name = `first ${n}`;
    await sql`insert into users (username, email, roles, password_hash, created_at, updated_at)
              values (${name}, 'first@example.test', '{admin}', ${hash}, now(), now())`;
    taken.push(await timed(() => connection.call('GET', clusterPath, basic(name))));
  }
  print("GET a cluster, Basic, a user's first (scrypt)", taken);
}

async function pages(
  { sql }: Database,
  connection: KeptConnection,
  { cluster, start, end, path }: Prepared,
): Promise<void> {
  await sql`delete from workload_reports`;
  await sql`
    insert into workload_reports (cluster_id, name, start_snapshot_id, end_snapshot_id, begin_at, end_at, status,
      creator_name, created_at, updated_at)
    select ${cluster}, 'report ' || n, ${start}, ${end}, now(), now(), 'SUCCESSFUL', 'bench', now(), now()
    from generate_series(1, ${REPORTS}) n`;
  await sql`vacuum analyze workload_reports`;
  const { first, far } = await rounds({
    first: () => connection.call('GET', path, BASIC),
    far: () => connection.call('GET', `${path}?page=${REPORTS / 10}`, BASIC),
  });
  print('GET page 1 of 10 000 reports', first);
  print(`GET page ${REPORTS / 10}`, far, first);
}

const folder = await mkdtemp(join(tmpdir(), 'bench-ocp-'));
await chmod(folder, 0o755);
const server = await startEmbedded({ dataDir: folder, log: silentLog });
const address = { socketDir: server.socketDir, database: server.database };
await migrateDatabase(address);
const database = openDatabase(address);
try {
  await installJobs(database.sql);
  const rows = await prepare(database);
  const ambient = {
    db: database.db,
    clock: database.clock,
    config: readConfig({ OCP_REQUESTS_PER_MINUTE: '0', ON_DEMAND_AT_ONCE: '0' }),
    secrets: createSecrets(randomBytes(32)),
    metrics: createMetrics(),
  };
  const routes = createRoutes({
    contextOf: (facts) => ({ ...ambient, ...facts, log: silentLog }),
    workerHealth: () => 'off',
    log: silentLog,
    metrics: ambient.metrics,
    version: 'bench',
  });
  const http = await listen(routes, { host: '127.0.0.1', port: 0 });
  const ctx = { ...ambient, actor: serviceActor, log: silentLog, signal: AbortSignal.timeout(60_000) };

  const key = await createAccessKey({
    ctx: { ...ctx, requestId: 'bench', traceId: null },
    input: { userId: rows.user },
  });
  const clusterPath = `/api/v2/ob/clusters/${rows.cluster}`;
  const path = `${clusterPath}/performance/workload/reports`;
  const prepared: Prepared = { ...rows, ...key, host: new URL(http.url).host, path, clusterPath };
  const connection = keepConnection(http.url);
  process.stdout.write(`load ${loadavg()[0]?.toFixed(1)}, ${ROUNDS} rounds, medians\n`);
  await orders(database, connection, prepared);
  await firstLogins(database, connection, clusterPath);
  await pages(database, connection, prepared);
  connection.close();
  await http.close(1000);
} finally {
  await database.close();
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
