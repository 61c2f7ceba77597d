import type { OutputKind, WrittenFile } from '../../print/output.ts';
import { printPdf } from '../../print/pdf.ts';
import type { Scene } from '../../scene/scene.ts';
import type { Drawing } from './draw-document.ts';

/** What a writer may write from. */
export interface WriterInput {
  readonly drawing: Drawing;
  /** The scene, laid out anew at each call: what it holds can be walked through only once. */
  readonly scene: () => Promise<Scene>;
  /** JSON of the manifest, with the files that were written before this one. */
  readonly manifest: string;
  readonly signal: AbortSignal;
}

export type OutputWriter = (input: WriterInput) => Promise<WrittenFile>;

/**
 * The writer of every kind, in the order in which files are written: what carries the manifest comes last, so that its
 * manifest names all others. The same input gives the same bytes in every process.
 */
export const OUTPUT_WRITERS: Readonly<Partial<Record<OutputKind, OutputWriter>>> = {
  pdf: async ({ drawing, scene, manifest, signal }) => {
    const { bytes, pages } = await printPdf(await scene(), { createdAt: drawing.at, manifest, signal });
    return { bytes, pages, mediaType: 'application/pdf', extension: 'pdf' };
  },
};
