import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const STEPS = 100_000_000;
const TURNS = 5;

/** Some tenths of a second in registers alone: no memory, no garbage, nothing shared. */
function count(): number {
  let state = 1;
  for (let step = 0; step < STEPS; step++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

/**
 * How many times as much two threads of bare arithmetic do as one: what this machine's two processors are worth together,
 * which for two halves of one core is far from 2.
 */
export async function arithmeticGain(): Promise<number> {
  const threads = [0, 1].map(() => new Worker(fileURLToPath(import.meta.url)));
  const run = async (used: readonly Worker[]): Promise<number> => {
    const start = performance.now();
    const done = used.map((thread) => once(thread, 'message'));
    for (const thread of used) thread.postMessage(null);
    await Promise.all(done);
    return performance.now() - start;
  };
  const gains: number[] = [];
  for (let turn = -1; turn < TURNS; turn++) {
    const [alone, both] = [await run(threads.slice(0, 1)), await run(threads)];
    if (turn >= 0) gains.push((2 * alone) / both);
  }
  await Promise.all(threads.map((thread) => thread.terminate()));
  return gains.toSorted((a, b) => a - b)[Math.floor(TURNS / 2)] ?? Number.NaN;
}

if (!isMainThread) parentPort?.on('message', () => parentPort?.postMessage(count()));
