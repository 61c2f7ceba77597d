import { and, asc, count, eq, isNull } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { tenants } from '../../store/schema/fleet.ts';
import type { Ctx } from '../context.ts';
import { type ClusterRow, loadCluster } from './internal.ts';
import type { Page, PageInput } from './list-clusters.ts';

export type TenantRow = typeof tenants.$inferSelect;

/**
 * Databases (PostgreSQL) or tenants of a cluster, as its last snapshot saw them.
 * @throws BroadsheetError `not_found`, or `forbidden`.
 */
export async function listTenants({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: PageInput & { clusterId: number };
}): Promise<Page<TenantRow> & { readonly cluster: ClusterRow }> {
  const cluster = await loadCluster(ctx, input.clusterId, 'read');
  const where = and(eq(tenants.clusterId, input.clusterId), isNull(tenants.goneAt));
  const items = await ctx.db
    .select()
    .from(tenants)
    .where(where)
    .orderBy(asc(tenants.id))
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
