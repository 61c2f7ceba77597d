import { writeFileSync } from 'node:fs';
import { createMetrics } from '../../src/metrics.ts';
import { drawInThreads } from '../../src/operations/runs/draw-in-threads.ts';
import { tableDrawing } from './drawing.ts';

/**
 * Prints COUNT documents of ROWS rows at once in as many drawing threads, as a service does that has read them all:
 * `threads.ts ROWS OUT.pdf tagged|untagged COUNT`.
 */
const [rows = '1000', out = '', tags = 'tagged', count = '2'] = process.argv.slice(2);
const threads = Number(count);
const start = performance.now();
const drawers = drawInThreads({ fontDir: null, threads, memoryMb: 512, metrics: createMetrics() });
const { signal } = new AbortController();
const drawn = await Promise.all(
  Array.from({ length: threads }, () => drawers.draw(tableDrawing(Number(rows), tags === 'tagged'), signal)),
);
for (const { files } of drawn) writeFileSync(out, files[0]?.bytes ?? new Uint8Array());
await drawers.stop();
console.log(JSON.stringify({ ms: performance.now() - start, peakMiB: process.resourceUsage().maxRSS / 1024 }));
