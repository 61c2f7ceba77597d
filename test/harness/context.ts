import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../src/clock.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { type Actor, type Ctx, serviceActor } from '../../src/operations/context.ts';
import { createSecrets } from '../../src/secrets.ts';
import type { Db } from '../../src/store/database.ts';
import { groups, groupUsers, type Role, users } from '../../src/store/schema/access.ts';

/** The instant at which fixtures are made. */
export const FIXTURE_TIME = new Date('2026-01-01T00:00:00Z');

/** Defaults of all settings, without the environment of whoever runs the tests. */
export const testConfig = (settings: Record<string, string> = {}): Config => readConfig(settings);

/** What a verb gets: an admin service actor, silent log and defaults, unless told otherwise. */
export function testCtx(given: Partial<Ctx> & { db: Db; clock: Clock }): Ctx {
  return {
    actor: serviceActor,
    log: silentLog,
    signal: new AbortController().signal,
    requestId: randomUUID(),
    traceId: null,
    config: testConfig(),
    secrets: createSecrets(randomBytes(32)),
    metrics: createMetrics(),
    ...given,
  };
}

/** A user row, and the actor that acts as it. */
export async function createUser(
  db: Db,
  options: { username?: string; email?: string; roles?: Role[]; groupIds?: string[] } = {},
): Promise<Actor & { userId: string; email: string }> {
  const username = options.username ?? `user-${randomBytes(4).toString('hex')}`;
  const email = options.email ?? `${username}@example.test`;
  const roles = options.roles ?? [];
  const [row] = await db
    .insert(users)
    .values({ username, email, roles, createdAt: FIXTURE_TIME, updatedAt: FIXTURE_TIME })
    .returning({ id: users.id });
  if (!row) throw new Error('no user was made');
  const groupIds = options.groupIds ?? [];
  if (groupIds.length > 0) await db.insert(groupUsers).values(groupIds.map((groupId) => ({ groupId, userId: row.id })));
  return { userId: row.id, email, roles, groupIds };
}

/** A group row. */
export async function createGroup(db: Db, name = `group-${randomBytes(4).toString('hex')}`): Promise<string> {
  const [row] = await db
    .insert(groups)
    .values({ name, createdAt: FIXTURE_TIME, updatedAt: FIXTURE_TIME })
    .returning({ id: groups.id });
  if (!row) throw new Error('no group was made');
  return row.id;
}
