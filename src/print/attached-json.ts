import { inflateSync } from 'node:zlib';

const MARK = '/EmbeddedFile';
/** How far from the mark the stream's dictionary begins and ends; ours take 250 bytes. */
const REACH = 1_024;
const MOST_MARKS = 10_000;
/** A hostile file may hold many that unpack to much. */
const MOST_CANDIDATES = 10;

/**
 * The JSON files that a PDF of ours has attached, as texts, the last one first, each unpacked when it is asked for. It
 * follows no references and trusts no table of the file: it looks for embedded streams of the type `application/json` that
 * are deflated or bare and say their length, as PDFKit writes them and qpdf leaves them. A file that is broken, foreign or
 * encrypted gives none.
 * @param limit most bytes of one attachment when unpacked.
 */
export function* attachedJson(pdf: Uint8Array, limit: number): Generator<string> {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  let candidates = 0;
  let end = bytes.length;
  for (let marks = 0; marks < MOST_MARKS && end > 0; marks += 1) {
    end = bytes.lastIndexOf(MARK, end - 1, 'latin1');
    if (end < 0) return;
    const found = streamAround(bytes, end);
    if (found === null) continue;
    const text = unpacked(found, limit);
    if (text !== null) yield text;
    candidates += 1;
    if (candidates >= MOST_CANDIDATES) return;
  }
}

interface FoundStream {
  readonly stream: Buffer;
  readonly dictionary: string;
}

function streamAround(bytes: Buffer, mark: number): FoundStream | null {
  const before = bytes.subarray(Math.max(0, mark - REACH), mark).toString('latin1');
  const after = bytes.subarray(mark, mark + REACH).toString('latin1');
  const opening = before.lastIndexOf(' obj');
  const closing = after.indexOf('stream');
  if (opening < 0 || closing < 0) return null;
  const dictionary = (before.slice(opening) + after.slice(0, closing)).replaceAll(/\s+/g, ' ');
  if (!/\/Subtype ?\/application#2[fF]json\b/.test(dictionary)) return null;
  const length = Number(/\/Length (\d+)(?! \d+ R)\b/.exec(dictionary)?.[1] ?? Number.NaN);
  const start = mark + closing + 'stream'.length + (after.startsWith('\r\n', closing + 6) ? 2 : 1);
  return start + length <= bytes.length ? { stream: bytes.subarray(start, start + length), dictionary } : null;
}

function unpacked({ stream, dictionary }: FoundStream, limit: number): string | null {
  const filter = /\/Filter ?\[? ?\/(\w+)/.exec(dictionary)?.[1];
  if (filter === undefined) return stream.length <= limit ? stream.toString('utf8') : null;
  if (filter !== 'FlateDecode' || dictionary.includes('/DecodeParms')) return null;
  try {
    return inflateSync(stream, { maxOutputLength: limit }).toString('utf8');
  } catch {
    return null;
  }
}
