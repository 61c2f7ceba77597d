import { and, asc, count, desc, eq, ilike, isNull, sql } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { tenants } from '../../store/schema/fleet.ts';
import type { Ctx } from '../context.ts';
import { type ClusterRow, loadCluster } from './internal.ts';
import type { Page, PageInput } from './list-clusters.ts';

export type TenantRow = typeof tenants.$inferSelect;

export interface ListTenantsInput extends PageInput {
  readonly clusterId: number;
  /** A part of the name, in any case. */
  readonly name?: string | undefined;
  /** The kind of the cluster: all its tenants have it. */
  readonly mode?: string | undefined;
  /** Those listed are all NORMAL, not locked and not read-only: asked for others, the list is empty. */
  readonly status?: readonly string[] | undefined;
  readonly locked?: boolean | undefined;
  readonly readonly?: boolean | undefined;
  readonly sort?: { readonly by: 'id' | 'name'; readonly descending: boolean } | undefined;
}

/**
 * Databases (PostgreSQL) or tenants of a cluster, as its last snapshot saw them.
 * @throws BroadsheetError `not_found`, or `forbidden`.
 */
export async function listTenants({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListTenantsInput;
}): Promise<Page<TenantRow> & { readonly cluster: ClusterRow }> {
  const cluster = await loadCluster(ctx, input.clusterId, 'read');
  const { name, mode = cluster.kind, status = ['NORMAL'], locked = false, readonly = false } = input;
  const areNone = mode !== cluster.kind || !status.includes('NORMAL') || locked || readonly;
  const where = and(
    eq(tenants.clusterId, input.clusterId),
    isNull(tenants.goneAt),
    name === undefined ? undefined : ilike(tenants.name, `%${name.replaceAll(/[\\%_]/g, '\\$&')}%`),
    areNone ? sql`false` : undefined,
  );
  const { by, descending } = input.sort ?? { by: 'id', descending: false };
  const items = await ctx.db
    .select()
    .from(tenants)
    .where(where)
    .orderBy((descending ? desc : asc)(tenants[by]), asc(tenants.id))
    .limit(input.size)
    .offset((input.page - 1) * input.size);
  const [total] = await ctx.db.select({ count: count() }).from(tenants).where(where);
  return { cluster, items, total: total?.count ?? 0 };
}

/** @throws BroadsheetError `not_found`, or `forbidden`. */
export async function getTenant({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { clusterId: number; tenantId: number };
}): Promise<{ readonly cluster: ClusterRow; readonly tenant: TenantRow }> {
  const cluster = await loadCluster(ctx, input.clusterId, 'read');
  const [tenant] = await ctx.db
    .select()
    .from(tenants)
    .where(and(eq(tenants.id, input.tenantId), eq(tenants.clusterId, input.clusterId)));
  if (tenant === undefined) {
    const detail = { rule: 'tenant_not_found', id: input.tenantId };
    throw notFound(`tenant ${input.tenantId} not found`, detail);
  }
  return { cluster, tenant };
}
