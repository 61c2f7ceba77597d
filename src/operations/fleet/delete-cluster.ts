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
    // Nothing new of the cluster is written from here on: what is stored waits for this lock, and finds no cluster then.
    const [row] = await inner.db
      .select({ name: clusters.name })
      .from(clusters)
      .where(eq(clusters.id, id))
      .for('update');
    if (row === undefined) throw clusterNotFound(id);
    const made = await inner.db
      .delete(workloadReports)
      .where(eq(workloadReports.clusterId, id))
      .returning({ html: workloadReports.htmlDocumentId, pdf: workloadReports.pdfDocumentId });
    await removeFiles(
      inner,
      made.flatMap(({ html, pdf }) => [html, pdf]),
    );
    // Parts hold the snapshots that they are stored against, so they go first.
    const taken = inner.db.select({ id: snapshots.id }).from(snapshots).where(eq(snapshots.clusterId, id));
    await inner.db.delete(snapshotParts).where(inArray(snapshotParts.snapshotId, taken));
    await inner.db.delete(clusters).where(eq(clusters.id, id));
    await audit(inner, { action: 'cluster.delete', objectKind: 'cluster', objectId: String(id), at, detail: row });
  });
}
