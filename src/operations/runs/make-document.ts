import type { Locale } from '../../definition/definition.ts';
import type { OutputKind } from '../../print/output.ts';
import type { WorkloadReader } from '../workload/expand-widgets.ts';
import { WORKLOAD_KIND } from '../workload/parts.ts';
import type { Drawing, DrawnDocument } from './draw-document.ts';
import type { Draw } from './draw-in-threads.ts';
import { type ReadScope, readWidgets, resolveFor, type WidgetRead } from './read-widgets.ts';

export interface DocumentRequest extends ReadScope {
  readonly locale: Locale;
  /** Kept from document to document: its caches are what makes the second report fast. */
  readonly draw: Draw;
  /** Reads widgets of the kind `workload`; left out: they say that they cannot be read here. */
  readonly workload?: WorkloadReader;
  /** Which files to write; the first is the document. Left out: a PDF. */
  readonly outputs?: readonly OutputKind[];
  readonly preview?: boolean;
  /** Ids that file names may hold. */
  readonly ids: Drawing['ids'];
  /** Called with each phase's name and milliseconds as it ends: `query`, `print`. */
  readonly onPhase: (phase: string, milliseconds: number) => void;
  /** Told of defects that the page only hints at. */
  readonly onDefect: (widgetId: string, error: unknown) => void;
}

export type MadeDocument = Omit<DrawnDocument, 'defects'>;

/**
 * Make a report's document: resolve its period, read the rows, lay charts and tables out, print. The same definition,
 * rows and instant give the same bytes. A widget that fails leaves a notice on the page and an outcome.
 * @throws BroadsheetError `canceled` when the signal fires, `bad_request` for a period or zone that is none.
 */
export async function makeDocument(request: DocumentRequest): Promise<MadeDocument> {
  const { at, timeZone, locale, ids, draw, signal, onPhase, onDefect } = request;
  const { outputs = ['pdf'], preview = false } = request;
  const started = performance.now();
  const period = resolveFor(request, null, null);
  const { definition, reads: read } = await expanded(request, await readWidgets(request));
  for (const { widget, problem } of read) if (problem?.message === '') onDefect(widget.id, problem.cause);
  onPhase('query', performance.now() - started);

  const printing = performance.now();
  const isPeriodStated = request.period !== null || definition.period !== null || definition.dashboardPeriod !== null;
  const reads = read.map(({ problem, ...rest }) => ({ ...rest, problem: problem && { ...problem, cause: null } }));
  const drawing: Drawing = { definition, at, timeZone, locale, period, isPeriodStated, reads, outputs, preview, ids };
  const { defects, ...made } = await draw(drawing, signal);
  for (const { widgetId, error } of defects) onDefect(widgetId, error);
  onPhase('print', performance.now() - printing);
  return made;
}

/** The report with chapters in the place of its workload widgets; what makes them is loaded for reports that have any. */
async function expanded(request: DocumentRequest, reads: readonly WidgetRead[]) {
  const { definition, workload = null, outputs = ['pdf'] } = request;
  if (reads.every(({ widget }) => widget.kind !== WORKLOAD_KIND)) return { definition, reads };
  const { expandWorkloads } = await import('../workload/expand-widgets.ts');
  return expandWorkloads({ ...request, workload, outputs }, reads);
}
