import { crc32, deflateSync } from 'node:zlib';
import type { Raster } from './rasterise.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUECOLOR = 2;
const FILTER_NONE = 0;
/** Level 9 takes five times as long (200 against 40 ms for a page of charts) for a file 6 % smaller. */
const LEVEL = 7;

/**
 * An opaque raster as a PNG file (W3C PNG §5, §11.2): eight-bit RGB, no filters, for pages are runs of equal pixels,
 * which compress best as they are. Written here because Node's own zlib is ten times faster than the packages', which
 * bring a deflate in JavaScript.
 */
export function encodePng({ width, height, data }: Raster): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, TRUECOLOR, 0, 0, 0], 8);
  const row = 1 + width * 3;
  const pixels = Buffer.alloc(row * height, FILTER_NONE);
  let from = 0;
  for (let y = 0; y < height; y += 1) {
    let to = y * row + 1;
    for (let x = 0; x < width; x += 1) {
      pixels[to] = data[from] ?? 0;
      pixels[to + 1] = data[from + 1] ?? 0;
      pixels[to + 2] = data[from + 2] ?? 0;
      from += 4;
      to += 3;
    }
  }
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: LEVEL })),
    chunk('IEND', new Uint8Array()),
  ];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(name, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
