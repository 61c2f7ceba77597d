import { and, eq } from 'drizzle-orm';
import { forbidden, notFound } from '../../errors.ts';
import { reports } from '../../store/schema/definitions.ts';
import { documents } from '../../store/schema/runs.ts';
import { mayEdit } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { blobStoreOf } from './open-file.ts';

/**
 * Delete a document with its bytes; its run, its deliveries and its other formats stay. For who asked for it, the report's owner and admins.
 * @throws BroadsheetError `not_found` "document not found", `forbidden`.
 */
export async function deleteDocument({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const [found] = await inner.db
      .select({ document: documents, reportOwnerId: reports.ownerId })
      .from(documents)
      .leftJoin(reports, eq(reports.id, documents.reportId))
      .where(eq(documents.id, input.id))
      .for('update', { of: documents });
    if (!found) throw notFound('document not found');
    const { document } = found;
    if (!mayEdit(ctx.actor, document.ownerId) && !mayEdit(ctx.actor, found.reportOwnerId)) throw forbidden();
    for (const { id, storage } of [document, ...(await pictureOf(inner, document))]) {
      await blobStoreOf(storage).delete(inner.db, id, ctx.signal);
      await inner.db.delete(documents).where(eq(documents.id, id));
    }
    const detail = { name: document.name, report_id: document.reportId, run_id: document.runId };
    await audit(inner, { action: 'document.delete', objectKind: 'document', objectId: document.id, at, detail });
  });
}

/** The mail's picture of a main document: nothing else leads to it. */
async function pictureOf(ctx: Ctx, { runId, role }: typeof documents.$inferSelect) {
  if (runId === null || role !== 'main') return [];
  return ctx.db
    .select({ id: documents.id, storage: documents.storage })
    .from(documents)
    .where(and(eq(documents.runId, runId), eq(documents.role, 'preview')));
}
