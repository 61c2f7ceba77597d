import { eq } from 'drizzle-orm';
import { engineOfUrl } from '../../engines/engines.ts';
import type { WatchCheck } from '../../engines/watch.ts';
import { BroadsheetError, badRequest } from '../../errors.ts';
import { clusters } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { loadCluster, watchOf } from './internal.ts';

/** Look at a server before it is watched: who it is, and what is missing for a full report. Admins. */
export async function checkUrl({ ctx, input: { url } }: { ctx: Ctx; input: { url: string } }): Promise<WatchCheck> {
  requireRole(ctx.actor, 'admin');
  const watch = engineOfUrl(url).watch;
  if (watch === null) throw badRequest('url: servers of this kind cannot be watched');
  return watch(url).check(ctx.signal);
}

/**
 * Look at a watched cluster, and note whether it answers and which version it is.
 * @throws BroadsheetError `not_found`, `forbidden`; what the look ended with, e.g. `unavailable`.
 */
export async function checkCluster({ ctx, input: { id } }: { ctx: Ctx; input: { id: number } }): Promise<WatchCheck> {
  const cluster = await loadCluster(ctx, id, 'read');
  const at = await ctx.clock.now();
  try {
    const check = await watchOf(ctx.secrets, cluster).check(ctx.signal);
    const { version, system } = check.identity;
    await ctx.db.update(clusters).set({ status: 'RUNNING', version, system, updatedAt: at }).where(eq(clusters.id, id));
    return check;
  } catch (error) {
    if (error instanceof BroadsheetError && error.code !== 'canceled') {
      await ctx.db.update(clusters).set({ status: 'UNAVAILABLE', updatedAt: at }).where(eq(clusters.id, id));
    }
    throw error;
  }
}
