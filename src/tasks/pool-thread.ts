import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { BroadsheetError } from '../errors.ts';
import { type Answer, errorOf, type JobPart } from './thread-answers.ts';

export interface ThreadOptions {
  /** The file that the thread runs; it calls `answerJobs`. */
  readonly entry: URL;
  /** Told to the thread as its `workerData`. */
  readonly data: unknown;
  /** Most megabytes of its heap; bytes of buffers are not counted. */
  readonly memoryMb: number;
  /** Without work for this long it ends and gives its memory back; default five minutes. */
  readonly idleMs?: number;
}

export interface Job {
  /** Copied to the thread one by one, other work getting its turn between them. */
  readonly parts: Iterable<unknown>;
  /** Called once, by whatever comes first. */
  readonly end: (outcome: Outcome) => void;
}

export type Outcome = { readonly result: unknown } | { readonly error: Error };

export interface PoolThread {
  /** Works one job at a time. */
  readonly job: () => Job | null;
  work(job: Job): void;
  /** Ends the thread at once; its job gets `reason`. */
  end(reason: Error): Promise<void>;
}

/** Short-lived objects of a drawing are few: a small nursery keeps a thread small. */
const NURSERY_MB = 16;
const IDLE_MS = 5 * 60_000;

/** @param on.free told after each job with the milliseconds that it took; `on.gone` once the thread is no more. */
export function startThread(
  options: ThreadOptions,
  on: { readonly free: (milliseconds: number) => void; readonly gone: () => void },
): PoolThread {
  const { entry, data, memoryMb } = options;
  const resourceLimits = { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: NURSERY_MB };
  const worker = new Worker(entry, { workerData: data, resourceLimits });
  let current: Job | null = null;
  let idle: NodeJS.Timeout | undefined;
  const finish = (outcome: Outcome): void => {
    const job = current;
    current = null;
    job?.end(outcome);
  };
  const end = async (reason: Error): Promise<void> => {
    clearTimeout(idle);
    finish({ error: reason });
    on.gone();
    await worker.terminate();
  };
  worker.on('message', (answer: Answer) => {
    // An idle thread keeps no process from exiting.
    worker.unref();
    idle = setTimeout(() => void end(new Error('idle')), options.idleMs ?? IDLE_MS).unref();
    finish('thrown' in answer ? { error: errorOf(answer.thrown) } : answer);
    on.free(answer.milliseconds);
  });
  worker.on('error', (error: NodeJS.ErrnoException) => void end(breakdown(error, memoryMb)));
  worker.on('exit', (code) => void end(new Error(`a drawing thread ended by itself with code ${code}`)));
  return {
    job: () => current,
    end,
    work: (job) => {
      current = job;
      clearTimeout(idle);
      worker.ref();
      // A thread that has got half a job is of no more use.
      send(worker, job, () => current === job).catch((error: Error) => end(error));
    },
  };
}

/** One part is always held back, so that the last is known when it is sent. */
async function send(worker: Worker, { parts }: Job, isWanted: () => boolean): Promise<void> {
  let held: JobPart | null = null;
  for (const part of parts) {
    if (held) worker.postMessage(held);
    held = { part, isLast: false };
    await nextTurn();
    if (!isWanted()) return;
  }
  worker.postMessage({ part: held?.part, isLast: true } satisfies JobPart);
}

function breakdown(error: NodeJS.ErrnoException, memoryMb: number): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return new Error('a drawing thread broke down', { cause: error });
  const message = `the report takes more than ${memoryMb} MB to draw (DRAWING_MEMORY_MB): let it show fewer rows`;
  return new BroadsheetError('too_large', message, undefined, { cause: error });
}
