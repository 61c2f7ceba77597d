/** What the threads of the pool's tests run: jobs that count, wait, fail, break down or eat all memory. */
import { threadId, workerData } from 'node:worker_threads';
import { BroadsheetError } from '../../src/errors.ts';
import { answerJobs } from '../../src/tasks/thread-answers.ts';

const JOBS: Readonly<Record<string, (parts: readonly unknown[]) => unknown>> = {
  count: ([, ...parts]) => ({ parts, thread: threadId, told: workerData as unknown }),
  wait: () => new Promise(() => undefined),
  spin: () => {
    for (;;);
  },
  refuse: () => {
    throw new BroadsheetError('too_large', 'too much of it');
  },
  fail: () => {
    throw new TypeError('a defect');
  },
  crash: () =>
    new Promise(() => {
      setImmediate(() => {
        throw new Error('thrown by nobody in particular');
      });
    }),
  leave: () => process.exit(3),
  eat: () => {
    const eaten: number[][] = [];
    for (;;) eaten.push(Array.from({ length: 10_000 }, (_, index) => index + Math.random()));
  },
};

answerJobs(async (parts) => {
  const result = await JOBS[String(parts[0])]?.(parts);
  return { result, transfer: [] };
});
