import { asc, eq } from 'drizzle-orm';
import { users } from '../../store/schema/access.ts';
import { type ClusterAccess, clusterGrants } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { loadCluster } from './internal.ts';

export interface ClusterGrant {
  readonly userId: string;
  readonly username: string;
  readonly access: ClusterAccess;
}

/**
 * Who may read or write a cluster, besides admins. Admins.
 * @throws BroadsheetError `not_found`, `forbidden`.
 */
export async function listGrants({
  ctx,
  input: { clusterId },
}: {
  ctx: Ctx;
  input: { clusterId: number };
}): Promise<readonly ClusterGrant[]> {
  requireRole(ctx.actor, 'admin');
  await loadCluster(ctx, clusterId, 'read');
  return ctx.db
    .select({ userId: clusterGrants.userId, username: users.username, access: clusterGrants.access })
    .from(clusterGrants)
    .innerJoin(users, eq(users.id, clusterGrants.userId))
    .where(eq(clusterGrants.clusterId, clusterId))
    .orderBy(asc(users.username));
}
