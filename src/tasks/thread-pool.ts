import { BroadsheetError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { type Job, type PoolThread, startThread, type ThreadOptions } from './pool-thread.ts';

export interface ThreadPoolOptions extends ThreadOptions {
  /** Most threads at once, at least 1. One is started when there is work and all others are busy. */
  readonly size: number;
  readonly metrics: Pick<Metrics, 'drawingsWaiting' | 'drawingSeconds' | 'drawingThreads'>;
}

export interface ThreadPool {
  /**
   * Work one job in a thread. Its parts are copied there one by one, other work getting its turn between them, so large
   * jobs are given in parts. When the signal fires the job's thread is ended, and another one started when needed.
   * @throws BroadsheetError `canceled` when the signal fires or the pool stops, `too_large` when the thread ran out of
   * memory; what the job threw; an Error when the thread broke down.
   */
  run(parts: Iterable<unknown>, signal: AbortSignal): Promise<unknown>;
  /** Ends all threads at once; jobs that are not done reject. */
  stop(): Promise<void>;
}

/**
 * Threads for work that would keep everybody else waiting, kept for the next job. A thread works one job at a time; jobs
 * beyond that wait in order, and are as few as steps worked at once. A thread that breaks down costs its job only.
 */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const { metrics, size } = options;
  const threads = new Set<PoolThread>();
  const waiting: Job[] = [];
  let isStopped = false;

  const start = (): PoolThread => {
    const free = (milliseconds: number): void => {
      metrics.drawingSeconds.observe(milliseconds / 1000);
      next();
    };
    const gone = (): void => {
      threads.delete(thread);
      metrics.drawingThreads.set(threads.size);
      next();
    };
    const thread = startThread(options, { free, gone });
    threads.add(thread);
    metrics.drawingThreads.set(threads.size);
    return thread;
  };
  const next = (): void => {
    const free = [...threads].find((thread) => thread.job() === null);
    const job = free !== undefined || threads.size < size ? waiting.shift() : undefined;
    if (job) (free ?? start()).work(job);
    metrics.drawingsWaiting.set(waiting.length);
  };
  const giveUp = (job: Job): void => {
    const place = waiting.indexOf(job);
    if (place >= 0) waiting.splice(place, 1);
    job.end({ error: canceled() });
    const thread = [...threads].find((one) => one.job() === job);
    void thread?.end(canceled());
    next();
  };
  return {
    run: (parts, signal) => {
      if (isStopped || signal.aborted) return Promise.reject(canceled());
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const end: Job['end'] = (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.result));
      const job: Job = { parts, end };
      const onAbort = (): void => giveUp(job);
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(job);
      next();
      return promise.finally(() => signal.removeEventListener('abort', onAbort));
    },
    stop: async () => {
      isStopped = true;
      for (const job of waiting.splice(0)) job.end({ error: canceled() });
      await Promise.all([...threads].map((thread) => thread.end(canceled())));
    },
  };
}

const canceled = (): BroadsheetError => new BroadsheetError('canceled', 'printing was canceled');
