import { randomBytes, randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ctx } from '../../../src/operations/context.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { updateCluster } from '../../../src/operations/fleet/update-cluster.ts';
import { loadMinutes } from '../../../src/operations/snapshots/sample-cluster.ts';
import { startWatching } from '../../../src/operations/snapshots/tick.ts';
import { createSecrets } from '../../../src/secrets.ts';
import { claimSampling, endSampling, keepSampling } from '../../../src/store/sampler-claims.ts';
import { clusters } from '../../../src/store/schema/fleet.ts';
import { installJobs } from '../../../src/tasks/boss.ts';
import { testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { until } from '../../tasks/engine.ts';

let database: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  database = await testDatabase();
  await installJobs(database.sql);
  ctx = testCtx({ db: database.db, clock: database.clock, secrets: createSecrets(randomBytes(32)) });
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql`truncate clusters cascade`;
});

/** The store's own server as a cluster. */
const add = async (name: string): Promise<number> =>
  (await createCluster({ ctx, input: { name, kind: 'POSTGRESQL', url: database.url, captureEnabled: false } })).id;

describe('the claim on sampling a cluster', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
  const claim = async (samplerId: string, at: Date, limit = 10): Promise<number[]> =>
    (await claimSampling(database.db, { samplerId, now: at, until: new Date(at.getTime() + 30_000), limit })).map(
      ({ id }) => id,
    );

  test('is given to one process, renewed, taken over when it ran out, and let go', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const ids = [await add('a'), await add('b'), await add('c')];
    expect(await claim(first, now, 2)).toEqual(ids.slice(0, 2));
    expect(await claim(second, now)).toEqual(ids.slice(2));
    const keep = async (samplerId: string, clusterId = ids[0] ?? 0) =>
      (await keepSampling(database.db, { samplerId, clusterId, until: later(50) })).length;
    expect(await keep(first)).toBe(1);
    expect(await claim(second, later(31))).toEqual([ids[1], ids[2]]);
    expect(await claim(second, later(51))).toEqual([ids[0]]);
    expect(await keep(first)).toBe(0);
    await endSampling(database.db, { samplerId: first, clusterId: ids[0] ?? 0 });
    expect(await keep(second)).toBe(1);
    await endSampling(database.db, { samplerId: second, clusterId: ids[0] ?? 0 });
    expect(await claim(first, later(52))).toEqual([ids[0]]);
  });

  test('is not given on a cluster that is not sampled', async () => {
    const id = await add('a');
    await updateCluster({ ctx, input: { id, samplingEnabled: false } });
    expect(await claim(randomUUID(), now)).toEqual([]);
  });
});

/** Samplers that are connected to the store's server now. */
const samplers = async (): Promise<number> =>
  Number(
    (
      await database.db.execute<{ n: number }>(
        sql`select count(*)::int as n from pg_stat_activity where application_name = 'broadsheet sampler'
          and datname = current_database()`,
      )
    )[0]?.n,
  );

const samplerOf = async (id: number) =>
  (await database.db.select().from(clusters).where(eq(clusters.id, id)))[0]?.samplerId ?? null;

describe('processes that watch', () => {
  test('sample a cluster one at a time, and the other goes on when one stops', async () => {
    const began = await database.clock.now();
    const id = await add('a');
    const [one, other] = [startWatching({ ctx }), startWatching({ ctx })];
    const busy = database.sql`select pg_sleep(30)`.execute();
    const first = await until(
      () => samplerOf(id),
      (owner) => owner !== null,
    );
    await until(samplers, (count) => count === 1);
    await one.stop();
    const loops = [other];
    if ((await samplerOf(id)) === first) {
      loops.push(startWatching({ ctx }));
      await other.stop();
    }
    await until(
      () => samplerOf(id),
      (owner) => owner !== null && owner !== first,
    );
    await until(samplers, (count) => count === 1);
    const minutes = async () => loadMinutes(ctx, id, began, new Date(Date.now() + 60_000));
    const sleeping = await until(minutes, (found) =>
      found.some(({ groups }) => groups.some(({ waitEvent }) => waitEvent === 'PgSleep')),
    );
    expect(sleeping[0]?.covered).toBeGreaterThan(0);
    await Promise.all(loops.map((loop) => loop.stop()));
    expect(await samplerOf(id)).toBeNull();
    await until(samplers, (count) => count === 0);
    busy.cancel();
    await busy.catch(() => undefined);
  });

  test('take over a cluster whose process was killed, when its claim has run out', async () => {
    const id = await add('a');
    const killed = { samplerId: randomUUID(), samplerUntil: new Date(Date.now() + 2500) };
    await database.db.update(clusters).set(killed).where(eq(clusters.id, id));
    const loop = startWatching({ ctx });
    const owner = await until(
      () => samplerOf(id),
      (found) => found !== killed.samplerId,
    );
    expect(owner).not.toBeNull();
    expect(Date.now()).toBeGreaterThanOrEqual(killed.samplerUntil.getTime() - 50);
    await loop.stop();
  });
});
