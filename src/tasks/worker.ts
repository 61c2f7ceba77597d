import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job as BossJob, PgBoss } from 'pg-boss';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Database } from '../store/database.ts';
import { dueQueues } from '../store/due-queues.ts';
import type { WorkerPresence } from '../store/worker-beats.ts';
import { openBoss } from './boss.ts';
import { CANCEL_CHANNEL } from './change-task.ts';
import { fetchJobs, type Slots } from './fetch-jobs.ts';
import type { Handlers } from './handlers.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import { JOBS_CHANNEL, type Job, SHARED_QUEUE } from './jobs.ts';
import { type JobPlace, workJob } from './work-job.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly handlers: Handlers;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** `INSTANCE_IDS`: whose queues to serve; `['*']` = all. */
  readonly instances: readonly string[];
  /** Bounded steps at once per queue, counted over all workers. */
  readonly runsAtOnce: number;
  /** Steps at once in this process, by lane. */
  readonly slots?: Slots;
}

export interface Worker {
  readonly id: string;
  start(): Promise<void>;
  /** Take no new work; running steps finish, or after most of the grace are stopped and handed back. */
  stop(graceMs: number): Promise<void>;
  /** Jobs in hand. */
  active(): number;
}

const POLL_MS = 1_000;
/** Kept back from the grace for stopping and handing back what has not finished by itself. */
const HAND_BACK_MS = 4_000;
const DEFAULT_FREE_SLOTS = 8;

/** A worker: fetches jobs when notified, and at least every second; works them; keeps their heartbeats. */
export function createWorker(options: WorkerOptions): Worker {
  const presence: WorkerPresence = {
    id: randomUUID(),
    host: hostname(),
    pid: process.pid,
    instances: options.instances,
  };
  const log = options.log.child({ worker_id: presence.id });
  const jobs = new Map<string, { job: BossJob<Job>; bounded: boolean; done: Promise<void> }>();
  const running: JobPlace['running'] = new Map();
  const slots = options.slots ?? { bounded: Math.max(options.runsAtOnce, 2), free: DEFAULT_FREE_SLOTS };
  let life: { boss: PgBoss; heartbeat: Heartbeat; stopListening: () => Promise<void>; loop: Promise<void> } | undefined;
  let stopping = false;
  let wake: () => void = () => undefined;

  const take = (place: JobPlace, job: BossJob<Job>, bounded: boolean): void => {
    options.metrics.runsActive.inc(bounded ? 1 : 0);
    const done = workJob(place, job)
      .catch((error: unknown) => returnJob(place, job, error))
      .finally(() => {
        jobs.delete(job.id);
        options.metrics.runsActive.dec(bounded ? 1 : 0);
        wake();
      });
    jobs.set(job.id, { job, bounded, done });
  };

  const fetchDue = async (place: JobPlace): Promise<void> => {
    const due = await dueQueues(options.database.sql);
    options.metrics.queueDepth.reset();
    for (const { queue, depth } of due) options.metrics.queueDepth.set({ queue }, depth);
    for (const { queue } of due.filter((entry) => serves(options.instances, entry.queue))) {
      const held = [...jobs.values()].filter((entry) => entry.bounded).length;
      const open = { bounded: slots.bounded - held, free: slots.free - (jobs.size - held) };
      const fetched = await fetchJobs(options.database.sql, place.boss, { queue, open, atOnce: options.runsAtOnce });
      for (const { job, bounded } of fetched) take(place, job, bounded);
    }
  };

  const loop = async (place: JobPlace): Promise<void> => {
    while (!stopping) {
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      await fetchDue(place).catch((error: unknown) =>
        log.error({ error: messageOf(error) }, 'jobs could not be fetched'),
      );
      const poll = new AbortController();
      await Promise.race([woken.promise, sleep(POLL_MS, undefined, { signal: poll.signal }).catch(() => undefined)]);
      poll.abort();
    }
  };

  return {
    id: presence.id,
    active: () => jobs.size,
    start: async () => {
      const { database, clock, handlers } = options;
      const boss = await openBoss(database.sql, log);
      const place: JobPlace = { database, clock, handlers, log, running, boss, workerId: presence.id };
      const held = () => [...jobs.values()].map((entry) => entry.job);
      const heartbeat = await startHeartbeat({ database, clock, log, presence, running, boss, held });
      const stopListening = await listen(database, { wake: () => wake(), cancel: heartbeat.look });
      life = { boss, heartbeat, stopListening, loop: loop(place) };
      log.info({ instances: options.instances }, 'worker started');
    },
    stop: async (graceMs) => {
      if (!life) return;
      stopping = true;
      wake();
      await life.loop;
      const settled = () => Promise.all([...jobs.values()].map((entry) => entry.done));
      await Promise.race([settled(), sleep(Math.max(0, graceMs - HAND_BACK_MS), undefined, { ref: false })]);
      for (const step of running.values()) step.stop('stopping');
      await Promise.race([settled(), sleep(HAND_BACK_MS, undefined, { ref: false })]);
      await life.stopListening();
      await life.heartbeat.stop();
      await life.boss.stop({ graceful: false });
      log.info({ unfinished: jobs.size }, 'worker stopped');
      life = undefined;
    },
  };
}

const serves = (instances: readonly string[], queue: string): boolean =>
  queue === SHARED_QUEUE || instances[0] === '*' || instances.includes(queue);

/** A job that could not even begin, e.g. for want of the store, goes back into its queue. */
async function returnJob({ boss, log }: JobPlace, job: BossJob<Job>, error: unknown): Promise<void> {
  log.error({ job: job.data, error: messageOf(error) }, 'job could not be worked');
  await boss
    .fail(job.name, { id: job.id, retryCount: job.retryCount }, { message: messageOf(error) })
    .catch((problem: unknown) => log.error({ error: messageOf(problem) }, 'job could not be returned'));
}

async function listen(database: Database, on: { wake: () => void; cancel: () => void }): Promise<() => Promise<void>> {
  const jobs = await database.sql.listen(JOBS_CHANNEL, on.wake, on.wake);
  const cancels = await database.sql.listen(CANCEL_CHANNEL, on.cancel, on.cancel);
  return async () => {
    await Promise.all([jobs.unlisten(), cancels.unlisten()]);
  };
}
