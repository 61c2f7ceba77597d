import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locale } from '../../src/definition/definition.ts';
import { parseReport } from '../../src/definition/parse-report.ts';
import { BroadsheetError } from '../../src/errors.ts';
import { type Drawing, drawDocument, layOutDrawing } from '../../src/operations/runs/draw-document.ts';
import { makeDocument } from '../../src/operations/runs/make-document.ts';
import { readWidgets, resolveFor } from '../../src/operations/runs/read-widgets.ts';
import type { SourceReader } from '../../src/query/statement.ts';
import type { Rows, Value } from '../../src/rows/rows.ts';
import type { Scene } from '../../src/scene/scene.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';

export const typesetter = createTypesetter({ fontDir: null });

/** Rows of the given columns, `name:type`; text where no type is said. */
export function rowsOf(columns: string, values: readonly (readonly Value[])[], limit: number | null = null): Rows {
  const parsed = columns.split(' ').map((column) => {
    const [name = '', type = 'text'] = column.split(':');
    return { name, type: type as Rows['columns'][number]['type'] };
  });
  return { columns: parsed, values, truncation: limit === null ? null : { by: 'rows', limit } };
}

/** A source whose queries are names of prepared rows, or of errors. */
function sourceOf(answers: Readonly<Record<string, Rows | BroadsheetError>>): SourceReader {
  return {
    dialect: 'postgres',
    catalogue: async () => ({ tables: [] }),
    read: async ({ text }) => {
      const answer = answers[text.trim()] ?? new BroadsheetError('unprocessable', `no rows for ${text.slice(0, 60)}`);
      if (answer instanceof BroadsheetError) throw answer;
      return answer;
    },
  };
}

export interface TestWidget {
  readonly id: string;
  readonly kind: string;
  readonly name?: string;
  readonly description?: string;
  readonly sql?: string;
  /** More than one series, each with the name of its prepared rows. */
  readonly series?: readonly { readonly name: string; readonly sql: string }[];
  readonly settings?: Record<string, unknown>;
  readonly mappings?: Record<string, unknown>;
  readonly period?: readonly string[];
}

export interface TestReport {
  readonly widgets: readonly TestWidget[];
  readonly pages?: unknown;
  readonly settings?: Record<string, unknown>;
  readonly name?: string;
  readonly answers?: Readonly<Record<string, Rows | BroadsheetError>>;
  readonly locale?: Locale;
  readonly timeZone?: string;
  readonly at?: Date;
  readonly signal?: AbortSignal;
}

/** A report's definition with what a run adds to it, read from stored JSON. */
function requestOf(report: TestReport) {
  const { definition, warnings } = parseReport({
    report: { id: 'r', name: report.name ?? 'Test report', config: { pages: report.pages }, settings: report.settings },
    dashboard: {},
    widgets: report.widgets.map(
      ({ id, kind, name = '', description, sql, series, period, settings = {}, mappings = {} }) => ({
        id,
        name,
        config: {
          settings: { kind, base: { name, description }, settings, mappings },
          period,
          series: (series ?? (sql === undefined ? [] : [{ name: name || id, sql }])).map((one) => ({
            source: 'main',
            mode: 'sql',
            ...one,
          })),
        },
      }),
    ),
  });
  const request = {
    definition,
    at: report.at ?? new Date('2026-05-03T04:30:00Z'),
    timeZone: report.timeZone ?? 'Europe/Moscow',
    locale: report.locale ?? 'en',
    period: null,
    readers: async () => sourceOf(report.answers ?? {}),
    signal: report.signal ?? new AbortController().signal,
  };
  return { request, warnings };
}

/** Make a document as a run does, from stored JSON and prepared rows. */
export async function print(report: TestReport) {
  const { request, warnings } = requestOf(report);
  const defects: unknown[] = [];
  const made = await makeDocument({
    ...request,
    draw: (drawing, signal) => drawDocument(drawing, { typesetter, signal }),
    ids: {},
    onPhase: () => undefined,
    onDefect: (_, error) => defects.push(error),
  });
  const [document] = made.files;
  if (document === undefined) throw new Error('no document was made');
  return { ...made, ...document, definitionWarnings: warnings, defects };
}

/** The same report read and ready to be drawn. */
export async function drawingFor(report: TestReport): Promise<Drawing> {
  const { request } = requestOf(report);
  const { definition, at, timeZone, locale } = request;
  const reads = await readWidgets(request);
  const period = resolveFor(request, null, null);
  const isPeriodStated = definition.period !== null || definition.dashboardPeriod !== null;
  return { definition, at, timeZone, locale, period, isPeriodStated, reads, outputs: ['pdf'], ids: {} };
}

/** The scene of the same report, to look at before it is printed. */
export const sceneOf = async (report: TestReport): Promise<Scene> =>
  (await layOutDrawing(await drawingFor(report), typesetter)).scene;

/** Run a program on the bytes of a PDF, `FILE` standing for it; its standard output. */
export function onFile(bytes: Uint8Array, command: string, ...args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-print-'));
  const file = join(folder, 'document.pdf');
  try {
    writeFileSync(file, bytes);
    const given = args.map((arg) => (arg === 'FILE' ? file : arg));
    return execFileSync(command, given, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, timeout: 170_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text of a PDF in reading order of its pages; form feeds between pages. */
export const textOf = (bytes: Uint8Array): string => onFile(bytes, 'pdftotext', '-layout', 'FILE', '-');

/** Boxes of words as they stand on the pages, in points. */
export function wordBoxes(
  bytes: Uint8Array,
): { page: number; x1: number; y1: number; x2: number; y2: number; text: string }[] {
  const html = onFile(bytes, 'pdftotext', '-bbox', 'FILE', '-');
  let page = -1;
  return html.split('\n').flatMap((line) => {
    if (line.includes('<page ')) page += 1;
    const word = /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)<\/word>/.exec(line);
    if (!word) return [];
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = word.slice(1, 5).map(Number);
    return [{ page, x1, y1, x2, y2, text: word[5] ?? '' }];
  });
}
