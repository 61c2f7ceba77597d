import type { Job as BossJob, PgBoss } from 'pg-boss';
import type { Sql } from '../store/database.ts';
import { transactionDatabase } from './job-database.ts';
import { FREE_PRIORITY, type Job, SHARED_QUEUE } from './jobs.ts';

/** Steps at once in one process, by lane. */
export interface Slots {
  readonly bounded: number;
  readonly free: number;
}

export interface FetchRequest {
  readonly queue: string;
  /** Slots of this process that are open. */
  readonly open: Slots;
  /** Bounded jobs of this queue at once, over all processes. */
  readonly atOnce: number;
}

export interface FetchedJob {
  readonly job: BossJob<Job>;
  readonly bounded: boolean;
}

/** Fetch what this process has slots for from one queue: deliveries and the like first, then runs within their bound. */
export async function fetchJobs(sql: Sql, boss: PgBoss, { queue, open, atOnce }: FetchRequest): Promise<FetchedJob[]> {
  const free = open.free > 0 ? await boss.fetch<Job>(queue, { batchSize: open.free, minPriority: FREE_PRIORITY }) : [];
  const bounded = open.bounded > 0 ? await fetchBounded(sql, boss, { queue, open, atOnce }) : [];
  return [...free.map((job) => ({ job, bounded: false })), ...bounded.map((job) => ({ job, bounded: true }))];
}

/**
 * pg-boss counts the active jobs of a group and takes no more than fit, but two fetches at once don't see each other's:
 * so they take turns, queue by queue, on an advisory lock that the commit releases. The shared queue has no bound but
 * the slots: its work is for all instances.
 */
async function fetchBounded(sql: Sql, boss: PgBoss, { queue, open, atOnce }: FetchRequest): Promise<BossJob<Job>[]> {
  const options = { batchSize: open.bounded, maxPriority: FREE_PRIORITY - 1 };
  if (queue === SHARED_QUEUE) return boss.fetch<Job>(queue, options);
  const fetched = await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${`broadsheet runs ${queue}`}, 0))`;
    return boss.fetch<Job>(queue, { ...options, groupConcurrency: atOnce, db: transactionDatabase(tx) });
  });
  return [...fetched];
}
