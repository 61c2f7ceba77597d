import { createRoute, z } from '@hono/zod-openapi';
import { getTenant, listTenants } from '../../operations/fleet/list-tenants.ts';
import type { Exchange } from './envelope.ts';
import type { Family } from './family.ts';
import { bool, long, pageOf, pageQuery, sortQuery, wordList } from './parameters.ts';
import { ocpReply, pageModel } from './replies.ts';
import { localSeconds } from './times.ts';

const tags = ['clusters'];

const tenantModel = z
  .object({
    id: z.number().int(),
    name: z.string(),
    obTenantId: z.number().int().openapi({ description: "The server's own number; PostgreSQL: oid of the database" }),
    clusterId: z.number().int(),
    clusterName: z.string(),
    obClusterId: z.number().int(),
    clusterType: z.literal('PRIMARY'),
    mode: z.string().openapi({ description: 'The kind of the cluster' }),
    createTime: z.string().openapi({ description: 'When a snapshot saw it first' }),
    status: z.enum(['NORMAL', 'DELETED']),
    locked: z.boolean(),
    readonly: z.boolean(),
    obVersion: z.string().optional(),
  })
  .openapi('OcpTenant');

/** OCP's states, of which ours are always in the first. */
const STATES = [
  'NORMAL',
  'CREATING',
  'MODIFYING',
  'DELETING',
  'UNAVAILABLE',
  'OPERATING',
  'CLONING',
  'RESTORING',
  'DISCONNECTING',
  'FAILOVER',
  'SWITCHOVER',
  'TDE_ENABLING',
] as const;

const listQuery = z.object({
  ...pageQuery,
  name: z.string().optional().openapi({ description: 'A part of the name' }),
  mode: z.string().optional().openapi({ description: 'The kind of the cluster; of another there are none' }),
  status: wordList(STATES).optional(),
  locked: bool().optional(),
  readonly: bool().optional(),
  sort: sortQuery(['id', 'name']).optional(),
});

type Found = Awaited<ReturnType<typeof getTenant>>;

const tenantShape = ({ cluster, tenant }: Found, { timeZone }: Exchange) => ({
  id: tenant.id,
  name: tenant.name,
  obTenantId: tenant.obTenantId,
  clusterId: cluster.id,
  clusterName: cluster.name,
  obClusterId: cluster.obClusterId,
  clusterType: 'PRIMARY',
  mode: cluster.kind,
  createTime: localSeconds(tenant.createdAt, timeZone),
  status: tenant.goneAt === null ? 'NORMAL' : 'DELETED',
  locked: false,
  readonly: false,
  obVersion: cluster.version,
});

/** Tenants of a cluster; PostgreSQL: its databases. */
export function addTenantRoutes(family: Family): void {
  family.add(
    createRoute({
      method: 'get',
      path: '/ob/clusters/{id}/tenants',
      tags,
      summary: 'Tenants of a cluster, or databases, as its last snapshot saw them',
      request: { params: z.object({ id: long() }), query: listQuery },
      responses: { 200: ocpReply(pageModel(tenantModel), 'A page of tenants') },
    }),
    async ({ ctx, params: { id: clusterId }, query, exchange }) => {
      const { cluster, items, total } = await listTenants({ ctx, input: { clusterId, ...query } });
      return pageOf(
        items.map((tenant) => tenantShape({ cluster, tenant }, exchange)),
        total,
        query,
      );
    },
  );
  family.add(
    createRoute({
      method: 'get',
      path: '/ob/clusters/{id}/tenants/{tenantId}',
      tags,
      summary: 'A tenant of a cluster, or a database',
      request: { params: z.object({ id: long(), tenantId: long() }) },
      responses: { 200: ocpReply(tenantModel, 'The tenant') },
    }),
    async ({ ctx, params: { id: clusterId, tenantId }, exchange }) =>
      tenantShape(await getTenant({ ctx, input: { clusterId, tenantId } }), exchange),
  );
}
