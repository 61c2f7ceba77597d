import { fileURLToPath } from 'node:url';
import { arithmeticGain } from './arithmetic.ts';
import type { Worker } from './process-tree.ts';
import type { BenchAnswer } from './report.ts';

/** Starts a child of the bench with one more argument; `sampled` looks at its memory. */
export type StartBench = (
  child: { readonly command: string; readonly args: readonly string[] },
  argument: string,
  sampled?: boolean,
) => Worker;

const here = fileURLToPath(new URL('.', import.meta.url));
const MIB = 1024 * 1024;
const AT_ONCE = 8;
/** Each of two threads has drawn sixteen documents before the clock starts: with fewer, what is measured is how V8 compiles. */
const WARM_TURNS = 4;
const TURNS = 15;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** Documents per second with one drawing thread and with two, in turns, and the memory that each thread adds. */
export async function reportThreads(start: StartBench, input: string): Promise<void> {
  const child = (threads: number, sampled: boolean): Worker =>
    start({ command: process.execPath, args: [`${here}threads.ts`, input] }, String(threads), sampled);
  const ask = async (worker: Worker, count: number): Promise<number> =>
    (JSON.parse(await worker.ask(String(count))) as BenchAnswer).milliseconds;
  const peaks: number[] = [];
  for (const threads of [0, 1, 2]) {
    const worker = child(threads, true);
    for (let turn = 0; turn < 3; turn++) await ask(worker, AT_ONCE);
    await worker.end();
    peaks.push(worker.peakBytes() / MIB);
  }
  const [one, two] = [child(1, false), child(2, false)];
  const times: [number[], number[]] = [[], []];
  for (let turn = -WARM_TURNS; turn < TURNS; turn++) {
    const [first, second] = [await ask(one, AT_ONCE), await ask(two, AT_ONCE)];
    if (turn < 0) continue;
    times[0].push(first);
    times[1].push(second);
  }
  await Promise.all([one.end(), two.end()]);
  const [alone, both] = times.map((of) => (AT_ONCE / quantile(of, 0.5)) * 1000);
  const gain = (both ?? 0) / (alone ?? 1);
  const [own = 0, withOne = 0, withTwo = 0] = peaks;
  const more = withTwo - withOne;
  console.log(
    `\nOne drawing thread ${alone?.toFixed(1)} documents a second, two ${both?.toFixed(1)}: ${gain.toFixed(2)} ×, goal 1.4 ${gain >= 1.4 ? 'met' : 'MISSED'}.`,
  );
  console.log(
    `Two threads of bare arithmetic do ${(await arithmeticGain()).toFixed(2)} × what one does on this machine.`,
  );
  console.log(
    `Peak memory: ${own.toFixed(0)} MiB drawing in its own thread, ${withOne.toFixed(0)} with one more, ${withTwo.toFixed(0)} with two: ${more.toFixed(0)} MiB more per thread, goal 90 ${more <= 90 ? 'met' : 'MISSED'}.`,
  );
}

interface OfKind {
  readonly milliseconds: readonly number[];
  readonly bytes: number;
  readonly pages: number;
}

/** What one widget of each kind takes, from rows to paper, and how large its pages are. */
export async function reportKinds(start: StartBench, rounds: number): Promise<void> {
  const worker = start({ command: process.execPath, args: [`${here}kinds.ts`] }, String(rounds));
  const kinds = JSON.parse(await worker.ask('')) as Record<string, OfKind>;
  await worker.end();
  console.log('\n| one widget of a page of four, warm | p50 | p95 | MB per page |\n| --- | ---: | ---: | ---: |');
  for (const [name, { milliseconds, bytes, pages }] of Object.entries(kinds)) {
    const [middle, high] = [0.5, 0.95].map((share) => `${quantile(milliseconds, share).toFixed(1)} ms`);
    console.log(`| ${name} | ${middle} | ${high} | ${(bytes / pages / 1e6).toFixed(3)} |`);
  }
}
