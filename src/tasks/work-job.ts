import { eq } from 'drizzle-orm';
import type { Job as BossJob, PgBoss } from 'pg-boss';
import { type Claim, claimSubtask } from '../store/claim-subtask.ts';
import type { Db } from '../store/database.ts';
import { type Lane, subtasks } from '../store/schema/tasks.ts';
import { transactionDatabase } from './job-database.ts';
import { type Job, sendJobs } from './jobs.ts';
import { settleStep } from './settle-step.ts';
import { type Workplace, workStep } from './work-step.ts';

/** A worker without a heartbeat for this long is lost. Beats come every 2 s, pg-boss redelivers after 10 s. */
export const LOST_AFTER_MS = 8_000;
/** A job whose step is in another living process's hands looks again after this long. */
const LOOK_AGAIN_SECONDS = 5;
/** A step that has lost its worker this often is taken for the cause of it. */
const MAX_LOSSES = 5;

export interface JobPlace extends Workplace {
  readonly boss: PgBoss;
  readonly workerId: string;
}

/**
 * Do what a delivered job asks for, and delete the job with it, unless it was meanwhile delivered to somebody else:
 * what happened stands in our own tables, and pg-boss's stays as small as what waits and runs.
 */
export async function workJob(place: JobPlace, job: BossJob<Job>): Promise<void> {
  const subtaskId = job.data.kind === 'run' ? await place.handlers.expandRun(job.data.runId) : job.data.subtaskId;
  const claim = subtaskId === null ? null : await claimNow(place, subtaskId);
  const takeOut = async (tx: Db): Promise<void> => {
    const attempt = { id: job.id, retryCount: job.retryCount };
    await place.boss.deleteJob(job.name, attempt, { db: transactionDatabase(tx) });
  };
  if (!claim) return putAway(place, { job, subtaskId, takeOut });
  if (job.retryCount >= MAX_LOSSES) return giveUp(place, claim, takeOut);
  await workStep(place, claim, takeOut);
}

async function claimNow({ database, clock, workerId }: JobPlace, subtaskId: number): Promise<Claim | null> {
  const at = await clock.now();
  const lostBefore = new Date(at.getTime() - LOST_AFTER_MS);
  return claimSubtask(database.sql, { subtaskId, workerId, at, lostBefore });
}

interface PutAway {
  readonly job: BossJob<Job>;
  readonly subtaskId: number | null;
  readonly takeOut: (tx: Db) => Promise<void>;
}

/** The step is settled, or somebody else works on it: then look again later, in case that one is lost. */
async function putAway({ database }: JobPlace, { job, subtaskId, takeOut }: PutAway): Promise<void> {
  await database.db.transaction(async (tx) => {
    const lane = subtaskId === null ? null : await laneIfOpen(tx, subtaskId);
    await takeOut(tx);
    if (lane) await sendJobs(tx, [{ queue: job.name, job: job.data, lane, delaySeconds: LOOK_AGAIN_SECONDS }]);
  });
}

async function laneIfOpen(tx: Db, subtaskId: number): Promise<Lane | null> {
  const [row] = await tx
    .select({ state: subtasks.state, lane: subtasks.lane })
    .from(subtasks)
    .where(eq(subtasks.id, subtaskId));
  return row && ['READY', 'RUNNING', 'CANCELING'].includes(row.state) ? row.lane : null;
}

async function giveUp({ database, handlers, clock }: JobPlace, claim: Claim, also: PutAway['takeOut']): Promise<void> {
  const message = `the step lost its worker ${MAX_LOSSES} times`;
  const result = { kind: 'failed', code: 'unavailable', message } as const;
  const at = await clock.now();
  await settleStep(database.db, handlers, { claim, result, at, retryIn: null, also });
}
