import { and, asc, eq, inArray, isNull, lte, or } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Claim, claimSubtask } from '../store/claim-subtask.ts';
import type { Database } from '../store/database.ts';
import { subtasks } from '../store/schema/tasks.ts';
import type { WorkerPresence } from '../store/worker-beats.ts';
import type { Handlers } from './handlers.ts';
import { startHeartbeat } from './heartbeat.ts';
import { dropJobs, type Job } from './jobs.ts';
import { LOST_AFTER_MS } from './work-job.ts';
import { type RunningSteps, type Workplace, workStep } from './work-step.ts';

export interface InlineOptions {
  readonly database: Pick<Database, 'sql' | 'db'>;
  readonly handlers: Handlers;
  readonly clock: Clock;
  readonly log: Log;
  readonly presence: WorkerPresence;
}

/** A one-shot process that works the steps of a task itself, claiming them by their fences alone. */
export interface InlineWorker {
  /** Work the task's steps that can be had now, a few at once. False when there was none. */
  workSteps(taskId: number): Promise<boolean>;
  /** Stop the steps in hand, for good: they are handed back. */
  stopSteps(): void;
  /** Take jobs out of their queue that nobody needs any more. */
  drop(queue: string, jobs: readonly Job[]): Promise<void>;
  close(): Promise<void>;
}

const STEPS_AT_ONCE = 4;

export async function startInlineWorker(options: InlineOptions): Promise<InlineWorker> {
  const { database, presence } = options;
  const running: RunningSteps = new Map();
  let stopped = false;
  const place: Workplace = { ...options, running, handingBack: () => stopped };
  const heartbeat = await startHeartbeat({ ...options, running, held: () => [] });
  const drop: InlineWorker['drop'] = (queue, jobs) => dropJobs(database.sql, queue, jobs);
  return {
    workSteps: async (taskId) => {
      const claims = await claimSteps(options, taskId, presence.id);
      await Promise.all(claims.map((claim) => workStep(place, claim)));
      return claims.length > 0;
    },
    stopSteps: () => {
      stopped = true;
      for (const step of running.values()) step.stop('stopping');
    },
    drop,
    close: () => heartbeat.stop(),
  };
}

/** READY steps whose time has come, and steps that a lost worker left behind. */
async function claimSteps({ database, clock }: InlineOptions, taskId: number, workerId: string): Promise<Claim[]> {
  const at = await clock.now();
  const due = and(eq(subtasks.state, 'READY'), or(isNull(subtasks.readyAt), lte(subtasks.readyAt, at)));
  const candidates = await database.db
    .select({ id: subtasks.id })
    .from(subtasks)
    .where(and(eq(subtasks.taskInstanceId, taskId), or(due, inArray(subtasks.state, ['RUNNING', 'CANCELING']))))
    .orderBy(asc(subtasks.id));
  const claims: Claim[] = [];
  const lostBefore = new Date(at.getTime() - LOST_AFTER_MS);
  for (const { id } of candidates) {
    if (claims.length === STEPS_AT_ONCE) break;
    const claim = await claimSubtask(database.sql, { subtaskId: id, workerId, at, lostBefore });
    if (claim) claims.push(claim);
  }
  return claims;
}
