import { isMainThread, parentPort } from 'node:worker_threads';
import { BroadsheetError, type ErrorCode } from '../errors.ts';

/** One piece of a job, as the pool sends it. A job's pieces come in order; the last one starts the work. */
export interface JobPart {
  readonly part: unknown;
  readonly isLast: boolean;
}

/** What a thread sends back for each job. */
export type Answer =
  | { readonly result: unknown; readonly milliseconds: number }
  | { readonly thrown: Thrown; readonly milliseconds: number };

/** An error in plain data: a class does not survive the way from one thread to another. */
export interface Thrown {
  /** Null for a defect. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly stack: string;
}

/** The whole of a thread's life: work the jobs that the pool sends, one after the other. `transfer` is given away. */
export function answerJobs(
  work: (parts: readonly unknown[]) => Promise<{ result: unknown; transfer: readonly ArrayBuffer[] }>,
): void {
  const port = parentPort;
  if (isMainThread || port === null) throw new Error('this file is run in a thread of its own, by a pool');
  let parts: unknown[] = [];
  const answer = async (job: readonly unknown[]): Promise<void> => {
    const began = performance.now();
    try {
      const { result, transfer } = await work(job);
      port.postMessage({ result, milliseconds: performance.now() - began } satisfies Answer, transfer);
    } catch (error) {
      port.postMessage({ thrown: thrownOf(error), milliseconds: performance.now() - began } satisfies Answer);
    }
  };
  port.on('message', ({ part, isLast }: JobPart) => {
    parts.push(part);
    if (!isLast) return;
    const job = parts;
    parts = [];
    void answer(job);
  });
}

/** Any thrown value as plain data. */
export function thrownOf(error: unknown): Thrown {
  const code = error instanceof BroadsheetError ? error.code : null;
  if (!(error instanceof Error)) return { code, message: String(error), stack: '' };
  return { code, message: error.message, stack: error.stack ?? '' };
}

/** The error again, with the stack of the thread it was thrown in. */
export function errorOf({ code, message, stack }: Thrown): Error {
  const error = code === null ? new Error(message) : new BroadsheetError(code, message);
  if (stack !== '') error.stack = stack;
  return error;
}
