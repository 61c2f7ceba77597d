import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/metrics.ts';
import type { Drawing } from '../../../src/operations/runs/draw-document.ts';
import { drawHere } from '../../../src/operations/runs/draw-here.ts';
import { type Drawers, drawInThreads } from '../../../src/operations/runs/draw-in-threads.ts';
import { drawingOf, partsOf } from '../../../src/operations/runs/drawing-parts.ts';
import { drawingFor, rowsOf, textOf } from '../../print/printing.ts';
import { busyReport } from '../../print/reports.ts';

const never = new AbortController().signal;
const metrics = createMetrics();
let threads: Drawers;

beforeAll(() => {
  threads = drawInThreads({ fontDir: null, threads: 2, memoryMb: 512, metrics });
});
afterAll(() => threads.stop());

const tableOf = (rows: number): Promise<Drawing> =>
  drawingFor({
    widgets: [{ id: 't', kind: 'table', name: 'Orders', sql: 'table' }],
    answers: {
      table: rowsOf(
        'at:time order:number customer amount:number state note',
        Array.from({ length: rows }, (_, row) => [row * 60_000, row, `Customer ${row % 900}`, row * 1.25, 'paid', 'x']),
      ),
    },
  });

/**
 * What this thread works between one turn of its event loop and the next, in milliseconds of its own processor time: how
 * long others wait for it, whatever else the machine has to do. The function ends the watch: all turns, the shortest first.
 */
function watchTurns(): () => readonly number[] {
  const turns: number[] = [];
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    turns.push((user + system) / 1000);
  }, 1);
  return () => {
    clearInterval(timer);
    return turns.toSorted((a, b) => a - b);
  };
}

describe('a drawing thread', () => {
  it('gives the bytes that are given here, and the same of everything else', async () => {
    const drawing = async (): Promise<Drawing> => {
      return { ...(await drawingFor(busyReport())), outputs: ['pdf', 'html', 'csv', 'xlsx', 'png'] };
    };
    const [there, again, here] = [
      await threads.draw(await drawing(), never),
      await threads.draw(await drawing(), never),
      await drawHere({ fontDir: null }).draw(await drawing(), never),
    ];
    expect(there.files.map(({ kind, sha256 }) => [kind, sha256])).toEqual(
      here.files.map(({ kind, sha256 }) => [kind, sha256]),
    );
    expect(Buffer.from(there.files[0]?.bytes ?? []).equals(here.files[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(again).toEqual(there);
    expect({ ...there, files: [] }).toEqual({ ...here, files: [] });
    expect(textOf(there.files[0]?.bytes ?? new Uint8Array())).toContain('Customer 59');
  });

  it('takes rows in parts that put together are the same, and leaves none behind', async () => {
    const drawing = await tableOf(12_345);
    const parts = [...partsOf(drawing)].map((part) => structuredClone(part));
    expect(parts.length).toBeGreaterThan(3);
    expect(drawing.reads[0]?.series[0]?.rows.values).toEqual([]);
    expect(drawingOf(parts)).toEqual(await tableOf(12_345));
  });

  it('gets rows that two widgets show twice, and they are given away once', async () => {
    const { reads, ...drawing } = await tableOf(5_000);
    const shared: Drawing = { ...drawing, reads: [...reads, ...reads] };
    const counts = drawingOf(structuredClone([...partsOf(shared)])).reads.map(
      ({ series }) => series[0]?.rows.values.length,
    );
    expect(counts).toEqual([5_000, 5_000]);
    expect(reads[0]?.series[0]?.rows.values).toEqual([]);
  });

  it('lets the process answer others while it draws thirty thousand rows', async () => {
    const drawing = await tableOf(30_000);
    const watched = watchTurns();
    const began = performance.now();
    const drawn = await threads.draw(drawing, never);
    const took = performance.now() - began;
    const turns = watched();
    expect(drawn.files[0]?.pages).toBeGreaterThan(500);
    // A page of this takes some milliseconds here, the whole of it seconds.
    expect(turns[Math.floor(turns.length * 0.99)]).toBeLessThan(50);
    expect(turns.at(-1)).toBeLessThan(took / 4);
  }, 120_000);
});
