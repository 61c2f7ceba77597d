/** Paints a page in a thread of its own (see `png.ts`): one message in `workerData`, one answer, the end. */
import { parentPort, workerData } from 'node:worker_threads';
import { BroadsheetError } from '../errors.ts';
import type { PngAnswer, PngWork } from './png.ts';
import { encodePng } from './png-file.ts';
import { rasterise, withoutEmptyEnd } from './rasterise.ts';

const SMALLER = 0.8;

/** Painted smaller and smaller until the file is within its bound. */
async function paint({ pdf, page, width, cropped, minWidth, maxBytes }: PngWork): Promise<PngAnswer> {
  for (let wide = width; ; wide = Math.max(minWidth, Math.round(wide * SMALLER))) {
    const whole = await rasterise(pdf, { page, width: wide });
    const raster = cropped ? withoutEmptyEnd(whole) : whole;
    const bytes = encodePng(raster);
    if (bytes.length <= maxBytes) return { bytes, width: raster.width, height: raster.height };
    if (wide <= minWidth) return { problem: 'the page has too much in it for a small picture' };
  }
}

const answer = await paint(workerData as PngWork).catch((error: unknown): PngAnswer => {
  if (error instanceof BroadsheetError) return { problem: error.message };
  throw error;
});
parentPort?.postMessage(answer);
