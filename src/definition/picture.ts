import { crc32, inflateSync } from 'node:zlib';
import type { Picture } from './definition.ts';
import { exifOrientation } from './exif-orientation.ts';

/** Bounds of a picture, checked before anything is decoded. */
export const PICTURE_LIMITS = { bytes: 4 * 1024 * 1024, side: 8_000, pixels: 16_000_000 } as const;

export type PictureResult = { readonly picture: Picture } | { readonly problem: string };

const DATA_URL = /^data:([a-z]+\/[a-z0-9.+-]+)?((?:;[a-z0-9=.-]+)*?)(;base64),/i;

/**
 * Decode the data URL of a definition's image. Only PNG and JPEG are printed; the type is read from the bytes, not
 * from the URL's label. A file that is too big, cut short or not what it says is a `problem` for people, never a throw.
 */
export function decodePicture(dataUrl: string): PictureResult {
  const head = DATA_URL.exec(dataUrl.slice(0, 200));
  if (head === null) {
    return { problem: /^https?:/i.test(dataUrl) ? 'images are embedded, not loaded from addresses' : 'not an image' };
  }
  const encoded = dataUrl.length - head[0].length;
  if ((encoded * 3) / 4 > PICTURE_LIMITS.bytes + 3)
    return { problem: `larger than ${PICTURE_LIMITS.bytes / 1024 / 1024} MB` };
  return checkPicture(Buffer.from(dataUrl.slice(head[0].length), 'base64'));
}

/** Check the bytes of a PNG or JPEG file against the bounds and its own structure. */
export function checkPicture(bytes: Uint8Array): PictureResult {
  if (bytes.length > PICTURE_LIMITS.bytes) return { problem: `larger than ${PICTURE_LIMITS.bytes / 1024 / 1024} MB` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength >= 33 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a) {
    return checkPng(bytes, view);
  }
  if (view.byteLength >= 4 && view.getUint16(0) === 0xffd8) return checkJpeg(bytes, view);
  return { problem: 'neither a PNG nor a JPEG image' };
}

function sizeProblem(width: number, height: number): string | null {
  if (width === 0 || height === 0) return 'an image without pixels';
  if (width > PICTURE_LIMITS.side || height > PICTURE_LIMITS.side || width * height > PICTURE_LIMITS.pixels) {
    return `too many pixels (${width} × ${height})`;
  }
  return null;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Rows and their bytes, filter byte included, of each pass of the unpacked pixels (PNG specification §7, §8). */
function passesOf(
  width: number,
  height: number,
  bitsPerPixel: number,
  interlaced: boolean,
): { rows: number; bytes: number }[] {
  const pass = (w: number, h: number) => ({ rows: w > 0 ? h : 0, bytes: 1 + Math.ceil((w * bitsPerPixel) / 8) });
  if (!interlaced) return [pass(width, height)];
  return ADAM7.map(([x, y, dx, dy]) =>
    pass(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
  );
}

/** Whether unpacked rows are as many bytes as they should be and every row begins with a known filter. */
function areSoundRows(pixels: Uint8Array, passes: readonly { rows: number; bytes: number }[]): boolean {
  let at = 0;
  for (const { rows, bytes } of passes) {
    for (let row = 0; row < rows; row += 1) {
      if ((pixels[at] ?? 5) > 4) return false;
      at += bytes;
    }
  }
  return at === pixels.length;
}

/** Walks the chunks and unpacks the pixels once under a bound: a bomb or a cut file is found here, not while printing. */
function checkPng(bytes: Uint8Array, view: DataView): PictureResult {
  const corrupt = { problem: 'a damaged PNG image' };
  const [width, height, depth, color] = [view.getUint32(16), view.getUint32(20), view.getUint8(24), view.getUint8(25)];
  const interlaced = view.getUint8(28) === 1;
  const channels = CHANNELS[color];
  if (view.getUint32(12) !== 0x49484452 || channels === undefined || ![1, 2, 4, 8, 16].includes(depth)) return corrupt;
  const problem = sizeProblem(width, height);
  if (problem !== null) return { problem };
  const data: Uint8Array[] = [];
  let palette = 0;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) return corrupt;
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) return corrupt;
    const name = view.getUint32(at + 4);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) return corrupt;
    if (name === 0x49444154) data.push(bytes.subarray(at + 8, at + 8 + length));
    if (name === 0x504c5445) palette = length;
    if (name === 0x49454e44) break;
    at += 12 + length;
  }
  if (color === 3 && (palette === 0 || palette % 3 !== 0)) return corrupt;
  const passes = passesOf(width, height, channels * depth, interlaced);
  const expected = passes.reduce((sum, { rows, bytes: size }) => sum + rows * size, 0);
  try {
    const pixels = inflateSync(Buffer.concat(data), { maxOutputLength: expected });
    if (!areSoundRows(pixels, passes)) return corrupt;
  } catch {
    return corrupt;
  }
  return { picture: { bytes, mediaType: 'image/png', width, height } };
}

/** Walks the segments up to the frame header; baseline, extended and progressive frames are what PDF can hold. */
function checkJpeg(bytes: Uint8Array, view: DataView): PictureResult {
  const corrupt = { problem: 'a damaged JPEG image' };
  let size: readonly [number, number] | null = null;
  let orientation = 1;
  for (let at = 2; ; ) {
    if (at + 4 > bytes.length || view.getUint8(at) !== 0xff) return corrupt;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return corrupt;
    if (marker === 0xda) break;
    if (marker === 0xe1)
      orientation = exifOrientation(new DataView(view.buffer, view.byteOffset + at + 4, length - 2)) ?? orientation;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (marker > 0xc2) return { problem: 'a kind of JPEG that PDF has no room for' };
      if (length < 8 || view.getUint8(at + 4) !== 8 || ![1, 3, 4].includes(view.getUint8(at + 9))) return corrupt;
      size = [view.getUint16(at + 7), view.getUint16(at + 5)];
      const problem = sizeProblem(size[0], size[1]);
      if (problem !== null) return { problem };
    }
    at += 2 + length;
  }
  const tail = bytes.subarray(Math.max(0, bytes.length - 1024));
  const ended = tail.some((byte, index) => byte === 0xff && tail[index + 1] === 0xd9);
  if (size === null || !ended) return corrupt;
  const [width, height] = orientation >= 5 ? [size[1], size[0]] : size;
  const turned = orientation === 1 ? {} : { orientation };
  return { picture: { bytes, mediaType: 'image/jpeg', width, height, ...turned } };
}
