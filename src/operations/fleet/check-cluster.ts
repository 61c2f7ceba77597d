import { eq } from 'drizzle-orm';
import { engineOfUrl } from '../../engines/engines.ts';
import type { WatchCheck } from '../../engines/watch.ts';
import { BroadsheetError, badRequest } from '../../errors.ts';
import { clusters } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { createSharedLooks, type SharedLooks } from '../shared-looks.ts';
import { type ClusterRow, loadCluster, watchOf } from './internal.ts';

/** Look at a server before it is watched: who it is, and what is missing for a full report. Admins. */
export async function checkUrl({ ctx, input: { url } }: { ctx: Ctx; input: { url: string } }): Promise<WatchCheck> {
  requireRole(ctx.actor, 'admin');
  const watch = engineOfUrl(url).watch;
  if (watch === null) throw badRequest('url: servers of this kind cannot be watched');
  return watch(url).check(ctx.signal);
}

/** What a process needs to have `checkCluster` shared by its callers. */
export const createClusterLooks = (): SharedLooks<WatchCheck> => createSharedLooks();

/**
 * Look at a watched cluster, and note whether it answers and which version it is. With `looks`, who asks while that is done
 * for others shares it: who may read a cluster must not be able to take all of its connections.
 * @throws BroadsheetError `not_found`, `forbidden`; what the look ended with, e.g. `unavailable`.
 */
export async function checkCluster({
  ctx,
  input: { id },
  looks,
}: {
  ctx: Ctx;
  input: { id: number };
  looks?: SharedLooks<WatchCheck>;
}): Promise<WatchCheck> {
  const cluster = await loadCluster(ctx, id, 'read');
  const look = (signal: AbortSignal): Promise<WatchCheck> => lookAt({ ...ctx, signal }, cluster);
  return looks ? looks(Buffer.from(cluster.urlSealed).toString('base64'), look) : look(ctx.signal);
}

async function lookAt(ctx: Ctx, cluster: ClusterRow): Promise<WatchCheck> {
  const at = await ctx.clock.now();
  const noted = (values: Partial<ClusterRow>) =>
    ctx.db
      .update(clusters)
      .set({ ...values, updatedAt: at })
      .where(eq(clusters.id, cluster.id));
  try {
    const check = await watchOf(ctx.secrets, cluster).check(ctx.signal);
    const { version, system } = check.identity;
    await noted({ status: 'RUNNING', version, system });
    return check;
  } catch (error) {
    if (error instanceof BroadsheetError && error.code !== 'canceled') await noted({ status: 'UNAVAILABLE' });
    throw error;
  }
}
