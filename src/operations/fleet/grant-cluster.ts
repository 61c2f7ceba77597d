import { and, eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { users } from '../../store/schema/access.ts';
import { clusterGrants } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { loadCluster } from './internal.ts';
import type { GrantInput } from './schemas.ts';

/**
 * Give a user access to a cluster, change it, or take it away (`access` null). Admins.
 * @throws BroadsheetError `not_found` for an unknown cluster or user.
 */
export async function grantCluster({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: GrantInput & { clusterId: number };
}): Promise<void> {
  requireRole(ctx.actor, 'admin');
  const at = await ctx.clock.now();
  const { clusterId, userId, access } = input;
  await withTransaction(ctx, async (inner) => {
    await loadCluster(inner, clusterId, 'read');
    const user = await inner.db.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('key share');
    if (user.length === 0) throw notFound('user not found', { rule: 'user_not_found', id: userId });
    if (access === null) {
      await inner.db
        .delete(clusterGrants)
        .where(and(eq(clusterGrants.clusterId, clusterId), eq(clusterGrants.userId, userId)));
    } else {
      await inner.db
        .insert(clusterGrants)
        .values({ clusterId, userId, access })
        .onConflictDoUpdate({ target: [clusterGrants.clusterId, clusterGrants.userId], set: { access } });
    }
    const detail = { user_id: userId, access };
    await audit(inner, { action: 'cluster.grant', objectKind: 'cluster', objectId: String(clusterId), at, detail });
  });
}
