import { createHash } from 'node:crypto';
import type { Content } from '../../charts/content.ts';
import type { ChartEnvironment } from '../../charts/environment.ts';
import { contentOf } from '../../charts/kinds.ts';
import type { Locale, ReportDefinition } from '../../definition/definition.ts';
import { fileNameOf } from '../../definition/name-mask.ts';
import { definitionIn, type Medium, widgetIn } from '../../definition/shown-in.ts';
import { BroadsheetError, messageOf } from '../../errors.ts';
import type { Period } from '../../period/period.ts';
import type { OutputKind, WrittenFile } from '../../print/output.ts';
import { layOutReport } from '../../scene/report-scene.ts';
import type { Scene } from '../../scene/scene.ts';
import { sheetStyle, type Typesetter } from '../../scene/typesetter.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import { createManifests, type Manifest } from './make-manifest.ts';
import { OUTPUT_WRITERS, WRITING_ORDER } from './output-writers.ts';
import type { WidgetRead } from './read-widgets.ts';
import { fontWarnings, outcomeOf, problemContent } from './widget-outcomes.ts';

/** Everything a document is drawn from. Plain data: it can be sent to another thread. */
export interface Drawing {
  readonly definition: ReportDefinition;
  /** "Now" of the report. */
  readonly at: Date;
  readonly timeZone: string;
  readonly locale: Locale;
  /** The report's own period; `stated` when somebody asked for one, so that the page says it. */
  readonly period: Period;
  readonly isPeriodStated: boolean;
  readonly reads: readonly WidgetRead[];
  /** Which files to write; the first is the document, the others accompany it. Each kind once, at least one. */
  readonly outputs: readonly OutputKind[];
  /** Also draw the first page as a PNG, for a mail, after the `outputs`; it may fail without costing the document. */
  readonly preview?: boolean;
  /** Ids that file names may hold. */
  readonly ids: { readonly task?: string | null; readonly instance?: string | null; readonly run?: string | null };
}

/** One of the files that a report became. */
export interface DrawnFile {
  readonly kind: OutputKind;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** With extension, safe for any file system. */
  readonly fileName: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Zero for what has no pages. */
  readonly pages: number;
}

/** Plain data; the bytes of its files may be transferred to another thread. */
export interface DrawnDocument {
  /** In the order of the drawing's `outputs`: the first is the document itself. */
  readonly files: readonly DrawnFile[];
  readonly manifest: Manifest;
  readonly widgets: readonly WidgetOutcome[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** What broke while a widget was drawn; the page shows a notice in its place. */
  readonly defects: readonly { readonly widgetId: string; readonly error: unknown }[];
}

interface Press {
  readonly typesetter: Typesetter;
  readonly signal: AbortSignal;
}

/**
 * Draw a document of rows that were read: charts, scene, files. Asks for nothing: no source, no store, no clock. The same
 * drawing gives the same bytes in every thread and process.
 * @throws BroadsheetError `canceled` when the signal fires.
 */
export async function drawDocument(drawing: Drawing, { typesetter, signal }: Press): Promise<DrawnDocument> {
  const isPaged = drawing.outputs.some((kind) => kind === 'pdf' || kind === 'png');
  const firstMedium: Medium = isPaged || !drawing.outputs.includes('html') ? 'paper' : 'web';
  const first = await layOutDrawing(drawing, typesetter, { medium: firstMedium, signal });
  const scenes: Scene[] = [];
  let isFirstTaken = false;
  const scene = async (medium: Medium): Promise<Scene> => {
    const isFirst = medium === firstMedium && !isFirstTaken;
    isFirstTaken ||= isFirst;
    const { broken } = first;
    const laid = isFirst ? first : await layOutDrawing(drawing, typesetter, { medium, broken, signal });
    scenes.push(laid.scene);
    return laid.scene;
  };
  const written = new Map<OutputKind, DrawnFile>();
  const manifestOf = createManifests(drawing, { treatments: first.scene.treatments, captions: first.captions });
  let manifest = manifestOf(first.outcomes(), [], []);
  const write = async (kind: OutputKind): Promise<void> => {
    if (signal.aborted) throw new BroadsheetError('canceled', 'printing was canceled');
    const others = [...written.values()];
    let embedded: readonly string[] = [];
    const json = (fonts: readonly string[]): string => {
      embedded = fonts;
      return JSON.stringify(manifestOf(first.outcomes(), others, fonts));
    };
    const file = await OUTPUT_WRITERS[kind]({ drawing, scene, manifest: json, signal });
    manifest = manifestOf(first.outcomes(), others, embedded);
    written.set(kind, namedFile(drawing, kind, file));
  };
  for (const kind of WRITING_ORDER) if (drawing.outputs.includes(kind)) await write(kind);
  const documentManifest = manifest;
  const isPreviewed = drawing.preview === true && !written.has('png');
  const problems = isPreviewed ? await attempt(() => write('png'), signal) : [];
  const order = [...new Set([...drawing.outputs, ...written.keys()])];
  return {
    files: order.flatMap((kind) => written.get(kind) ?? []),
    manifest: documentManifest,
    widgets: first.outcomes(),
    warnings: [
      ...first.warnings.map((message) => ({ code: 'layout', message })),
      ...fontWarnings(
        scenes.map(({ fonts }) => fonts),
        drawing.definition.style.font,
      ),
      ...problems.map((message) => ({ code: 'preview', message: `no picture of the first page: ${message}` })),
    ],
    defects: [...first.broken].map(([widgetId, error]) => ({ widgetId, error })),
  };
}

/** Do what may fail; a problem, if it did. @throws when the signal has fired. */
async function attempt(action: () => Promise<void>, signal: AbortSignal): Promise<string[]> {
  try {
    await action();
    return [];
  } catch (error) {
    if (signal.aborted) throw error;
    return [messageOf(error)];
  }
}

function namedFile(drawing: Drawing, kind: OutputKind, { bytes, mediaType, extension, pages }: WrittenFile): DrawnFile {
  const { definition, at, timeZone, period, ids } = drawing;
  const facts = { report: definition.name, at, timeZone, period, ...ids };
  const fileName = fileNameOf(definition.nameMask, facts, extension);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind, bytes, mediaType, fileName, sha256, pages };
}

interface Laying {
  readonly medium?: Medium;
  /** What broke in earlier scenes of the drawing, by the widget's id. */
  readonly broken?: Map<string, unknown>;
  readonly signal?: AbortSignal;
}

/**
 * The scene that the outputs of a medium are written from. `broken` and `outcomes` are whole once it is printed.
 */
export async function layOutDrawing(
  drawing: Drawing,
  typesetter: Typesetter,
  { medium = 'paper', broken = new Map(), signal }: Laying = {},
) {
  const { at, timeZone, locale, period, reads, outputs } = drawing;
  const definition = definitionIn(drawing.definition, medium);
  const { font, theme, palette } = definition.style;
  const style = sheetStyle(typesetter, { theme, palette, font, locale, timeZone });
  const dataFile = (['xlsx', 'csv'] as const).find((kind) => outputs.includes(kind)) ?? null;
  const contents = contentsOf(reads, medium, { locale, timeZone, theme: style.theme, font, dataFile });
  const { scene, warnings } = await layOutReport({
    definition,
    at,
    period: drawing.isPeriodStated ? period : null,
    style,
    contentOf: ({ widget }) => contents.get(widget.id) ?? { kind: 'text', markdown: '' },
    onFailure: ({ widget }, error) => broken.set(widget.id, error),
    ...(signal === undefined ? {} : { signal }),
  });
  const outcomes = () => reads.map((read) => outcomeOf(read, contents.get(read.widget.id), broken.get(read.widget.id)));
  const captions = new Map(
    [...contents].flatMap(([id, one]) => (one.kind === 'chart' && one.caption !== null ? [[id, one.caption]] : [])),
  );
  return { scene, warnings, broken, outcomes, captions };
}

/** What each widget puts on the page, by its id. */
function contentsOf(
  reads: readonly WidgetRead[],
  medium: Medium,
  shared: Omit<ChartEnvironment, 'period'>,
): Map<string, Content> {
  return new Map(
    reads.map((read) => {
      const { series, problem } = read;
      const widget = widgetIn(read.widget, medium);
      const period = read.period && { from: read.period.from.getTime(), to: read.period.to.getTime() };
      const content = problem === null ? contentOf(widget, series, { ...shared, period }) : problemContent(read);
      return [widget.id, content];
    }),
  );
}
