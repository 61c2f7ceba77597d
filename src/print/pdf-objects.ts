import type { Pdf } from './page-resources.ts';

/** What of PDFKit 0.20's object writing is used beyond its documented interface. */
interface PdfInternals {
  /** Offsets of objects by number, from object 1; null until it is written. */
  readonly _offsets: (number | null)[];
  readonly _offset: number;
  _write(text: string): void;
  readonly page: {
    readonly dictionary: { readonly id: number; readonly data: Record<string, unknown> };
    readonly annotations: readonly { readonly id: number }[];
  };
  getStructTreeRoot(): { readonly id: number; readonly data: Record<string, unknown> };
}

const internalsOf = (pdf: Pdf): PdfInternals => pdf as unknown as PdfInternals;

/** Text that PDFKit writes into an object as it is. */
class RawPdf {
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

const BATCH_LENGTH = 64 * 1024;

export function createObjectWriter(pdf: Pdf): ObjectWriter {
  const internals = internalsOf(pdf);
  let ids: number[] = [];
  let starts: number[] = [];
  let batch = '';
  const flush = (): void => {
    if (ids.length === 0) return;
    const offset = internals._offset;
    for (const [index, id] of ids.entries()) internals._offsets[id - 1] = offset + (starts[index] ?? 0);
    internals._write(batch.slice(0, -1));
    [ids, starts, batch] = [[], [], ''];
  };
  return {
    write: (id, body) => {
      ids.push(id);
      starts.push(batch.length);
      batch += `${id} 0 obj\n${body}\nendobj\n`;
      if (batch.length >= BATCH_LENGTH) flush();
    },
    flush,
  };
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
