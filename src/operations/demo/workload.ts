import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '../../store/database.ts';
import { DEMO_DATABASE } from './demo-database.ts';
import { makeTroubles } from './troubles.ts';

const SAMPLE_MS = 500;
/** Sessions report their counters once a second: samples before that would hold the loading of the data as a spike. */
const SETTLE_MS = 1_500;
const CLIENTS = 3;

/** Work on the demo database for `seconds`, with some troubles in it, and sample its statistics twice a second into `statistics`. */
export async function runWorkload(sql: Sql, seconds: number, onProgress: (done: number) => void): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const started = performance.now();
  const clients = Array.from({ length: CLIENTS }, (_, client) => transferUntil(sql, until, client));
  const sampler = (async () => {
    await pause(SETTLE_MS);
    while (performance.now() < until) {
      await sample(sql);
      onProgress((performance.now() - started) / (seconds * 1000));
      await pause(SAMPLE_MS);
    }
  })();
  await Promise.all([...clients, makeTroubles(sql, until), sampler]);
  await sql`analyze`;
}

/** Transfers in waves, so that the charts have something to show; one in twenty rolls back. */
async function transferUntil(sql: Sql, until: number, client: number): Promise<void> {
  for (let turn = 0; performance.now() < until; turn += 1) {
    const account = (turn * 7919 + client * 104_729) % 20_000;
    const failed = turn % 20 === 19;
    await sql
      .begin(async (tx) => {
        await tx`update accounts set balance = balance + ${turn % 100} where id = ${account + 1}`;
        await tx`insert into transfers (account, amount, at) values (${account + 1}, ${turn % 100}, clock_timestamp())`;
        if (turn % 5 === 0) await tx`select count(*) from flights where delay > ${turn % 60}`;
        if (turn % 50 === 0) await tx`delete from transfers where id % 97 = ${turn % 97}`;
        if (failed) throw new RolledBack();
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
    await pause(2 + 6 * (1 + Math.sin(performance.now() / 900 + client)));
  }
}

class RolledBack extends Error {}

async function sample(sql: Sql): Promise<void> {
  await sql`
    insert into statistics
    select clock_timestamp(), xact_commit, xact_rollback, tup_returned, tup_inserted, tup_updated, tup_deleted,
           blks_hit, blks_read, numbackends
    from pg_stat_database where datname = ${DEMO_DATABASE}`;
}
