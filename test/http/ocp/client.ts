import { randomBytes, scryptSync } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Clock } from '../../../src/clock.ts';
import { createRoutes } from '../../../src/http/routes.ts';
import { type HttpServer, listen } from '../../../src/http/server.ts';
import { silentLog } from '../../../src/log.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { users } from '../../../src/store/schema/access.ts';
import { clusters, type SnapshotState, snapshots } from '../../../src/store/schema/fleet.ts';
import { installJobs } from '../../../src/tasks/boss.ts';
import { createUser, testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly body: any;
  readonly text: string;
  readonly headers: Headers;
}

export interface Caller {
  readonly userId: string;
  readonly username: string;
  readonly password: string;
}

export interface OcpClient {
  readonly database: TestDatabase;
  readonly ctx: Ctx;
  readonly url: string;
  readonly admin: Caller;
  /** A user with a password, and a grant on a cluster if one is named. */
  user(roles?: readonly 'admin'[]): Promise<Caller>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  /** Null: nobody. Default: the admin, by Basic. */
  readonly as?: Caller | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The whole HTTP surface on a real socket, over a database of its own with an admin that has a password. */
export async function ocpClient(settings: Record<string, string> = {}, clock?: Clock): Promise<OcpClient> {
  const database = await testDatabase();
  await installJobs(database.sql);
  const ctx = testCtx({ db: database.db, clock: clock ?? database.clock, config: testConfig(settings) });
  const routes = createRoutes({
    contextOf: (facts) => ({ ...ctx, ...facts }),
    workerHealth: () => 'off',
    log: silentLog,
    metrics: ctx.metrics,
    version: '0.0.0',
  });
  const server: HttpServer = await listen(routes, { host: '127.0.0.1', port: 0 });
  const user = async (roles: readonly 'admin'[] = []): Promise<Caller> => {
    const username = `user ${randomBytes(4).toString('hex')} ü`;
    const password = randomBytes(9).toString('base64');
    const { userId } = await createUser(database.db, { username, email: 'x@example.test', roles: [...roles] });
    await database.db
      .update(users)
      .set({ passwordHash: quickHash(password) })
      .where(eq(users.id, userId));
    return { userId, username, password };
  };
  const admin = await user(['admin']);
  return {
    database,
    ctx,
    url: server.url,
    admin,
    user,
    call: async (method, path, { as = admin, body, headers = {} } = {}) => {
      // A connection each: one that is kept may be closed while a busy test machine makes the next request.
      const sent = new Headers({ Connection: 'close', ...(as === null ? {} : { Authorization: basic(as) }) });
      if (body !== undefined && typeof body !== 'string') sent.set('Content-Type', 'application/json');
      for (const [name, value] of Object.entries(headers)) sent.set(name, value);
      const init: RequestInit = { method, headers: sent };
      if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(`${server.url}${path}`, init);
      const text = await response.text();
      const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
    },
    close: async () => {
      await server.close(1000);
      await database.close();
    },
  };
}

/** A stored password as the service stores it, with parameters that cost nothing. */
function quickHash(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 16, r: 8, p: 1 });
  return `$scrypt$ln=4,r=8,p=1$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

export const basic = ({ username, password }: Pick<Caller, 'username' | 'password'>): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** A cluster row, of a server that is never asked. */
export async function clusterRow(
  client: OcpClient,
  values: Partial<typeof clusters.$inferInsert> = {},
): Promise<number> {
  const at = await client.ctx.clock.now();
  const [row] = await client.database.db
    .insert(clusters)
    .values({
      name: `cluster ${randomBytes(4).toString('hex')}`,
      kind: 'POSTGRESQL',
      obClusterId: 100_005,
      urlSealed: Buffer.from('none'),
      urlMasked: 'postgres://watcher:***@db.example.test:5432/app',
      captureEnabled: false,
      createdAt: at,
      updatedAt: at,
      ...values,
    })
    .returning({ id: clusters.id });
  if (row === undefined) throw new Error('no cluster was made');
  return row.id;
}

/** A snapshot row without parts. */
export async function snapshotRow(
  client: OcpClient,
  clusterId: number,
  capturedAt: Date,
  state: SnapshotState = 'ok',
): Promise<number> {
  const values = {
    clusterId,
    capturedAt,
    createdAt: capturedAt,
    trigger: 'scheduled' as const,
    state,
    engine: 'postgres',
  };
  const [row] = await client.database.db.insert(snapshots).values(values).returning({ id: snapshots.id });
  if (row === undefined) throw new Error('no snapshot was made');
  return row.id;
}
