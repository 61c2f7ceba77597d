import type { Medium } from '../../definition/shown-in.ts';
import { csvOf } from '../../print/csv.ts';
import type { OutputKind, WrittenFile } from '../../print/output.ts';
import { printPdf } from '../../print/pdf.ts';
import type { Mark, Scene, ScenePage } from '../../scene/scene.ts';
import { csvEntries, dataSetsOf } from './data-sets.ts';
import type { Drawing } from './draw-document.ts';

/** What a writer may write from. */
export interface WriterInput {
  readonly drawing: Drawing;
  /** The scene for a medium, laid out anew at each call: what it holds can be walked through only once. */
  readonly scene: (medium: Medium) => Promise<Scene>;
  /** JSON of the manifest with the files that were written before this one and the fonts that are embedded in it. */
  readonly manifest: (fonts: readonly string[]) => string;
  readonly signal: AbortSignal;
}

export type OutputWriter = (input: WriterInput) => Promise<WrittenFile>;

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A report of one series is one CSV file; any other is an archive of them, and so is one whose series failed. */
async function writeCsv({ drawing, manifest, signal }: WriterInput): Promise<WrittenFile> {
  const sets = dataSetsOf(drawing.reads, drawing.locale);
  const options = { timeZone: drawing.timeZone, bom: drawing.definition.csvBom };
  const [only] = sets;
  if (sets.length === 1 && only?.rows) {
    return { bytes: csvOf(only.rows, options), pages: 0, mediaType: 'text/csv; charset=utf-8', extension: 'csv' };
  }
  const { zipOf } = await import('../../print/zip.ts');
  const bytes = await zipOf(csvEntries(sets, manifest([]), options), signal);
  return { bytes, pages: 0, mediaType: 'application/zip', extension: 'zip' };
}

const PNG_WIDTH = 1200;

/**
 * The first page as a picture: only that page is printed for it. Where it is only the preview in a mail, the footer and the
 * empty paper above it are left out.
 */
async function writePng({ drawing, scene, signal }: WriterInput): Promise<WrittenFile> {
  const whole = await scene('paper');
  const cropped = !drawing.outputs.includes('png');
  const pages = whole.pages.slice(0, 1).map((page) => (cropped ? withoutFooter(page) : page));
  const first = { ...whole, pages, treatments: [] };
  const { bytes: pdf } = await printPdf(first, { createdAt: drawing.at, manifest: () => '{}', signal });
  const { pngOfPage } = await import('../../print/png.ts');
  const { bytes } = await pngOfPage(pdf, { page: 1, width: PNG_WIDTH, cropped, signal });
  return { bytes, pages: 1, mediaType: 'image/png', extension: 'png' };
}

function withoutFooter(page: ScenePage): ScenePage {
  const end = page.area.y + page.area.height;
  const isAbove = (mark: Mark): boolean => (mark.kind === 'rule' ? mark.y1 : mark.y) < end;
  const artifacts = page.artifacts.map(({ type, marks }) => ({ type, marks: marks.filter(isAbove) }));
  return { ...page, artifacts };
}

/** What carries the manifest is written last, so that its manifest names the others. */
export const WRITING_ORDER: readonly OutputKind[] = ['csv', 'xlsx', 'png', 'html', 'pdf'];

/**
 * The writer of every kind. The same input gives the same bytes in every process. What a PDF does not need is loaded with
 * the first file that does: a one-shot must not pay for it.
 */
export const OUTPUT_WRITERS: Readonly<Record<OutputKind, OutputWriter>> = {
  csv: writeCsv,
  xlsx: async ({ drawing, signal }) => {
    const { definition, locale, timeZone, at, period } = drawing;
    const sets = dataSetsOf(drawing.reads, locale);
    const { workbookOf } = await import('../../print/xlsx.ts');
    const bytes = await workbookOf(sets, { title: definition.name, locale, timeZone, at, period, signal });
    return { bytes, pages: 0, mediaType: XLSX_TYPE, extension: 'xlsx' };
  },
  html: async ({ drawing, scene, signal }) => {
    const { printHtml } = await import('../../print/html.ts');
    return printHtml((await scene('web')).web(), { sortable: drawing.definition.sortableTables, signal });
  },
  png: writePng,
  pdf: async ({ drawing, scene, manifest, signal }) => {
    const { bytes, pages } = await printPdf(await scene('paper'), { createdAt: drawing.at, manifest, signal });
    return { bytes, pages, mediaType: 'application/pdf', extension: 'pdf' };
  },
};
