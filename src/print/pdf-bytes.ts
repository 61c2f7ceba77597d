import { BroadsheetError } from '../errors.ts';
import type { Pdf } from './page-resources.ts';

/** What of PDFKit 0.20's way of writing is used beyond its documented interface. */
interface PdfInternals {
  _offset: number;
  _write(content: string | Uint8Array): void;
  push(end: Uint8Array | null): boolean;
  read(): Uint8Array | null;
}

/** Addresses set aside for a document; nothing is taken of the machine's memory before it is written. */
const MOST_BYTES = 1024 * 1024 * 1024;
const GROWTH = 1024 * 1024;
const SCRATCH_BYTES = 64 * 1024;

/**
 * Take what PDFKit writes as it writes it, instead of reading it as a stream: a long document is a million small pieces,
 * and as buffers that wait to be joined they weigh ten times what is in them. There is one buffer, which grows in place:
 * its address space is reserved, memory is taken as it is filled, and it can be given to another thread as it is.
 * @returns gives the finished document.
 */
export function takeBytes(pdf: Pdf): () => Uint8Array<ArrayBuffer> {
  const internals = pdf as unknown as PdfInternals;
  const buffer = new ArrayBuffer(0, { maxByteLength: MOST_BYTES });
  const all = new Uint8Array(buffer);
  // Texts are gathered here: most are shorter than a line.
  const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  let [length, gathered, isEnded] = [0, 0, false];
  const append = (bytes: Uint8Array): void => {
    const needed = length + bytes.length;
    if (needed > MOST_BYTES) throw new BroadsheetError('too_large', 'the document takes more than 1 GB');
    if (needed > buffer.byteLength) buffer.resize(Math.min(MOST_BYTES, Math.ceil(needed / GROWTH) * GROWTH));
    all.set(bytes, length);
    length = needed;
  };
  const handOn = (): void => {
    append(scratch.subarray(0, gathered));
    gathered = 0;
  };
  const begun = internals.read();
  if (begun !== null) append(begun);
  internals._write = (content) => {
    const size = content.length + (typeof content === 'string' ? 1 : 0);
    if (gathered + size > SCRATCH_BYTES) handOn();
    if (size > SCRATCH_BYTES) append(typeof content === 'string' ? Buffer.from(`${content}\n`, 'latin1') : content);
    else if (typeof content === 'string') {
      gathered += scratch.write(content, gathered, 'latin1');
      scratch[gathered] = LINE_FEED;
      gathered += 1;
    } else {
      scratch.set(content, gathered);
      gathered += size;
    }
    internals._offset += size;
  };
  internals.push = () => {
    isEnded = true;
    return false;
  };
  return () => {
    if (!isEnded) throw new Error('PDFKit did not end its document');
    handOn();
    buffer.resize(length);
    return new Uint8Array(buffer, 0, length);
  };
}

const LINE_FEED = 0x0a;
