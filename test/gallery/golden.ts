import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { encodePng } from '../../src/print/png-file.ts';
import { type Raster, rasterise } from '../../src/print/rasterise.ts';

/** Golden images: one PNG per page of every gallery PDF, painted by PDFium as WebAssembly, alike on every machine. */
const GOLDEN_FOLDER = new URL('./golden/', import.meta.url).pathname;

/** Pixels: 72 dpi on A4, so that a pixel is a point. */
const WIDTH = 595;
/** Share of all pixels that may differ. */
const MOST_DIFFERENT = 0.001;
/** Nor may so many differ in one square of the page: a moved word is a hundredth of a thousandth of a page. */
const SQUARE = { side: 24, most: 24 } as const;

export interface Difference {
  /** Share of the page's pixels. */
  readonly share: number;
  /** Most pixels that differ in one square of 24 × 24. */
  readonly worst: number;
  readonly picture: Raster;
}

export const paint = (pdf: Uint8Array, page: number): Promise<Raster> => rasterise(pdf, { page, width: WIDTH });

export const goldenName = (name: string, page: number): string => `${name}-${page}.png`;

export const goldenNames = (): readonly string[] =>
  readdirSync(GOLDEN_FOLDER)
    .filter((name) => name.endsWith('.png'))
    .sort();

/** The golden image of a page; null when there is none. */
export function readGolden(name: string): Raster | null {
  if (!goldenNames().includes(name)) return null;
  const { width, height, data } = PNG.sync.read(readFileSync(join(GOLDEN_FOLDER, name)));
  return { width, height, data };
}

/** Compares two pages, smoothed edges counted like all others; null when their sizes differ. */
export function differenceOf(golden: Raster, painted: Raster): Difference | null {
  const { width, height } = golden;
  if (painted.width !== width || painted.height !== height) return null;
  const data = new Uint8Array(width * height * 4);
  const mask = new Uint8Array(width * height * 4);
  pixelmatch(golden.data, painted.data, mask, width, height, { threshold: 0.1, includeAA: true, diffMask: true });
  const different = pixelmatch(golden.data, painted.data, data, width, height, { threshold: 0.1, includeAA: true });
  return { share: different / (width * height), worst: worstSquare(mask, width), picture: { width, height, data } };
}

function worstSquare(mask: Uint8Array, width: number): number {
  const counts = new Map<string, number>();
  for (let at = 3; at < mask.length; at += 4) {
    if (mask[at] === 0) continue;
    const pixel = (at - 3) / 4;
    const square = `${Math.floor((pixel % width) / SQUARE.side)}:${Math.floor(pixel / width / SQUARE.side)}`;
    counts.set(square, (counts.get(square) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** Sixteen steps a channel: files of two thirds the size, and far less than the comparison sees. */
const coarse = ({ width, height, data }: Raster): Raster => ({
  width,
  height,
  data: data.map((value) => Math.round(value / 17) * 17),
});

export const isSame = ({ share, worst }: Difference): boolean => share <= MOST_DIFFERENT && worst <= SQUARE.most;

/** Replaces golden images of the pages named, and removes those of pages that are no more. */
export async function acceptGolden(
  printed: readonly { readonly name: string; readonly bytes: Uint8Array; readonly pages: number }[],
  isKnown: (page: string) => boolean,
): Promise<number> {
  mkdirSync(GOLDEN_FOLDER, { recursive: true });
  const names = new Set(printed.map(({ name }) => name));
  for (const file of goldenNames()) {
    const page = file.replace(/-\d+\.png$/, '');
    if (names.has(page) || !isKnown(page)) rmSync(join(GOLDEN_FOLDER, file));
  }
  let total = 0;
  for (const { name, bytes, pages } of printed) {
    for (let page = 1; page <= pages; page += 1) {
      const png = encodePng(coarse(await paint(bytes, page)));
      writeFileSync(join(GOLDEN_FOLDER, goldenName(name, page)), png);
      total += png.length;
    }
  }
  return total;
}
