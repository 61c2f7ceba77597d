import type { Content } from '../../charts/content.ts';
import type { ChartEnvironment } from '../../charts/environment.ts';
import { contentOf } from '../../charts/kinds.ts';
import type { Locale, ReportDefinition } from '../../definition/definition.ts';
import { fileNameOf } from '../../definition/name-mask.ts';
import type { Period } from '../../period/period.ts';
import { printPdf } from '../../print/pdf.ts';
import { layOutReport } from '../../scene/report-scene.ts';
import { sheetStyle, type Typesetter } from '../../scene/typesetter.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import { type Manifest, makeManifest } from './make-manifest.ts';
import type { WidgetRead } from './read-widgets.ts';
import { missingGlyphs, outcomeOf, problemContent } from './widget-outcomes.ts';

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
  /** Ids that file names may hold. */
  readonly ids: { readonly task?: string | null; readonly instance?: string | null; readonly run?: string | null };
}

export interface DrawnDocument {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly pages: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly widgets: readonly WidgetOutcome[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** What broke while a widget was drawn; the page shows a notice in its place. */
  readonly defects: readonly { readonly widgetId: string; readonly error: unknown }[];
}

/**
 * Draw a document of rows that were read: charts, scene, print. Asks for nothing: no source, no store, no clock. The same
 * drawing gives the same bytes in every thread and process.
 * @throws BroadsheetError `canceled` when the signal fires.
 */
export async function drawDocument(
  drawing: Drawing,
  { typesetter, signal }: { readonly typesetter: Typesetter; readonly signal: AbortSignal },
): Promise<DrawnDocument> {
  const { definition, at, timeZone, period } = drawing;
  const { scene, warnings, broken, outcomes } = await layOutDrawing(drawing, typesetter);
  const manifest = makeManifest({ drawing, outcomes: outcomes() });
  const printed = await printPdf(scene, { createdAt: at, manifest: JSON.stringify(manifest), signal });
  return {
    ...printed,
    mediaType: 'application/pdf',
    fileName: fileNameOf(definition.nameMask, { report: definition.name, at, timeZone, period, ...drawing.ids }, 'pdf'),
    manifest,
    widgets: outcomes(),
    warnings: [...warnings.map((message) => ({ code: 'layout', message })), ...missingGlyphs(scene.fonts)],
    defects: [...broken].map(([widgetId, error]) => ({ widgetId, error })),
  };
}

/** The scene that every output of a drawing is written from. `broken` and `outcomes` are whole once it is printed. */
export async function layOutDrawing(drawing: Drawing, typesetter: Typesetter) {
  const { definition, at, timeZone, locale, period, reads } = drawing;
  const { font, theme: themeName } = definition.style;
  const style = sheetStyle(typesetter, { theme: themeName, font, locale, timeZone });
  const contents = contentsOf(reads, { locale, timeZone, theme: style.theme, font });
  const broken = new Map<string, unknown>();
  const { scene, warnings } = await layOutReport({
    definition,
    at,
    period: drawing.isPeriodStated ? period : null,
    style,
    contentOf: ({ widget }) => contents.get(widget.id) ?? { kind: 'text', markdown: '' },
    onFailure: ({ widget }, error) => broken.set(widget.id, error),
  });
  const outcomes = () => reads.map((read) => outcomeOf(read, contents.get(read.widget.id), broken.get(read.widget.id)));
  return { scene, warnings, broken, outcomes };
}

/** What each widget puts on the page, by its id. */
function contentsOf(reads: readonly WidgetRead[], shared: Omit<ChartEnvironment, 'period'>): Map<string, Content> {
  return new Map(
    reads.map((read) => {
      const { widget, series, problem } = read;
      const period = read.period && { from: read.period.from.getTime(), to: read.period.to.getTime() };
      const content = problem === null ? contentOf(widget, series, { ...shared, period }) : problemContent(read);
      return [widget.id, content];
    }),
  );
}
