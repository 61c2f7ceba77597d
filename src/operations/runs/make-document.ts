import type { Content } from '../../charts/content.ts';
import type { ChartEnvironment } from '../../charts/environment.ts';
import { contentOf } from '../../charts/kinds.ts';
import type { Locale } from '../../definition/definition.ts';
import { fileNameOf } from '../../definition/name-mask.ts';
import { printPdf } from '../../print/pdf.ts';
import { layOutReport } from '../../scene/report-scene.ts';
import { sheetStyle, type Typesetter } from '../../scene/typesetter.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import { type Manifest, makeManifest } from './make-manifest.ts';
import { type ReadScope, readWidgets, resolveFor, type WidgetRead } from './read-widgets.ts';
import { missingGlyphs, outcomeOf, problemContent } from './widget-outcomes.ts';

export interface DocumentRequest extends ReadScope {
  readonly locale: Locale;
  readonly typesetter: Typesetter;
  /** Ids that file names may hold. */
  readonly ids: { readonly task?: string | null; readonly instance?: string | null; readonly run?: string | null };
  /** Called with each phase's name and milliseconds as it ends: `query`, `print`. */
  readonly onPhase: (phase: string, milliseconds: number) => void;
  /** Told of defects that the page only hints at. */
  readonly onDefect: (widgetId: string, error: unknown) => void;
}

export interface MadeDocument {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly pages: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly widgets: readonly WidgetOutcome[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/**
 * Make a report's document: resolve its period, read the rows, lay charts and tables out, print. The same definition,
 * rows and instant give the same bytes. A widget that fails leaves a notice on the page and an outcome.
 * @throws BroadsheetError `canceled` when the signal fires, `bad_request` for a period or zone that is none.
 */
export async function makeDocument(request: DocumentRequest): Promise<MadeDocument> {
  const { definition, at, timeZone, locale, onPhase } = request;
  const started = performance.now();
  const period = resolveFor(request, null, null);
  const reads = await readWidgets(request);
  onPhase('query', performance.now() - started);

  const printing = performance.now();
  const { font, theme: themeName } = definition.style;
  const style = sheetStyle(request.typesetter, { theme: themeName, font, locale, timeZone });
  const contents = contentsOf(reads, { locale, timeZone, theme: style.theme, font });
  const broken = new Map<string, unknown>();
  const isStated = request.period !== null || definition.period !== null || definition.dashboardPeriod !== null;
  const { scene, warnings } = await layOutReport({
    definition,
    at,
    period: isStated ? period : null,
    style,
    contentOf: ({ widget }) => contents.get(widget.id) ?? { kind: 'text', markdown: '' },
    onFailure: ({ widget }, error) => broken.set(widget.id, error),
  });
  const outcomes = () => reads.map((read) => outcomeOf(read, contents.get(read.widget.id), broken.get(read.widget.id)));
  const manifest = makeManifest({ request, period, reads, outcomes: outcomes() });
  const printed = await printPdf(scene, { createdAt: at, manifest: JSON.stringify(manifest), signal: request.signal });
  onPhase('print', performance.now() - printing);

  for (const [id, error] of broken) request.onDefect(id, error);
  for (const { widget, problem } of reads) if (problem?.message === '') request.onDefect(widget.id, problem.cause);
  return {
    ...printed,
    mediaType: 'application/pdf',
    fileName: fileNameOf(definition.nameMask, { report: definition.name, at, timeZone, period, ...request.ids }, 'pdf'),
    manifest,
    widgets: outcomes(),
    warnings: [...warnings.map((message) => ({ code: 'layout', message })), ...missingGlyphs(scene.fonts)],
  };
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
