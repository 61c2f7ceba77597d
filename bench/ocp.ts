/**
 * What ordering a workload report costs over HTTP, beside the least that any such order must cost: a connection that
 * begins, inserts one row and commits, durably, in the same database and turn by turn. Then what a page of a long list of
 * reports costs: the first, and the thousandth. Run it with
 *
 *     npm exec -- node bench/ocp.ts
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { createRoutes } from '../src/http/routes.ts';
import { listen } from '../src/http/server.ts';
import { silentLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { hashPassword } from '../src/operations/access/passwords.ts';
import { createSecrets } from '../src/secrets.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded-server.ts';
import { migrateDatabase } from '../src/store/migrate.ts';
import { installJobs } from '../src/tasks/boss.ts';

const REPORTS = 10_000;
const WARM_UPS = 30;
const ROUNDS = 200;
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

/** A user, a cluster with two snapshots, and a table for bare rows. */
async function prepare({ sql }: Database): Promise<{ cluster: number; start: number; end: number }> {
  const hash = await hashPassword(PASSWORD);
  await sql`insert into users (username, email, roles, password_hash, created_at, updated_at)
            values ('bench', 'bench@example.test', '{admin}', ${hash}, now(), now())`;
  const [cluster] = await sql<{ id: number }[]>`
    insert into clusters (name, kind, ob_cluster_id, url_sealed, url_masked, created_at, updated_at, capture_enabled)
    values ('bench', 'POSTGRESQL', 1, '', '', now(), now(), false) returning id::int`;
  const id = cluster?.id ?? 0;
  const snapshots = await sql<{ id: number }[]>`
    insert into snapshots (cluster_id, captured_at, created_at, trigger, state, engine)
    select ${id}, at, at, 'scheduled', 'ok', 'postgres' from unnest(array[now() - interval '2 h', now() - interval '1 h']) at
    returning id::int`;
  await sql`create table bare (id bigint generated always as identity primary key, at timestamptz, name text)`;
  return { cluster: id, start: snapshots[0]?.id ?? 0, end: snapshots[1]?.id ?? 0 };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** One request over a kept connection; its body, of a 200. */
async function call(method: string, url: string, body?: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = {
    'Content-Type': 'application/json',
    ...(body ? { 'Content-Length': Buffer.byteLength(body) } : {}),
  };
  const sent = request(url, { method, agent, auth: `bench:${PASSWORD}`, headers }, (answer) => {
    let text = '';
    answer.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(text))));
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

async function orders(database: Database, url: string, range: { start: number; end: number }): Promise<void> {
  const body = JSON.stringify({
    startSnapshotId: range.start,
    endSnapshotId: range.end,
    name: 'a report of the bench',
  });
  const { sql } = database;
  const bare: number[] = [];
  const posts: number[] = [];
  for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
    const insert = await timed(() => sql.begin((tx) => tx`insert into bare (at, name) values (now(), 'a row')`));
    const post = await timed(() => call('POST', url, body));
    if (round < 0) continue;
    bare.push(insert);
    posts.push(post);
  }
  process.stdout.write(`BEGIN, INSERT, COMMIT  ${ms(bare)}\nPOST reports           ${ms(posts)}\n`);
  process.stdout.write(`ratio                  ${(median(posts) / median(bare)).toFixed(2)}\n`);
}

async function pages(
  { sql }: Database,
  url: string,
  { cluster, start, end }: { cluster: number; start: number; end: number },
): Promise<void> {
  await sql`delete from workload_reports`;
  await sql`
    insert into workload_reports (cluster_id, name, start_snapshot_id, end_snapshot_id, begin_at, end_at, status,
      creator_name, created_at, updated_at)
    select ${cluster}, 'report ' || n, ${start}, ${end}, now(), now(), 'SUCCESSFUL', 'bench', now(), now()
    from generate_series(1, ${REPORTS}) n`;
  await sql`vacuum analyze workload_reports`;
  const first: number[] = [];
  const last: number[] = [];
  for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
    const one = await timed(() => call('GET', url));
    const far = await timed(() => call('GET', `${url}?page=${REPORTS / 10}`));
    if (round < 0) continue;
    first.push(one);
    last.push(far);
  }
  process.stdout.write(`page 1                 ${ms(first)}\npage ${REPORTS / 10}              ${ms(last)}\n`);
  process.stdout.write(`ratio                  ${(median(last) / median(first)).toFixed(2)}\n`);
}

const folder = await mkdtemp(join(tmpdir(), 'bench-ocp-'));
await chmod(folder, 0o755);
const server = await startEmbedded({ dataDir: folder, log: silentLog });
const address = { socketDir: server.socketDir, database: server.database };
await migrateDatabase(address);
const database = openDatabase(address);
try {
  await installJobs(database.sql);
  const range = await prepare(database);
  const ambient = {
    db: database.db,
    clock: database.clock,
    config: readConfig({ OCP_REQUESTS_PER_MINUTE: '0' }),
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
  const url = `${http.url}/api/v2/ob/clusters/${range.cluster}/performance/workload/reports`;
  process.stdout.write(`load ${loadavg()[0]?.toFixed(1)}, ${ROUNDS} rounds, medians\n`);
  await orders(database, url, range);
  await pages(database, url, range);
  agent.destroy();
  await http.close(1000);
} finally {
  await database.close();
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
