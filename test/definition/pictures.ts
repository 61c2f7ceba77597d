import { crc32, deflateSync } from 'node:zlib';

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A real RGB(A) PNG; `pixels` may lie about the header's size to build broken files. */
export function png(width: number, height: number, options: { alpha?: boolean; rows?: Uint8Array } = {}): Buffer {
  const channels = options.alpha === true ? 4 : 3;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 4 ? 6 : 2, 0, 0, 0], 8);
  const rows =
    options.rows ??
    Buffer.from(
      Array.from({ length: height }, (_, y) => [
        0,
        ...Array.from({ length: width * channels }, (_, i) => (y * 40 + i * 9) % 256),
      ]).flat(),
    );
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export const pngDataUrl = (width: number, height: number, options?: Parameters<typeof png>[2]): string =>
  `data:image/png;base64,${png(width, height, options).toString('base64')}`;

/** A JPEG up to what a reader needs for its size: header, frame, scan marker, end marker. */
export function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x00, 0xff, 0xd9]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), frame, scan]);
}
