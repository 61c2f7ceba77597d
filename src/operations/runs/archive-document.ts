import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import type { Db } from '../../store/database.ts';
import { execute } from '../../store/execute.ts';
import type { FileKind, Recipients } from '../../store/schema/definitions.ts';
import { type DocumentRole, documents, runs } from '../../store/schema/runs.ts';
import type { Finishing } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { type PreparedDelivery, prepareDeliveries } from '../deliveries/prepare.ts';
import type { LoadedRun } from './load-definition.ts';
import { DELIVER, DELIVER_TIMEOUT_SECONDS, type PrintedFile, type PrintedReport } from './parts.ts';

export interface Archiving {
  readonly loaded: LoadedRun;
  readonly printed: PrintedReport;
  /** Milliseconds of the phases so far. */
  readonly timings: Readonly<Record<string, number>>;
}

const NOBODY: Recipients = { to: [], cc: [], bcc: [] };

/** A step per recipient: DELIVER's own tries are kept in the ledger, so the step itself fails once and for good. */
export const deliverSteps = (prepared: readonly PreparedDelivery[]) =>
  prepared.map((delivery) => ({
    key: delivery.id,
    name: `Deliver to ${delivery.recipient}`,
    handler: DELIVER,
    input: { delivery_id: delivery.id },
    lane: 'free' as const,
    timeoutSeconds: DELIVER_TIMEOUT_SECONDS,
    // What was sent cannot be called back.
    prohibitRollback: true,
  }));

/** Recipients of a run: its own (a test-send) before the task's; none on demand. */
export const recipientsOf = ({ run, task }: Pick<LoadedRun, 'run' | 'task'>): Recipients =>
  run.params.recipients ?? task?.recipients ?? NOBODY;

/** What the run writes: as it was asked for, else as its task says; the picture only where somebody gets a mail. */
export function wantedFiles(loaded: Pick<LoadedRun, 'run' | 'task'>): {
  outputs: readonly FileKind[];
  preview: boolean;
} {
  const outputs = loaded.run.params.outputs ?? loaded.task?.outputs ?? ['pdf'];
  const { to, cc, bcc } = recipientsOf(loaded);
  const isMailed = to.length + cc.length + bcc.length > 0;
  return { outputs, preview: isMailed && loaded.task?.mailPreview !== false && !outputs.includes('png') };
}

/** Whether the task's policy holds a document of this quality back. */
export const isHeld = ({ task }: Pick<LoadedRun, 'task'>, printed: Pick<PrintedReport, 'widgets'>): boolean =>
  task?.onPartial === 'hold' && isPartial(printed.widgets);

export const isPartial = (widgets: PrintedReport['widgets']): boolean =>
  widgets.some((widget) => widget.state === 'failed' || widget.state === 'timed out');

/**
 * The one transaction at the end of *Make document*: bytes, document, ledger, *Deliver* steps with their jobs, and what
 * the run now knows of itself. `documents.run_id` is unique with each kind of file, and the step's fence has been checked:
 * there is never a second document of a run.
 */
export async function archiveDocument(
  { ctx, blobs }: { ctx: Ctx; blobs: BlobStore },
  { tx, at, addSteps }: Finishing,
  { loaded, printed, timings }: Archiving,
): Promise<void> {
  const began = performance.now();
  const { run } = loaded;
  const documentId = randomUUID();
  const { outputs } = wantedFiles(loaded);
  for (const [index, file] of printed.files.entries()) {
    const role = index === 0 ? 'main' : outputs.includes(file.kind) ? 'further' : 'preview';
    const id = index === 0 ? documentId : randomUUID();
    await insertDocument(tx, blobs, { loaded, printed, at, file, id, role });
    await blobs.put(tx, id, file.bytes, ctx.signal);
  }
  const recipients = isHeld(loaded, printed) ? NOBODY : recipientsOf(loaded);
  const prepared = await prepareDeliveries({
    ctx: { ...ctx, db: tx },
    input: { runId: run.id, documentId, recipients, at },
  });
  await linkSteps(tx, await addSteps(deliverSteps(prepared)));
  const archive = Math.round(performance.now() - began);
  ctx.metrics.stepSeconds.observe({ phase: 'archive' }, archive / 1000);
  await tx
    .update(runs)
    .set({
      widgets: [...printed.widgets],
      warnings: [...printed.warnings],
      timings: { ...timings, archive },
      updatedAt: at,
    })
    .where(eq(runs.id, run.id));
}

/** Note in the ledger which step delivers what: one statement for any number of recipients. */
export async function linkSteps(tx: Db, steps: ReadonlyMap<string, number>): Promise<void> {
  if (steps.size === 0) return;
  const links = [...steps].map(([id, step]) => ({ id, step }));
  await execute(
    tx,
    `update deliveries d set subtask_id = l.step
     from json_to_recordset($1::text::json) as l (id uuid, step bigint) where d.id = l.id`,
    [JSON.stringify(links)],
  );
}

interface NewDocument extends Pick<Archiving, 'loaded' | 'printed'> {
  readonly id: string;
  readonly file: PrintedFile;
  readonly role: DocumentRole;
  readonly at: Date;
}

async function insertDocument(
  tx: Db,
  blobs: BlobStore,
  { loaded, printed, at, file, id, role }: NewDocument,
): Promise<void> {
  const { kind, name, mediaType, bytes, pages, sha256 } = file;
  await tx.insert(documents).values({
    id,
    createdAt: at,
    updatedAt: at,
    name,
    kind,
    role,
    runId: loaded.run.id,
    taskId: loaded.run.taskId,
    reportId: loaded.run.reportId,
    ownerId: loaded.ownerId,
    instance: loaded.run.instance,
    mediaType,
    size: bytes.length,
    pages,
    sha256,
    manifest: printed.manifest,
    storage: blobs.kind,
  });
}
