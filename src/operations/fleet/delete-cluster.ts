import { eq, inArray } from 'drizzle-orm';
import { clusters, snapshotParts, snapshots, workloadReports } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
import { removeFiles } from '../archive/remove-files.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { clusterNotFound } from './internal.ts';

/**
 * Watch a cluster no more: its snapshots, samples and workload reports go with it. Admins.
 * @throws BroadsheetError `not_found`.
 */
export async function deleteCluster({ ctx, input: { id } }: { ctx: Ctx; input: { id: number } }): Promise<void> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const made = await inner.db
      .select({ html: workloadReports.htmlDocumentId, pdf: workloadReports.pdfDocumentId })
      .from(workloadReports)
      .where(eq(workloadReports.clusterId, id));
    // Parts hold the snapshots that they are stored against, so they go first.
    const taken = inner.db.select({ id: snapshots.id }).from(snapshots).where(eq(snapshots.clusterId, id));
    await inner.db.delete(snapshotParts).where(inArray(snapshotParts.snapshotId, taken));
    const [row] = await inner.db.delete(clusters).where(eq(clusters.id, id)).returning({ name: clusters.name });
    if (row === undefined) throw clusterNotFound(id);
    await removeFiles(
      inner,
      made.flatMap(({ html, pdf }) => [html, pdf]),
    );
    await audit(inner, { action: 'cluster.delete', objectKind: 'cluster', objectId: String(id), at, detail: row });
  });
}
