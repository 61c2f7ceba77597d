import { and, asc, count, desc, eq, ilike, inArray, type SQL, sql } from 'drizzle-orm';
import { users } from '../../store/schema/access.ts';
import { type ClusterStatus, clusterGrants, clusters, tenants } from '../../store/schema/fleet.ts';
import { isAdmin } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { type ClusterRow, loadCluster } from './internal.ts';

/** A page of a list: numbers begin at 1. */
export interface PageInput {
  readonly page: number;
  readonly size: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface ListedCluster {
  readonly cluster: ClusterRow;
  readonly tenantCount: number;
  /** Who added it; null when that user is gone, or it was the service. */
  readonly creator: string | null;
}

export interface ListClustersInput extends PageInput {
  /** A part of the name, in any case. */
  readonly name?: string | undefined;
  /** Words that no cluster has find none. */
  readonly status?: readonly string[] | undefined;
  readonly sort?: { readonly by: 'id' | 'name'; readonly descending: boolean } | undefined;
}

/** Those the actor may read. */
export async function listClusters({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListClustersInput;
}): Promise<Page<ListedCluster>> {
  const where = and(
    seenBy(ctx),
    input.name === undefined ? undefined : ilike(clusters.name, `%${input.name.replaceAll(/[\\%_]/g, '\\$&')}%`),
    input.status === undefined ? undefined : inArray(clusters.status, input.status as ClusterStatus[]),
  );
  const { by, descending } = input.sort ?? { by: 'id', descending: false };
  const direction = descending ? desc : asc;
  const items = await ctx.db
    .select({ cluster: clusters, tenantCount: tenantCount(), creator: users.username })
    .from(clusters)
    .leftJoin(users, eq(users.id, clusters.creatorId))
    .where(where)
    .orderBy(direction(clusters[by]), asc(clusters.id))
    .limit(input.size)
    .offset((input.page - 1) * input.size);
  const [total] = await ctx.db.select({ count: count() }).from(clusters).where(where);
  return { items, total: total?.count ?? 0 };
}

/** @throws BroadsheetError `not_found`, or `forbidden`. */
export async function getCluster({ ctx, input: { id } }: { ctx: Ctx; input: { id: number } }): Promise<ListedCluster> {
  const cluster = await loadCluster(ctx, id, 'read');
  const [found] = await ctx.db
    .select({ tenantCount: tenantCount(), creator: users.username })
    .from(clusters)
    .leftJoin(users, eq(users.id, clusters.creatorId))
    .where(eq(clusters.id, id));
  return { cluster, tenantCount: found?.tenantCount ?? 0, creator: found?.creator ?? null };
}

const tenantCount = () =>
  sql<number>`(select count(*)::int from ${tenants} where ${tenants.clusterId} = ${clusters.id} and ${tenants.goneAt} is null)`;

function seenBy({ actor }: Ctx): SQL | undefined {
  if (isAdmin(actor)) return undefined;
  return sql`exists (select from ${clusterGrants} where ${clusterGrants.clusterId} = ${clusters.id}
    and ${clusterGrants.userId} = ${actor.userId})`;
}
