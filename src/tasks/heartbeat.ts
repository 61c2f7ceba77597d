import { inArray } from 'drizzle-orm';
import type { Job as BossJob, PgBoss } from 'pg-boss';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from '../store/database.ts';
import { subtasks } from '../store/schema/tasks.ts';
import { beatWorker, forgetLostWorkers, removeWorker, type WorkerPresence } from '../store/worker-beats.ts';
import type { Job } from './jobs.ts';
import type { RunningSteps } from './work-step.ts';

export interface HeartbeatOptions {
  readonly database: Pick<Database, 'sql' | 'db'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly presence: WorkerPresence;
  readonly running: RunningSteps;
  /** Without: a process that works without jobs. */
  readonly boss?: PgBoss;
  held(): readonly BossJob<Job>[];
}

export interface Heartbeat {
  /** Look now for steps that are to be stopped. */
  look(): void;
  /** The last beat that reached the store is not older than three. */
  alive(): boolean;
  stop(): Promise<void>;
}

const BEAT_MS = 2_000;
const FORGET_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Every 2 s: enter the worker's beat, touch the jobs in hand (pg-boss gives a job without a touch for 10 s to another
 * worker), and stop steps that were canceled or taken over. One beat at a time; a late one is better than two.
 */
export async function startHeartbeat(options: HeartbeatOptions): Promise<Heartbeat> {
  const { database, clock, log, presence } = options;
  let beating: Promise<void> | null = null;
  let lastBeat = performance.now();
  const report = (error: unknown): void => log.error({ error: messageOf(error) }, 'heartbeat failed');
  const beat = (): void => {
    beating ??= beatOnce(options)
      .then(() => {
        lastBeat = performance.now();
      })
      .catch(report)
      .finally(() => {
        beating = null;
      });
  };
  const now = await clock.now();
  await beatWorker(database.sql, presence, now);
  await forgetLostWorkers(database.sql, new Date(now.getTime() - FORGET_AFTER_MS));
  const timer = setInterval(beat, BEAT_MS);
  return {
    look: () => void stopUnwanted(options).catch(report),
    alive: () => performance.now() - lastBeat < 3 * BEAT_MS,
    stop: async () => {
      clearInterval(timer);
      await beating;
      await removeWorker(database.sql, presence.id);
    },
  };
}

async function beatOnce(options: HeartbeatOptions): Promise<void> {
  const { database, clock, presence, boss, held } = options;
  await beatWorker(database.sql, presence, await clock.now());
  for (const [queue, jobs] of Map.groupBy(held(), (job) => job.name)) {
    await boss?.touch(
      queue,
      jobs.map((job) => ({ id: job.id, retryCount: job.retryCount })),
    );
  }
  await stopUnwanted(options);
}

async function stopUnwanted({ database, running }: HeartbeatOptions): Promise<void> {
  if (running.size === 0) return;
  const rows = await database.db
    .select({ id: subtasks.id, state: subtasks.state, attempt: subtasks.attempt })
    .from(subtasks)
    .where(inArray(subtasks.id, [...running.keys()]));
  for (const row of rows) {
    const step = running.get(row.id);
    if (row.state === 'CANCELING') step?.stop('canceled');
    else if (step && row.attempt !== step.claim.attempt) step.stop('fenced');
  }
}
