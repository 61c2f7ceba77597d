import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createDeflate, deflateSync } from 'node:zlib';
import type { Pdf } from './page-resources.ts';

/** What of PDFKit 0.20 is used beyond its documented interface. */
interface PdfInternals {
  ref(data: Record<string, unknown>): { end(content?: Uint8Array): void };
  addNamedEmbeddedFile(name: string, ref: unknown): void;
  readonly _root: { readonly data: { AF?: unknown[] } };
}

interface Attachment {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly description: string;
  readonly at: Date;
}

/**
 * Attach a file to a document, as PDFKit's `file` does. Pieces are made, packed and forgotten one by one: the rows of a
 * long table as CSV weigh as much as the rows themselves.
 */
export async function attach(pdf: Pdf, given: Uint8Array | Iterable<string>, attachment: Attachment): Promise<void> {
  const { name, type, description, at } = attachment;
  const internals = pdf as unknown as PdfInternals;
  const { content, size, checksum } = given instanceof Uint8Array ? packedWhole(given) : await packed(given);
  const Params = { CreationDate: at, ModDate: at, CheckSum: new String(checksum), Size: size };
  const file = internals.ref({ Type: 'EmbeddedFile', Params, Subtype: nameOf(type), Filter: 'FlateDecode' });
  file.end(content);
  const specification = internals.ref({
    Type: 'Filespec',
    AFRelationship: 'Data',
    F: new String(name),
    EF: { F: file },
    UF: new String(name),
    Desc: new String(description),
  });
  specification.end();
  internals.addNamedEmbeddedFile(name, specification);
  const { data } = internals._root;
  data.AF ??= [];
  data.AF.push(specification);
}

interface Packed {
  readonly content: Uint8Array;
  /** In bytes, before it was packed. */
  readonly size: number;
  /** MD5, hexadecimal. */
  readonly checksum: string;
}

const packedWhole = (bytes: Uint8Array): Packed => ({
  content: deflateSync(bytes),
  size: bytes.length,
  checksum: createHash('md5').update(bytes).digest('hex'),
});

async function packed(pieces: Iterable<string>): Promise<Packed> {
  const packing = createDeflate();
  const blocks: Uint8Array[] = [];
  packing.on('data', (block: Uint8Array) => blocks.push(block));
  const ended = finished(packing);
  const hash = createHash('md5');
  let size = 0;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    hash.update(bytes);
    size += bytes.length;
    if (!packing.write(bytes)) await once(packing, 'drain');
  }
  packing.end();
  await ended;
  return { content: Buffer.concat(blocks), size, checksum: hash.digest('hex') };
}

/** A media type as a PDF name. */
const nameOf = (type: string): string => type.replaceAll('/', '#2F');
