import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
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
import { createHands, type Hands } from './hands.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import { JOBS_CHANNEL, SHARED_QUEUE } from './jobs.ts';
import type { JobPlace } from './work-job.ts';

export interface WorkerOptions {
  readonly database: Pick<Database, 'sql' | 'db'>;
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
  /** Started, and its heart has beaten lately. */
  alive(): boolean;
}

const POLL_MS = 1_000;
/** Kept back from the grace for stopping and handing back what has not finished by itself. */
const HAND_BACK_MS = 4_000;
const FREE_SLOTS = 8;
const LEAST_BOUNDED_SLOTS = 2;

interface Life {
  readonly boss: PgBoss;
  readonly heartbeat: Heartbeat;
  readonly stopListening: () => Promise<void>;
  readonly loop: Loop;
}

/** A worker: fetches jobs when notified, and at least every second; works them; keeps their heartbeats. */
export function createWorker(options: WorkerOptions): Worker {
  const { database, handlers, clock, metrics, instances } = options;
  const presence: WorkerPresence = { id: randomUUID(), host: hostname(), pid: process.pid, instances };
  const log = options.log.child({ worker_id: presence.id });
  const slots = options.slots ?? { bounded: Math.max(options.runsAtOnce, LEAST_BOUNDED_SLOTS), free: FREE_SLOTS };
  const hands = createHands(slots, metrics);
  const running: JobPlace['running'] = new Map();
  let life: Life | undefined;
  let handingBack = false;

  const start = async (): Promise<void> => {
    const boss = await openBoss(database.sql, log);
    handingBack = false;
    const surroundings = { database, clock, handlers, log, running, handingBack: () => handingBack };
    const place: JobPlace = { ...surroundings, boss, workerId: presence.id };
    const heartbeat = await startHeartbeat({ database, clock, log, presence, running, boss, held: hands.held });
    const loop = startLoop(options, place, hands);
    const stopListening = await listen(database, { wake: loop.wake, cancel: heartbeat.look });
    life = { boss, heartbeat, stopListening, loop };
    log.info({ instances }, 'worker started');
  };

  const stop = async (graceMs: number): Promise<void> => {
    if (!life) return;
    const { boss, heartbeat, stopListening, loop } = life;
    life = undefined;
    await loop.stop();
    await Promise.race([hands.settled(), sleep(Math.max(0, graceMs - HAND_BACK_MS), undefined, { ref: false })]);
    handingBack = true;
    for (const step of running.values()) step.stop('stopping');
    await Promise.race([hands.settled(), sleep(HAND_BACK_MS, undefined, { ref: false })]);
    await stopListening();
    await heartbeat.stop();
    await boss.stop({ graceful: false });
    log.info({ unfinished: hands.held().length }, 'worker stopped');
  };

  return { id: presence.id, start, stop, alive: () => life?.heartbeat.alive() ?? false };
}

interface Loop {
  wake(): void;
  /** Fetches no more; resolves when the fetch under way is over. */
  stop(): Promise<void>;
}

function startLoop(options: WorkerOptions, place: JobPlace, hands: Hands): Loop {
  let stopping = false;
  let wake: () => void = () => undefined;
  const turns = async (): Promise<void> => {
    while (!stopping) {
      const woken = new AbortController();
      wake = () => woken.abort();
      await fetchDue(options, place, hands, () => wake()).catch((error: unknown) =>
        place.log.error({ error: messageOf(error) }, 'jobs could not be fetched'),
      );
      await sleep(POLL_MS, undefined, { signal: woken.signal }).catch(() => undefined);
    }
  };
  const ended = turns();
  return {
    wake: () => wake(),
    stop: () => {
      stopping = true;
      wake();
      return ended;
    },
  };
}

async function fetchDue(options: WorkerOptions, place: JobPlace, hands: Hands, onDone: () => void): Promise<void> {
  const { sql } = options.database;
  const due = await dueQueues(sql);
  options.metrics.queueDepth.reset();
  for (const { queue, depth } of due) options.metrics.queueDepth.set({ queue }, depth);
  for (const { queue } of due.filter((entry) => serves(options.instances, entry.queue))) {
    const request = { queue, open: hands.open(), atOnce: options.runsAtOnce };
    for (const fetched of await fetchJobs(sql, place.boss, request)) hands.take(place, fetched, onDone);
  }
}

const serves = (instances: readonly string[], queue: string): boolean =>
  queue === SHARED_QUEUE || instances[0] === '*' || instances.includes(queue);

/** Notifications are only hints: the loop polls, and the heartbeat looks for what is to be stopped. */
async function listen(
  database: WorkerOptions['database'],
  on: { wake: () => void; cancel: () => void },
): Promise<() => Promise<void>> {
  const jobs = await database.sql.listen(JOBS_CHANNEL, on.wake, on.wake);
  const cancels = await database.sql.listen(CANCEL_CHANNEL, on.cancel, on.cancel);
  return async () => {
    await Promise.all([jobs.unlisten(), cancels.unlisten()]);
  };
}
