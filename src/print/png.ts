import { Worker } from 'node:worker_threads';
import { BroadsheetError } from '../errors.ts';

export interface PngOptions {
  /** Counted from 1. */
  readonly page: number;
  /** Pixels; the height follows from the paper. Taken smaller when the file would be larger than `maxBytes`. */
  readonly width: number;
  /** Leave out the empty paper below the last mark, but for a margin; 0.4 of the page's height at least stay. Default: no. */
  readonly cropped?: boolean;
  /** Default 300 kB, which mail programs show without asking. */
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

export interface PrintedPng {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What the painting thread is given. */
export interface PngWork {
  readonly pdf: Uint8Array;
  readonly page: number;
  readonly width: number;
  readonly cropped: boolean;
  readonly minWidth: number;
  readonly maxBytes: number;
}

export type PngAnswer = PrintedPng | { readonly problem: string };

const USUAL_BYTES = 300_000;
const USUAL_TIMEOUT = 20_000;
/** Below this a page cannot be read. */
const MIN_WIDTH = 400;
const MOST_PDF_BYTES = 64 * 1024 * 1024;

/**
 * One page of a PDF as a PNG for the body of a mail. Painted by PDFium in a thread of its own, which is stopped when it
 * takes too long and gives all its memory back. The same PDF gives the same bytes. For many pictures in a row, where
 * nothing waits (tests), `rasterise` alone is quicker.
 * @throws BroadsheetError `unprocessable` when the page cannot be painted within the bounds, `timeout`, `canceled`.
 */
export async function pngOfPage(pdf: Uint8Array, options: PngOptions): Promise<PrintedPng> {
  const { page, width, cropped = false, signal, maxBytes = USUAL_BYTES, timeoutMs = USUAL_TIMEOUT } = options;
  if (signal.aborted) throw new BroadsheetError('canceled', 'printing was canceled');
  if (pdf.length > MOST_PDF_BYTES) throw new BroadsheetError('unprocessable', 'the PDF is too large for a picture');
  const work: PngWork = { pdf, page, width, cropped, minWidth: Math.min(MIN_WIDTH, width), maxBytes };
  const worker = new Worker(new URL('./png-thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<PngAnswer>();
  const timer = setTimeout(() => reject(new BroadsheetError('timeout', 'painting the page took too long')), timeoutMs);
  const cancel = (): void => reject(new BroadsheetError('canceled', 'printing was canceled'));
  signal.addEventListener('abort', cancel);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new BroadsheetError('unavailable', 'the painting thread ended without an answer')));
  try {
    const answer = await promise;
    if ('problem' in answer) throw new BroadsheetError('unprocessable', answer.problem);
    return answer;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}
