import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { workloadReports } from '../../store/schema/fleet.ts';
import type { Step, StepHandler, StepResult } from '../../tasks/handlers.ts';
import { fileOf } from '../archive/open-file.ts';
import type { Ctx } from '../context.ts';

/** Some megabytes are read. */
const TIMEOUT_MS = 5 * 60_000;

/**
 * The step *Store workload report*: read back what was stored, byte for byte, before the report is said to be there. It
 * changes nothing, so that there is nothing to undo.
 */
export const storeStep = (ctx: Ctx): StepHandler => ({
  timeoutMs: TIMEOUT_MS,
  run: (step) => checkFiles({ ...ctx, signal: step.signal }, step),
});

async function checkFiles(ctx: Ctx, step: Step): Promise<StepResult> {
  const id = Number(step.subtask.input.report_id);
  const [report] = await ctx.db
    .select({ html: workloadReports.htmlDocumentId, pdf: workloadReports.pdfDocumentId })
    .from(workloadReports)
    .where(eq(workloadReports.id, id));
  if (report === undefined) return { kind: 'failed', code: 'not_found', message: `workload report ${id} is gone` };
  const files = [report.html, report.pdf].filter((file) => file !== null);
  if (files.length < 2) return { kind: 'failed', code: 'not_found', message: 'files of the report are missing' };
  for (const documentId of files) {
    const file = await fileOf(ctx, documentId);
    const hash = createHash('sha256');
    for await (const piece of file.read(ctx.signal)) hash.update(piece);
    if (hash.digest('hex') !== file.sha256) {
      return { kind: 'failed', code: 'internal', message: `${file.name} is not stored as it was made` };
    }
    await step.note('info', `${file.name} stored, ${file.size} bytes`);
  }
  return { kind: 'done' };
}
