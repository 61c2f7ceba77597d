import type { Ctx } from '../context.ts';
import type { Principal } from '../sources/rights.ts';
import type { Draw } from './draw-in-threads.ts';
import { makeDocument } from './make-document.ts';
import type { RunParts } from './parts.ts';
import type { Readers } from './read-widgets.ts';

export interface Printing {
  /** Made once per process: its caches are what makes the second report fast. */
  readonly draw: Draw;
  /** The sources that all of these may read. */
  readonly readersOf: (ctx: Ctx, principals: readonly Principal[]) => Readers;
}

/** What a run prints with: the pipeline over the sources of the store. */
export const createPrint =
  ({ draw, readersOf }: Printing): RunParts['print'] =>
  async ({ ctx, input }) => {
    const made = await makeDocument({
      ...input,
      draw,
      readers: readersOf(ctx, input.principals),
      workload: async (wanted, signal) => {
        // Loaded when a widget asks: most reports have none.
        const { workloadReader } = await import('../workload/read-workload.ts');
        return workloadReader(ctx, input.principals)(wanted, signal);
      },
      signal: ctx.signal,
      onDefect: (widgetId, error) => ctx.log.error({ err: error, widget_id: widgetId }, 'widget failed by a defect'),
    });
    const files = made.files.map(({ fileName, bytes, ...file }) => {
      return { ...file, name: fileName, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
    });
    return { ...made, files };
  };
