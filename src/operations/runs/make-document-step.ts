import type { Locale } from '../../definition/definition.ts';
import type { Step, StepHandler, StepResult } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { archiveDocument, isHeld, wantedFiles } from './archive-document.ts';
import { type LoadedRun, loadDefinition } from './load-definition.ts';
import { mainFile, type PrintedReport, type RunParts } from './parts.ts';

/**
 * The step *Make document*: load the definition, query and print with the rights of its owners, archive. Nothing is written
 * before the archive's one transaction, so a worker that dies at any point leaves a run that can simply be made again.
 */
export const makeDocumentStep = (ctx: Ctx, parts: RunParts): StepHandler => ({
  timeoutMs: ctx.config.RUN_TIMEOUT_MS,
  run: (step) => makeDocument({ ...ctx, signal: step.signal, log: step.log }, parts, step),
});

async function makeDocument(ctx: Ctx, parts: RunParts, step: Step): Promise<StepResult> {
  const timings: Record<string, number> = {};
  const onPhase = (phase: string, milliseconds: number): void => {
    timings[phase] = Math.round(milliseconds);
    ctx.metrics.stepSeconds.observe({ phase }, milliseconds / 1000);
    ctx.log.info({ phase, ms: timings[phase] }, 'phase finished');
  };
  const began = performance.now();
  const loaded = await loadDefinition(ctx, String(step.subtask.input.run_id));
  onPhase('load', performance.now() - began);
  const printed = withWarnings(await print(ctx, parts, { loaded, onPhase }), loaded.warnings);
  await noteOutcomes(step, { loaded, printed, timings });
  return {
    kind: 'done',
    commit: (finishing) => archiveDocument({ ctx, blobs: parts.blobs }, finishing, { loaded, printed, timings }),
  };
}

function print(
  ctx: Ctx,
  parts: RunParts,
  { loaded, onPhase }: { loaded: LoadedRun; onPhase: (phase: string, milliseconds: number) => void },
): Promise<PrintedReport> {
  const { run, task, definition, principals } = loaded;
  return parts.print({
    ctx,
    input: {
      definition,
      principals,
      ids: { task: run.taskId, instance: run.instance, run: run.id },
      at: run.scheduledFor,
      timeZone: run.params.time_zone ?? task?.timeZone ?? ctx.config.TIME_ZONE,
      locale: (run.params.locale ?? task?.locale ?? ctx.config.LOCALE) as Locale,
      period: run.params.period ?? null,
      ...wantedFiles(loaded),
      onPhase,
    },
  });
}

const withWarnings = (printed: PrintedReport, definition: readonly string[]): PrintedReport => ({
  ...printed,
  warnings: [...definition.map((message) => ({ code: 'definition', message })), ...printed.warnings],
});

async function noteOutcomes(
  step: Step,
  { loaded, printed, timings }: { loaded: LoadedRun; printed: PrintedReport; timings: Record<string, number> },
): Promise<void> {
  for (const widget of printed.widgets) {
    if (widget.state === 'ok') continue;
    const message = `widget "${widget.name}" is ${widget.state}${widget.message ? `: ${widget.message}` : ''}`;
    await step.note(widget.state === 'empty' ? 'info' : 'warn', message, { widget_id: widget.widget_id });
  }
  for (const warning of printed.warnings) await step.note('warn', warning.message, { code: warning.code });
  const { pages, bytes } = mainFile(printed);
  const size = `${pages} pages, ${bytes.length} bytes`;
  await step.note('info', `document printed: ${size}`, { ...timings });
  if (isHeld(loaded, printed)) await step.note('warn', 'the document is held back: the task holds partial reports');
}
