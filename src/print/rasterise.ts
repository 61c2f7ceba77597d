import { BroadsheetError } from '../errors.ts';

/** A page as pixels: RGBA, eight bits a channel, row by row from the top, without padding; the paper is white. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An A0 poster at 144 dpi has 32 million; PDFium needs four bytes for each, and a copy. */
const MOST_PIXELS = 16_000_000;

type Library = Awaited<ReturnType<typeof import('@hyzyla/pdfium')['PDFiumLibrary']['init']>>;

let loading: Promise<Library> | null = null;

/** PDFium as WebAssembly, loaded when the first page is asked for and once per thread: 60 ms, 4 MB on disk. */
async function library(): Promise<Library> {
  loading ??= import('@hyzyla/pdfium').then(({ PDFiumLibrary }) => PDFiumLibrary.init());
  return await loading;
}

/**
 * Paint one page of a PDF. The same bytes give the same pixels on every machine: WebAssembly and the PDF's own fonts.
 * It runs in this thread and cannot be stopped half-way: `pngOfPage` gives it a thread of its own and a time limit.
 * @param options.page counted from 1; `width` in pixels, the height follows from the paper.
 * @throws BroadsheetError `unprocessable` when it is no PDF, has no such page, or the picture would be too large.
 */
export async function rasterise(
  pdf: Uint8Array,
  options: { readonly page: number; readonly width: number },
): Promise<Raster> {
  const pdfium = await library();
  const document = await pdfium.loadDocument(pdf).catch((cause: unknown) => {
    throw new BroadsheetError('unprocessable', 'the PDF cannot be read', undefined, { cause });
  });
  try {
    if (options.page < 1 || options.page > document.getPageCount()) {
      throw new BroadsheetError('unprocessable', `the PDF has no page ${options.page}`);
    }
    const page = document.getPage(options.page - 1);
    const { originalWidth, originalHeight } = page.getOriginalSize();
    const width = Math.max(1, Math.round(options.width));
    const height = Math.max(1, Math.round((width * originalHeight) / originalWidth));
    if (width * height > MOST_PIXELS)
      throw new BroadsheetError('unprocessable', 'the picture of the page is too large');
    const painted = await page.render({ width, height, render: 'bitmap' });
    return { width: painted.width, height: painted.height, data: painted.data };
  } finally {
    document.destroy();
  }
}

/** Of a page's height, what stays whatever is on it, and the paper below its last mark. */
const LEAST_SHARE = 0.4;
const MARGIN_SHARE = 0.03;

/** A page without the rows of white pixels at its end. */
export function withoutEmptyEnd({ width, height, data }: Raster): Raster {
  let last = data.length - 1;
  // Alpha is opaque in every pixel, so that the search must pass it by as well.
  while (last >= 0 && data[last] === 0xff) last -= 1;
  const used = Math.floor(last / (width * 4)) + 1 + Math.round(height * MARGIN_SHARE);
  const kept = Math.min(height, Math.max(used, Math.ceil(height * LEAST_SHARE)));
  return { width, height: kept, data: data.subarray(0, kept * width * 4) };
}
