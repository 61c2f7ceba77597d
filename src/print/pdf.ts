import { setImmediate as nextTurn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { BroadsheetError } from '../errors.ts';
import type { Scene, ScenePage } from '../scene/scene.ts';
import { attach } from './attachments.ts';
import { csvPieces } from './csv.ts';
import type { MarkContext } from './marks.ts';
import { fontNames, type Pdf } from './page-resources.ts';
import { takeBytes } from './pdf-bytes.ts';
import { embedPictures } from './pictures.ts';
import { createStructureWriter, type StructureWriter } from './structure.ts';

export interface PdfOptions {
  /** Creation date of the document: the instant it is made for, never the wall clock. */
  readonly createdAt: Date;
  /** JSON that is attached as `manifest.json`, asked for once all is drawn, with the PostScript names of the embedded fonts. */
  readonly manifest: (fonts: readonly string[]) => string;
  readonly signal: AbortSignal;
}

export interface PrintedPdf {
  /** Alone in its buffer, which may be given to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly pages: number;
}

const PRODUCER = 'Broadsheet';

/**
 * Print a scene as a tagged PDF 1.7: title, language, outline, links, embedded fonts, the manifest and
 * the rows of tables without tags as attachments. The same scene and options give the same bytes in every process. Pages are written as they are drawn and other work gets
 * its turn between them.
 * @throws BroadsheetError `canceled` when the signal fires.
 */
export async function printPdf(scene: Scene, options: PdfOptions): Promise<PrintedPdf> {
  const pdf = openDocument(scene, options);
  const finish = takeBytes(pdf);
  const context: MarkContext = { pdf, fonts: scene.fonts, images: await embedPictures(pdf, scene.pictures) };
  const writer = createStructureWriter(context, partCounts(scene));
  for (const page of scene.pages) {
    if (options.signal.aborted) throw new BroadsheetError('canceled', 'printing was canceled');
    await printPage(context, writer, page);
  }
  writer.end();
  for (const { attached } of scene.treatments) {
    if (attached === null) continue;
    const { fileName: name, description, rows, timeZone } = attached;
    await attach(pdf, csvPieces(rows, { timeZone }), { name, type: 'text/csv', description, at: options.createdAt });
  }
  await attach(pdf, Buffer.from(options.manifest(fontNames(pdf))), {
    name: 'manifest.json',
    type: 'application/json',
    description: 'What this report was made from',
    at: options.createdAt,
  });
  pdf.end();
  return { bytes: finish(), pages: scene.pages.length };
}

async function printPage(context: MarkContext, writer: StructureWriter, page: ScenePage): Promise<void> {
  const { pdf } = context;
  pdf.addPage();
  for (const { type, marks } of page.artifacts) writer.artifact(type, marks);
  for (const part of page.parts) {
    writer.part(part);
    await nextTurn();
  }
}

function openDocument(scene: Scene, { createdAt }: PdfOptions): Pdf {
  const { title } = scene;
  const info = { Title: title, Creator: PRODUCER, Producer: PRODUCER, CreationDate: createdAt, ModDate: createdAt };
  const pdf = new PDFDocument({
    autoFirstPage: false,
    size: [scene.paper.width, scene.paper.height],
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/UA',
    tagged: true,
    lang: scene.language,
    displayTitle: true,
    font: null as never,
    // Texts are encoded once and kept by us, in bounds; this cache has none.
    fontLayoutCache: false,
    info,
  } as unknown as PDFKit.PDFDocumentOptions);
  // As a number, PDFKit would also write lists of the glyphs it embeds (CIDSet), which PDF/UA does not ask for and which
  // lack the parts of composed glyphs: veraPDF refuses them.
  Object.assign(pdf, { subset: '1' });
  escapeMetadata(pdf);
  return pdf;
}

/** PDFKit 0.20 writes the document's facts into the XMP packet as they are; in XML they must be escaped. */
function escapeMetadata(pdf: Pdf): void {
  const internals = pdf as unknown as { info: Record<string, unknown>; _addInfo: () => void };
  const write = internals._addInfo;
  internals._addInfo = () => {
    const plain = internals.info;
    const escaped = Object.entries(plain).map(([key, value]) => [
      key,
      typeof value === 'string' ? xmlText(value) : value,
    ]);
    internals.info = Object.fromEntries(escaped);
    write.call(pdf);
    internals.info = plain;
  };
}

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '')
    .replaceAll(/[&<>]/g, (character) => XML[character] ?? '');

function partCounts(scene: Scene): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { section } of scene.pages.flatMap(({ parts }) => parts))
    counts.set(section, (counts.get(section) ?? 0) + 1);
  return counts;
}
