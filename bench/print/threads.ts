import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createMetrics } from '../../src/metrics.ts';
import { drawHere } from '../../src/operations/runs/draw-here.ts';
import { drawInThreads } from '../../src/operations/runs/draw-in-threads.ts';
import { reportOf } from './our-report.ts';
import type { BenchAnswer, BenchInput } from './report.ts';

/**
 * Prints reports of an input file (first argument) in as many threads as the second argument says, 0 = in its own, each
 * thread one after the other; answers each line, the number of reports to print at once, with the time they took.
 */
const input = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BenchInput;
const threads = Number(process.argv[3]);
const settings = { fontDir: null };
const drawers =
  threads === 0 ? drawHere(settings) : drawInThreads({ ...settings, threads, memoryMb: 512, metrics: createMetrics() });
const { signal } = new AbortController();

for await (const line of createInterface({ input: process.stdin })) {
  const drawings = Array.from({ length: Number(line) }, (_, index) =>
    reportOf(input.rounds[index % input.rounds.length] ?? []),
  );
  const start = performance.now();
  const drawn = await Promise.all(drawings.map((drawing) => drawers.draw(drawing, signal)));
  const bytes = drawn.reduce((sum, { files }) => sum + (files[0]?.bytes.length ?? 0), 0);
  process.stdout.write(`${JSON.stringify({ milliseconds: performance.now() - start, bytes } satisfies BenchAnswer)}\n`);
}
await drawers.stop();
