import type { Job as BossJob } from 'pg-boss';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { FetchedJob, Slots } from './fetch-jobs.ts';
import type { Job } from './jobs.ts';
import { type JobPlace, workJob } from './work-job.ts';

/** The jobs that a worker has in hand. */
export interface Hands {
  /** Begin to work on a job. `onDone` is called when it is out of the hands, however it ended. */
  take(place: JobPlace, fetched: FetchedJob, onDone: () => void): void;
  /** Slots that are open, by lane. */
  open(): Slots;
  held(): readonly BossJob<Job>[];
  /** Resolves when every job now in hand is done. */
  settled(): Promise<void>;
}

export function createHands(slots: Slots, metrics: Metrics): Hands {
  const jobs = new Map<string, FetchedJob & { readonly done: Promise<void> }>();
  const bounded = (): number => [...jobs.values()].filter((entry) => entry.bounded).length;
  return {
    take: (place, fetched, onDone) => {
      const { job } = fetched;
      const done = workJob(place, job)
        .catch((error: unknown) => returnJob(place, job, error))
        .finally(() => {
          jobs.delete(job.id);
          metrics.runsActive.set(bounded());
          onDone();
        });
      jobs.set(job.id, { ...fetched, done });
      metrics.runsActive.set(bounded());
    },
    open: () => ({ bounded: slots.bounded - bounded(), free: slots.free - (jobs.size - bounded()) }),
    held: () => [...jobs.values()].map((entry) => entry.job),
    settled: async () => {
      await Promise.all([...jobs.values()].map((entry) => entry.done));
    },
  };
}

/** A job that could not even begin, e.g. for want of the store, goes back into its queue. */
async function returnJob({ boss, log }: JobPlace, job: BossJob<Job>, error: unknown): Promise<void> {
  log.error({ job: job.data, error: messageOf(error) }, 'job could not be worked');
  await boss
    .fail(job.name, { id: job.id, retryCount: job.retryCount }, { message: messageOf(error) })
    .catch((problem: unknown) => log.error({ error: messageOf(problem) }, 'job could not be returned'));
}
