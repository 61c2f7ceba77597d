import type { SQL } from 'drizzle-orm';
import type { Sql } from '../store/database.ts';
import { execute, type Transaction } from '../store/execute.ts';
import type { Lane } from '../store/schema/tasks.ts';
import { type Signal, writeTogether } from '../store/write-together.ts';
import { notStarted, poolDatabase, statementOf } from './job-database.ts';

/** The queue that every process serves, whatever its `INSTANCE_IDS`: for what is asked for on demand. */
export const SHARED_QUEUE = '00000000-0000-0000-0000-000000000000';

/** Channel that wakes the workers; the payload is the queue's name. Only a hint: workers poll as well. */
export const JOBS_CHANNEL = 'broadsheet_jobs';

/** `run`: expand the run into a task and work its first step. `subtask`: work this step. */
export type Job =
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'subtask'; readonly subtaskId: number };

export interface JobToSend {
  /** The instance's uuid, or SHARED_QUEUE. */
  readonly queue: string;
  readonly job: Job;
  /** `run` jobs are `bounded` by default: they count against the bound on runs at once of their queue. */
  readonly lane?: Lane;
  /** Deliver no sooner than this many seconds from now, by the database's clock. */
  readonly delaySeconds?: number;
}

/** Jobs of the free lane overtake: they are short, and a document waits for its delivery. */
export const FREE_PRIORITY = 10;
/** pg-boss counts the active jobs of this group when it fetches from the bounded lane. */
const BOUNDED_GROUP = 'bounded';

const HOUR = 3600;

/**
 * Settings of every queue. A job whose worker gives no sign for 10 s (pg-boss's minimum) is delivered again; how often
 * a step may lose its worker is decided by us, well below `retryLimit`. A job waits a year for an instance that nobody
 * serves, and may run for a day: the step's own timeout is the real bound.
 */
const QUEUE_SETTINGS = {
  policy: 'standard',
  heartbeatSeconds: 10,
  retryLimit: 20,
  retryDelay: 1,
  expireInSeconds: 23 * HOUR,
  retentionSeconds: 365 * 24 * HOUR,
  deleteAfterSeconds: HOUR,
};

export const CREATE_QUEUE = 'select pgboss.create_queue($1::text, $2::text::jsonb)';
export const CREATE_QUEUE_SETTINGS = JSON.stringify(QUEUE_SETTINGS);

/** How a job is found again by what it is for. */
const jobKey = (job: Job): string => (job.kind === 'run' ? `run:${job.runId}` : `subtask:${job.subtaskId}`);

/** What has to be written so that jobs are in their queues; `prepareQueues` comes first. */
export interface JobWrites {
  readonly writes: readonly SQL[];
  /** Wakes the workers of queues with a job that is due. */
  readonly signals: readonly Signal[];
}

/**
 * Put jobs into their queues inside the caller's transaction (drizzle's or postgres.js'): they are delivered if and
 * only if it commits. Queues are made on demand. One insert per queue, however many jobs.
 */
export async function sendJobs(tx: Transaction, jobs: readonly JobToSend[]): Promise<void> {
  const { writes, signals } = await jobWrites(jobs);
  // Sent together, worked one after the other: a transaction has one connection.
  await Promise.all([
    prepareQueues(
      tx,
      jobs.map(({ queue }) => queue),
    ),
    writeTogether(tx, writes, signals),
  ]);
}

/** Make the queues that are not there. The shared one always is: `installJobs` has made it. */
export async function prepareQueues(tx: Transaction, queues: readonly string[]): Promise<void> {
  const names = [...new Set(queues)].filter((queue) => queue !== SHARED_QUEUE);
  await Promise.all(names.map((queue) => execute(tx, CREATE_QUEUE, [queue, CREATE_QUEUE_SETTINGS])));
}

/** Jobs as statements, for who writes them together with what they are for. */
export async function jobWrites(jobs: readonly JobToSend[]): Promise<JobWrites> {
  const queues = [...Map.groupBy(jobs, ({ queue }) => queue)];
  const writes = await Promise.all(
    queues.map(([queue, sent]) => statementOf(queue, (sender, db) => sender.insert(queue, sent.map(insertOf), { db }))),
  );
  const due = queues.filter(([, sent]) => sent.some(({ delaySeconds }) => !delaySeconds));
  return { writes, signals: due.map(([payload]) => ({ channel: JOBS_CHANNEL, payload })) };
}

/** Delete the jobs of these orders that still wait in the queue; those in a worker's hands are left to it. */
export async function dropJobs(sql: Sql, queue: string, jobs: readonly Job[]): Promise<void> {
  const boss = notStarted(poolDatabase(sql));
  for (const job of jobs) {
    const waiting = await boss.findJobs(queue, { key: jobKey(job), queued: true });
    if (waiting.length > 0) {
      await boss.deleteJob(
        queue,
        waiting.map((found) => found.id),
      );
    }
  }
}

function insertOf({ job, lane = job.kind === 'run' ? 'bounded' : 'free', delaySeconds }: JobToSend) {
  return {
    data: job,
    singletonKey: jobKey(job),
    ...(lane === 'free' ? { priority: FREE_PRIORITY } : { group: { id: BOUNDED_GROUP } }),
    ...(delaySeconds ? { startAfter: String(Math.ceil(delaySeconds)) } : {}),
  };
}
