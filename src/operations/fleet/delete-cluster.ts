import { eq } from 'drizzle-orm';
import { clusters } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
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
    const [row] = await inner.db.delete(clusters).where(eq(clusters.id, id)).returning({ name: clusters.name });
    if (row === undefined) throw clusterNotFound(id);
    await audit(inner, { action: 'cluster.delete', objectKind: 'cluster', objectId: String(id), at, detail: row });
  });
}
