import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { BroadsheetError, messageOf } from '../errors.ts';

/** A font file that is there but not yet opened. */
export interface FontFile {
  /** Unique key of the face: its PostScript name, with the subset's number for subset files. */
  readonly name: string;
  readonly family: string;
  /** 100 to 900. */
  readonly weight: number;
  readonly italic: boolean;
  readonly path: string;
  /** True where glyphs of simple scripts need no shaping: no kerning, and ligatures that only look nicer. */
  readonly plain: boolean;
}

export const BODY_FAMILY = 'Open Sans';
/** The face of code: Latin, Cyrillic, Greek in characters of one width. */
export const CODE_FAMILY = 'Noto Sans Mono';
const MAX_USER_FONTS = 500;
const MAX_FONT_BYTES = 64 * 1024 * 1024;

/** A file in a folder of fonts. */
export interface FontPath {
  readonly path: string;
  /** Why it is not even opened; null = it may be. */
  readonly problem: string | null;
}

/**
 * The fonts of the user's folder (not below it), in order of file name; at most 500.
 * @throws BroadsheetError `unavailable` when the folder cannot be read.
 */
export function userFontPaths(fontDir: string): readonly FontPath[] {
  return namesIn(fontDir)
    .filter((name) => /\.(ttf|otf|ttc|woff2?)$/i.test(name))
    .sort()
    .slice(0, MAX_USER_FONTS)
    .map((name) => join(fontDir, name))
    .map((path) => ({ path, problem: fileProblem(path, MAX_FONT_BYTES) }));
}

function namesIn(fontDir: string): string[] {
  try {
    return readdirSync(fontDir);
  } catch (cause) {
    throw new BroadsheetError('unavailable', `the folder of fonts cannot be read: ${messageOf(cause)}`, undefined, {
      cause,
    });
  }
}

/** Why a file is no font to open, by its first bytes; null when it may be one. */
export function fileProblem(path: string, mostBytes: number): string | null {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return 'no file';
    if (stat.size === 0) return 'empty';
    if (stat.size > mostBytes) return `larger than ${mostBytes / 1024 / 1024} MB`;
    // WOFF2 with transformed glyph tables can be measured but not subset by PDFKit.
    return signatureOf(path) === 'wOF2' ? 'WOFF2 cannot be embedded: give it as TrueType, OpenType or WOFF' : null;
  } catch {
    return 'cannot be read';
  }
}

function signatureOf(path: string): string {
  const signature = Buffer.alloc(4);
  const file = openSync(path, 'r');
  try {
    readSync(file, signature, 0, 4, 0);
  } finally {
    closeSync(file);
  }
  return signature.toString('latin1');
}

/** The bytes of a font as plain TrueType or OpenType; WOFF is unpacked here, for zlib does it faster than the parser. */
export function readFontBytes(path: string): Buffer {
  const bytes = readFileSync(path);
  return bytes.toString('latin1', 0, 4) === 'wOFF' ? unpackWoff(bytes) : bytes;
}

/** WOFF 1.0 (W3C) to sfnt: the same tables, inflated, behind a table directory. */
function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const entry = 44 + index * 20;
    const start = woff.readUInt32BE(entry + 4);
    const packedLength = woff.readUInt32BE(entry + 8);
    const length = woff.readUInt32BE(entry + 12);
    const packed = woff.subarray(start, start + packedLength);
    const data = packedLength < length ? inflateSync(packed, { maxOutputLength: MAX_FONT_BYTES }) : packed;
    return { tag: woff.subarray(entry, entry + 4), checksum: woff.readUInt32BE(entry + 16), data };
  });
  const header = Buffer.alloc(12 + count * 16);
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(count, 4);
  const power = 2 ** Math.floor(Math.log2(count));
  header.writeUInt16BE(power * 16, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE((count - power) * 16, 10);
  const parts: Buffer[] = [header];
  let offset = header.length;
  tables.forEach(({ tag, checksum, data }, index) => {
    const entry = 12 + index * 16;
    tag.copy(header, entry);
    header.writeUInt32BE(checksum, entry + 4);
    header.writeUInt32BE(offset, entry + 8);
    header.writeUInt32BE(data.length, entry + 12);
    const padding = (4 - (data.length % 4)) % 4;
    parts.push(data, Buffer.alloc(padding));
    offset += data.length + padding;
  });
  return Buffer.concat(parts);
}
