import { deflateSync } from 'node:zlib';
import type { Pdf } from './page-resources.ts';

/** What of PDFKit 0.20's object writing is used beyond its documented interface. */
interface PdfInternals {
  /** Offsets of objects by number, from object 1; null until it is written; below zero, a place in an object stream. */
  readonly _offsets: (number | null)[];
  readonly _offset: number;
  readonly _id: Uint8Array;
  readonly _info: { readonly id: number };
  _write(content: string | Uint8Array): void;
  _finalize(): void;
  push(end: null): void;
  readonly page: {
    readonly dictionary: { readonly id: number; readonly data: Record<string, unknown> };
    readonly annotations: readonly { readonly id: number }[];
  };
  readonly _root: {
    readonly id: number;
    readonly data: { readonly Names: { readonly data: Record<string, unknown> } };
  };
  getStructTreeRoot(): { readonly id: number; readonly data: Record<string, unknown> };
}

const internalsOf = (pdf: Pdf): PdfInternals => pdf as unknown as PdfInternals;

/** Text that PDFKit writes into an object as it is. */
export class RawPdf {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** Without it PDFKit takes the object for a dictionary. */
  get [Symbol.toStringTag](): string {
    return 'RawPdf';
  }
  toString(): string {
    return this.text;
  }
}

/** Take the next object number; the object itself is written later. */
export function reserveObject(pdf: Pdf): number {
  return internalsOf(pdf)._offsets.push(null);
}

/** Writes objects under their numbers; PDFKit keeps nothing of them but where they stand. */
export interface ObjectWriter {
  /** `body` is plain ASCII. */
  write(id: number, body: string): void;
  /** Objects are handed on in batches: at the latest before PDFKit ends its document. */
  flush(): void;
}

/** Objects in one object stream; with their place in it a stream's number stays a small integer. */
const MOST_IN_STREAM = 256;

/**
 * Writes objects into compressed object streams (ISO 32000-1 §7.5.7) and has the document end in a cross-reference
 * stream (§7.5.8), which alone can tell where they are. A long table's structure is a million small objects: they take
 * a tenth of the bytes, and PDFKit's own table of them, twenty bytes each, is not written.
 */
export function createObjectWriter(pdf: Pdf): ObjectWriter {
  const internals = internalsOf(pdf);
  internals._finalize = () => writeCrossReferences(pdf);
  let ids: number[] = [];
  let places = '';
  let bodies = '';
  const flush = (): void => {
    if (ids.length === 0) return;
    const stream = reserveObject(pdf);
    for (const [index, id] of ids.entries()) internals._offsets[id - 1] = -(stream * MOST_IN_STREAM + index);
    const facts = `/Type/ObjStm/N ${ids.length}/First ${places.length}`;
    writeStream(pdf, stream, facts, Buffer.from(places + bodies, 'latin1'));
    [ids, places, bodies] = [[], '', ''];
  };
  return {
    write: (id, body) => {
      places += `${id} ${bodies.length} `;
      bodies += `${body}\n`;
      if (ids.push(id) === MOST_IN_STREAM) flush();
    },
    flush,
  };
}

function writeStream(pdf: Pdf, id: number, facts: string, content: Uint8Array): void {
  const internals = internalsOf(pdf);
  const packed = deflateSync(content, { level: STREAM_LEVEL });
  internals._offsets[id - 1] = internals._offset;
  internals._write(`${id} 0 obj\n<<${facts}/Filter/FlateDecode/Length ${packed.length}>>\nstream`);
  internals._write(packed);
  internals._write('\nendstream\nendobj');
}

/** Structure compresses well at once; a higher level takes twice the time for a few percent. */
const STREAM_LEVEL = 4;
const ENTRY_BYTES = 7;

/** One entry an object: its kind, then where it stands (kind 1) or in which object stream and at which place (kind 2). */
function writeCrossReferences(pdf: Pdf): void {
  const internals = internalsOf(pdf);
  const id = reserveObject(pdf);
  const start = internals._offset;
  const offsets = internals._offsets;
  offsets[id - 1] = start;
  const entries = new DataView(new ArrayBuffer((offsets.length + 1) * ENTRY_BYTES));
  entries.setUint16(ENTRY_BYTES - 2, 65_535);
  for (const [index, offset] of offsets.entries()) {
    const at = (index + 1) * ENTRY_BYTES;
    if (offset === null) continue;
    entries.setUint8(at, offset < 0 ? 2 : 1);
    entries.setUint32(at + 1, offset < 0 ? Math.floor(-offset / MOST_IN_STREAM) : offset);
    entries.setUint16(at + 5, offset < 0 ? -offset % MOST_IN_STREAM : 0);
  }
  const fileId = `<${Buffer.from(internals._id).toString('hex')}>`;
  const facts = [
    `/Type/XRef/Size ${offsets.length + 1}/W [1 4 2]`,
    `/Root ${internals._root.id} 0 R/Info ${internals._info.id} 0 R/ID [${fileId} ${fileId}]`,
  ];
  writeStream(pdf, id, facts.join(''), new Uint8Array(entries.buffer));
  internals._write(`startxref\n${start}\n%%EOF`);
  internals.push(null);
}

/** A text string (ISO 32000-1 §7.9.2.2) as hexadecimal UTF-16. */
export function textString(text: string): string {
  return `<feff${Buffer.from(text.toWellFormed(), 'utf16le').swap16().toString('hex')}>`;
}

export const currentPageId = (pdf: Pdf): number => internalsOf(pdf).page.dictionary.id;

/** Says under which key of the parent tree the current page's marked content is listed. */
export function setStructParents(pdf: Pdf, key: number): void {
  internalsOf(pdf).page.dictionary.data.StructParents = key;
}

/** Number of the annotation object that was made last on the current page. */
export const lastAnnotationId = (pdf: Pdf): number => internalsOf(pdf).page.annotations.at(-1)?.id ?? 0;

/** Number of the structure tree's root. */
export const structRootId = (pdf: Pdf): number => internalsOf(pdf).getStructTreeRoot().id;

/** Tie the structure tree to the document. */
export function setStructRoot(pdf: Pdf, root: { child: number; parentTree: number; nextKey: number }): void {
  Object.assign(internalsOf(pdf).getStructTreeRoot().data, {
    K: [new RawPdf(`${root.child} 0 R`)],
    ParentTree: new RawPdf(`${root.parentTree} 0 R`),
    ParentTreeNextKey: root.nextKey,
  });
}

/** Names of places, sorted, each followed by its place. */
export function setDestinations(pdf: Pdf, names: string): void {
  internalsOf(pdf)._root.data.Names.data.Dests = new RawPdf(`<</Names [${names}]>>`);
}
