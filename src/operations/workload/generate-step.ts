import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Db } from '../../store/database.ts';
import { clusters, snapshots, workloadReports } from '../../store/schema/fleet.ts';
import { documents } from '../../store/schema/runs.ts';
import type { Finishing, Handlers, Step, StepHandler, StepResult } from '../../tasks/handlers.ts';
import { SHARED_QUEUE } from '../../tasks/jobs.ts';
import { removeFiles } from '../archive/remove-files.ts';
import type { Ctx } from '../context.ts';
import type { DrawnDocument } from '../runs/draw-document.ts';
import { workloadDrawing } from './draw-workload.ts';
import { loadFacts } from './load-facts.ts';
import { GENERATE_WORKLOAD, STORE_WORKLOAD, type WorkloadParts } from './parts.ts';
import { storeStep } from './store-step.ts';

/** The handlers of workload reports, for the worker that the composition root starts. `ctx` acts as the service. */
export const createWorkloadHandlers = (ctx: Ctx, parts: WorkloadParts): Pick<Handlers, 'steps'> => ({
  steps: { [GENERATE_WORKLOAD]: generateStep(ctx, parts), [STORE_WORKLOAD]: storeStep(ctx) },
});

/**
 * The step *Generate report*: load the facts, draw HTML and PDF, store both in the transaction that settles the step. Undone,
 * the files are gone and the report is FAILED without any, in the transaction that settles the rollback.
 */
const generateStep = (ctx: Ctx, parts: WorkloadParts): StepHandler => ({
  timeoutMs: ctx.config.RUN_TIMEOUT_MS,
  run: (step) => generate({ ...ctx, signal: step.signal, log: step.log }, parts, step),
  rollback: async (step) => ({
    kind: 'done',
    commit: (finishing) => takeBack({ ...ctx, signal: step.signal }, finishing, reportOf(step)),
  }),
});

async function generate(ctx: Ctx, parts: WorkloadParts, step: Step): Promise<StepResult> {
  const id = reportOf(step);
  const [found] = await ctx.db
    .select({ report: workloadReports, cluster: clusters })
    .from(workloadReports)
    .innerJoin(clusters, eq(clusters.id, workloadReports.clusterId))
    .where(eq(workloadReports.id, id));
  if (found === undefined) return { kind: 'failed', code: 'not_found', message: `workload report ${id} is gone` };
  const { report, cluster } = found;
  const [start, end] = [await rowOf(ctx, report.startSnapshotId), await rowOf(ctx, report.endSnapshotId)];
  if (start === undefined || end === undefined) {
    return { kind: 'failed', code: 'not_found', message: 'a snapshot of the report is gone' };
  }
  const began = performance.now();
  const { LOCALE: locale, TIME_ZONE: timeZone } = ctx.config;
  const facts = await loadFacts(ctx, { cluster, start, end, locale, timeZone });
  const drawing = workloadDrawing({
    facts,
    name: report.name,
    at: report.createdAt,
    sections: null,
    outputs: ['html', 'pdf'],
  });
  await step.note('info', `${facts.range.snapshots} snapshots read`, {
    ms: Math.round(performance.now() - began),
  });
  const drawn = await parts.draw(drawing, ctx.signal);
  for (const { widgetId, error } of drawn.defects)
    ctx.log.error({ err: error, section: widgetId }, 'section failed by a defect');
  for (const { message } of drawn.warnings) await step.note('warn', message);
  await step.note(
    'info',
    `report drawn: ${drawn.files.map(({ kind, bytes }) => `${kind} ${bytes.length} bytes`).join(', ')}`,
  );
  return { kind: 'done', commit: (finishing) => storeFiles(ctx, parts, finishing, { drawn, reportId: id }) };
}

const reportOf = ({ subtask }: Step): number => Number(subtask.input.report_id);

async function rowOf(ctx: Ctx, id: number | null) {
  if (id === null) return undefined;
  return (await ctx.db.select().from(snapshots).where(eq(snapshots.id, id)))[0];
}

/** The report with the files it has, locked until the step is settled. Undefined: it was deleted meanwhile. */
async function lockReport(tx: Db, id: number) {
  const [report] = await tx
    .select({ html: workloadReports.htmlDocumentId, pdf: workloadReports.pdfDocumentId })
    .from(workloadReports)
    .where(eq(workloadReports.id, id))
    .for('update');
  return report;
}

/** A second call finds no files. */
async function takeBack(ctx: Ctx, { tx, at }: Finishing, id: number): Promise<void> {
  const report = await lockReport(tx, id);
  if (report === undefined) return;
  await tx
    .update(workloadReports)
    .set({ status: 'FAILED', htmlDocumentId: null, pdfDocumentId: null, updatedAt: at })
    .where(eq(workloadReports.id, id));
  await removeFiles({ ...ctx, db: tx }, [report.html, report.pdf]);
}

/** Documents without an owner: who may read the cluster reads them, by way of the report. Of a deleted one none are stored. */
async function storeFiles(
  ctx: Ctx,
  { blobs }: WorkloadParts,
  { tx, at }: Finishing,
  { drawn, reportId }: { drawn: DrawnDocument; reportId: number },
): Promise<void> {
  const report = await lockReport(tx, reportId);
  if (report === undefined) return;
  await removeFiles({ ...ctx, db: tx }, [report.html, report.pdf]);
  const ids = new Map<string, string>();
  for (const { kind, bytes, fileName, mediaType, pages, sha256 } of drawn.files) {
    const id = randomUUID();
    ids.set(kind, id);
    const { manifest } = drawn;
    const facts = { name: fileName, kind, mediaType, size: bytes.length, pages, sha256, manifest };
    await tx
      .insert(documents)
      .values({ id, createdAt: at, updatedAt: at, ...facts, instance: SHARED_QUEUE, storage: blobs.kind });
    await blobs.put(tx, id, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), ctx.signal);
  }
  await tx
    .update(workloadReports)
    .set({ htmlDocumentId: ids.get('html') ?? null, pdfDocumentId: ids.get('pdf') ?? null, updatedAt: at })
    .where(eq(workloadReports.id, reportId));
}
