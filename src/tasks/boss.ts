import { PgBoss } from 'pg-boss';
import { type Log, silentLog } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { poolDatabase } from './job-database.ts';
import { CREATE_QUEUE, CREATE_QUEUE_SETTINGS, SHARED_QUEUE } from './jobs.ts';

/** How often pg-boss looks for jobs whose worker is lost: with the 10 s heartbeat, redelivery within 14 s. */
const SUPERVISE_SECONDS = 2;

/** What pg-boss is to this service: no cron, no workers of its own (they sleep between jobs), no telemetry. */
const bossOf = (sql: Sql, supervise: boolean): PgBoss =>
  new PgBoss({
    db: poolDatabase(sql),
    schedule: false,
    supervise,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });

/**
 * Create or migrate pg-boss's schema (`pgboss`) and the queue that all share. Safe for any number of processes at once: it takes its own lock.
 * Needed once before the first `sendJobs`; belongs beside our own migrations.
 */
export async function installJobs(sql: Sql): Promise<void> {
  const boss = await startBoss(bossOf(sql, false), silentLog);
  await boss.stop({ graceful: false });
  await sql.unsafe(CREATE_QUEUE, [SHARED_QUEUE, CREATE_QUEUE_SETTINGS]);
}

/** pg-boss for a worker: fetches, heartbeats, and finds the jobs of lost workers. Stop it when done. */
export const openBoss = (sql: Sql, log: Log): Promise<PgBoss> => startBoss(bossOf(sql, true), log);

async function startBoss(boss: PgBoss, log: Log): Promise<PgBoss> {
  boss.on('error', (error) => log.error({ error: error.message }, 'job queue error'));
  boss.on('warning', (warning) => log.warn({ detail: warning.data }, warning.message));
  return boss.start({ attempts: 5 });
}
