import { randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { type Clock, fixedClock } from '../../../src/clock.ts';
import { createCruddyApp } from '../../../src/http/cruddy/cruddy.ts';
import { ensureFirstAdmin, type FirstAdmin } from '../../../src/operations/access/ensure-first-admin.ts';
import type { Role } from '../../../src/store/schema/access.ts';
import { createUser, testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';

export const NOW = new Date('2026-03-02T10:00:00.123Z');

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly body: any;
  readonly headers: Headers;
}

export interface Client {
  readonly app: OpenAPIHono;
  readonly database: TestDatabase;
  readonly admin: FirstAdmin;
  readonly clock: Clock & { set(next: Date): void; advance(milliseconds: number): void };
  /** A request as the admin, unless told otherwise; `headers` replace the usual ones. */
  call(
    method: string,
    path: string,
    body?: unknown,
    options?: { user?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  user(roles?: Role[], groupIds?: string[]): Promise<string>;
  close(): Promise<void>;
}

/** The cruddy app on a database of its own, with its first admin. */
export async function cruddyClient(settings: Record<string, string> = {}): Promise<Client> {
  const database = await testDatabase();
  const clock = fixedClock(NOW);
  const config = testConfig(settings);
  const base = testCtx({ db: database.db, clock, config });
  const admin = await ensureFirstAdmin({ ctx: base });
  if (!admin) throw new Error('the store already had users');
  const app = createCruddyApp({ contextOf: (facts) => ({ ...base, ...facts }) });
  return {
    app,
    database,
    admin,
    clock,
    call: async (method, path, body, options = {}) => {
      const headers = new Headers(
        options.headers ?? { PgrApiKey: admin.key, 'Pgr-User-ID': options.user ?? admin.userId },
      );
      const init: RequestInit = { method, headers };
      if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await app.request(path, init);
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
    user: async (roles = [], groupIds = []) => (await createUser(database.db, { roles, groupIds })).userId,
    close: () => database.close(),
  };
}

export const someId = (): string => randomUUID();
