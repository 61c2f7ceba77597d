import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observeSource } from '../../src/operations/workload/observe-source.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';
import { blocksOf, linesOf } from './printed.ts';

const SLEEPERS = 3;
const LOOKS = 7;

/** By a statement of this test's own, not the sampler's. */
const WAITING = `select wait_event_type as class, wait_event as event, count(*)::int as sessions from pg_stat_activity
  where backend_type = 'client backend' and state = 'active' and wait_event is not null group by 1, 2`;

describe.each(watchableServers())('$name', ({ bin }) => {
  let server: WatchedServer;
  let facts: WorkloadFacts;
  let seen: Map<string, number>;
  let looks = 0;

  beforeAll(async () => {
    // Who waits for a lock wakes up after this time to look for a deadlock, and does not wait meanwhile.
    server = await startWatchedServer(bin, ["deadlock_timeout = '10min'"]);
    await server.sql.unsafe('create table queue as select 1 as id, 0 as state');
    const [root, waiter] = [server.connect(), server.connect()];
    const sleepers = Array.from({ length: SLEEPERS }, () => server.connect());
    await root.unsafe('begin');
    await root.unsafe('update queue set state = 1');
    // They sleep and wait for as long as the server is watched, and longer.
    const asleep = sleepers.map((sql) => sql.unsafe('select pg_sleep(600)').catch(() => undefined));
    const waiting = waiter.unsafe('update queue set state = 2').catch(() => undefined);
    const allWait = async (): Promise<boolean> => {
      const waits = await server.sql.unsafe(WAITING);
      const sessions = (name: string) => waits.find(({ event }) => event === name)?.sessions;
      return sessions('PgSleep') === SLEEPERS && sessions('transactionid') === 1;
    };
    while (!(await allWait()));
    seen = new Map();
    const enough = new AbortController();
    const watching = observeSource({
      ...{ url: server.url, seconds: 120, locale: 'en' as const, timeZone: 'UTC' },
      ...{ signal: AbortSignal.timeout(150_000), enough: enough.signal },
      onProgress: () => {
        looks += 1;
        if (looks >= LOOKS) enough.abort();
      },
    });
    let rawLooks = 0;
    while (!enough.signal.aborted) {
      rawLooks += 1;
      for (const { class: kind, event, sessions } of await server.sql.unsafe(WAITING)) {
        const key = `${kind} ${event}`;
        seen.set(key, (seen.get(key) ?? 0) + sessions);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
    for (const [key, sessions] of seen) seen.set(key, sessions / rawLooks);
    facts = await watching;
    await server.sql.unsafe(
      "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'pg_sleep|queue' and pid <> pg_backend_pid()",
    );
    await Promise.all([...asleep, waiting]);
    await Promise.all([root, waiter, ...sleepers].map((sql) => sql.end({ timeout: 1 })));
  }, 180_000);

  afterAll(() => server.remove());

  test('sessions on average by wait are those that looks of our own count', () => {
    const lines = linesOf(blocksOf(facts, 'waits'), 'waits');
    const printed = (name: string) => lines.find((line) => `${line.class} ${line.event}` === name);
    expect([seen.get('Timeout PgSleep'), seen.get('Lock transactionid')]).toEqual([SLEEPERS, 1]);
    for (const name of ['Timeout PgSleep', 'Lock transactionid']) {
      expect(printed(name)?.sessions, name).toBeCloseTo(seen.get(name) ?? Number.NaN, 6);
    }
  });

  test('seconds are sessions × the time that was looked at, and shares are of all work', () => {
    const lines = linesOf(blocksOf(facts, 'waits'), 'waits');
    const covered = facts.minutes.reduce((sum, minute) => sum + minute.covered, 0);
    const seconds = (event: string): number => Number(lines.find((line) => line.event === event)?.seconds);
    expect(seconds('PgSleep')).toBeCloseTo(SLEEPERS * covered, 0);
    expect(seconds('transactionid')).toBeCloseTo(covered, 0);
    expect(covered).toBeGreaterThanOrEqual(LOOKS - 1);
    const shares = lines.reduce((sum, { share }) => sum + Number(share ?? 0), 0);
    expect(shares).toBeCloseTo(1, 6);
  });
});
