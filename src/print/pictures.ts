import { deflateSync } from 'node:zlib';
import type { Scene } from '../scene/scene.ts';
import type { Pdf } from './page-resources.ts';

type Picture = Scene['pictures'][number];

/** An image that the document has taken in: what PDFKit's `image()` draws. */
export interface EmbeddedImage {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly obj: object;
}

/** What of PDFKit 0.20 is used beyond its documented interface. */
interface PdfInternals {
  _imageCount: number;
  openImage(bytes: Uint8Array): EmbeddedImage & { embed(pdf: Pdf): void };
  ref(data: Record<string, unknown>): { end(bytes: Uint8Array): void };
}

/** Take all pictures into the document, one after the other, so that equal scenes give equal objects. */
export async function embedPictures(pdf: Pdf, pictures: readonly Picture[]): Promise<Map<Picture, EmbeddedImage>> {
  const images = new Map<Picture, EmbeddedImage>();
  for (const picture of pictures) {
    images.set(picture, isAsPdfHasIt(picture) ? embedAsIs(pdf, picture) : await embedDecoded(pdf, picture));
  }
  return images;
}

const HAS_ALPHA = 4;
const TRANSPARENCY = 0x74524e53;

/**
 * Whether a file's own compressed pixels can go into the PDF: a JPEG, or a PNG that is opaque and in order of rows.
 * PDFKit 0.20 takes the others apart in the background and misreads some: palettes of fewer than eight bits with
 * transparency, one colour that stands for transparent, interlaced pixels of fewer or more than eight bits.
 */
function isAsPdfHasIt({ bytes, mediaType }: Picture): boolean {
  if (mediaType === 'image/jpeg') return true;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [color, interlaced] = [view.getUint8(25), view.getUint8(28)];
  return (color & HAS_ALPHA) === 0 && interlaced === 0 && !hasChunk(view, TRANSPARENCY);
}

function hasChunk(view: DataView, name: number): boolean {
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === name) return true;
  }
  return false;
}

function embedAsIs(pdf: Pdf, { bytes }: Picture): EmbeddedImage {
  const image = (pdf as unknown as PdfInternals).openImage(bytes);
  image.embed(pdf);
  return image;
}

/** Unpacks a PNG of any kind into colours and, where it has some, transparency (ISO 32000-1 §8.9.5, §11.6.5.3). */
async function embedDecoded(pdf: Pdf, { bytes, width, height }: Picture): Promise<EmbeddedImage> {
  const { PNG } = await import('pngjs');
  const { data } = PNG.sync.read(Buffer.from(bytes));
  const colors = new Uint8Array(width * height * 3);
  const alphas = new Uint8Array(width * height);
  let isOpaque = true;
  for (let pixel = 0, at = 0; pixel < alphas.length; pixel += 1, at += 4) {
    const alpha = data[at + 3] ?? 0;
    colors[pixel * 3] = data[at] ?? 0;
    colors[pixel * 3 + 1] = data[at + 1] ?? 0;
    colors[pixel * 3 + 2] = data[at + 2] ?? 0;
    alphas[pixel] = alpha;
    isOpaque &&= alpha === 255;
  }
  const internals = pdf as unknown as PdfInternals;
  const object = (space: string, pixels: Uint8Array, more: Record<string, unknown> = {}): object => {
    const shared = { Type: 'XObject', Subtype: 'Image', Width: width, Height: height, BitsPerComponent: 8 };
    const made = internals.ref({ ...shared, ColorSpace: space, Filter: 'FlateDecode', ...more });
    made.end(deflateSync(pixels));
    return made;
  };
  const mask = isOpaque ? {} : { SMask: object('DeviceGray', alphas) };
  internals._imageCount += 1;
  return { label: `I${internals._imageCount}`, width, height, obj: object('DeviceRGB', colors, mask) };
}
