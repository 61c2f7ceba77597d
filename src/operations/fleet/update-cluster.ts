import { eq } from 'drizzle-orm';
import { nextFire } from '../../period/cron.ts';
import { clusters } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import {
  type ClusterRow,
  checkCaptureInterval,
  clusterNameTaken,
  clusterNotFound,
  clusterUrl,
  sealClusterUrl,
} from './internal.ts';
import type { UpdateClusterInput } from './schemas.ts';

/**
 * Change what is given. Admins.
 * @throws BroadsheetError `not_found`, `bad_request` and `conflict` as `createCluster`.
 */
export async function updateCluster({
  ctx,
  input: { id, ...input },
}: {
  ctx: Ctx;
  input: UpdateClusterInput & { id: number };
}): Promise<ClusterRow> {
  requireRole(ctx.actor, 'admin');
  if (input.captureInterval !== undefined) checkCaptureInterval(input.captureInterval);
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [before] = await inner.db.select().from(clusters).where(eq(clusters.id, id)).for('update');
    if (before === undefined) throw clusterNotFound(id);
    const { url, name = before.name, captureInterval = before.captureInterval, ...rest } = input;
    if (name !== before.name) await refuseTaken(inner, name);
    const { kind } = before;
    const sealed =
      url === undefined && name === before.name
        ? {}
        : sealClusterUrl(ctx.secrets, { name, kind, url: url ?? clusterUrl(ctx.secrets, before) });
    const [row] = await inner.db
      .update(clusters)
      .set({
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
        ...sealed,
        name,
        captureInterval,
        nextCaptureAt: nextFire(captureInterval, 'UTC', at),
        updatedAt: at,
      })
      .where(eq(clusters.id, id))
      .returning();
    if (row === undefined) throw new Error('an update returned no row');
    const detail = { fields: Object.keys(input) };
    await audit(inner, { action: 'cluster.update', objectKind: 'cluster', objectId: String(id), at, detail });
    return row;
  });
}

async function refuseTaken(ctx: Ctx, name: string): Promise<void> {
  const taken = await ctx.db.select({ id: clusters.id }).from(clusters).where(eq(clusters.name, name));
  if (taken.length > 0) throw clusterNameTaken();
}
