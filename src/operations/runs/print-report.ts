import type { Typesetter } from '../../scene/typesetter.ts';
import type { Ctx } from '../context.ts';
import { makeDocument } from './make-document.ts';
import type { RunParts } from './parts.ts';
import type { Readers } from './read-widgets.ts';

export interface Printing {
  /** Made once per process: its caches are what makes the second report fast. */
  readonly typesetter: Typesetter;
  /** The sources that the actor of `ctx` may read. */
  readonly readersOf: (ctx: Ctx) => Readers;
}

/** What a run prints with: the pipeline over the owner's sources. */
export const createPrint =
  ({ typesetter, readersOf }: Printing): RunParts['print'] =>
  async ({ ctx, input }) => {
    const made = await makeDocument({
      ...input,
      typesetter,
      readers: readersOf(ctx),
      signal: ctx.signal,
      onDefect: (widgetId, error) => ctx.log.error({ err: error, widget_id: widgetId }, 'widget failed by a defect'),
    });
    const { buffer, byteOffset, byteLength } = made.bytes;
    return { ...made, bytes: Buffer.from(buffer, byteOffset, byteLength), name: made.fileName };
  };
