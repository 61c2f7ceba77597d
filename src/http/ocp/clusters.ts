import { createRoute, z } from '@hono/zod-openapi';
import { checkCluster, createClusterLooks } from '../../operations/fleet/check-cluster.ts';
import { createCluster } from '../../operations/fleet/create-cluster.ts';
import { deleteCluster } from '../../operations/fleet/delete-cluster.ts';
import { getCluster, listClusters } from '../../operations/fleet/list-clusters.ts';
import { createClusterSchema, updateClusterSchema } from '../../operations/fleet/schemas.ts';
import { updateCluster } from '../../operations/fleet/update-cluster.ts';
import { clusterModel, clusterShape } from './cluster-shape.ts';
import type { Family } from './family.ts';
import { long, pageOf, pageQuery, sortQuery, wordList } from './parameters.ts';
import { ocpBody, ocpReply, pageModel, voidReply } from './replies.ts';

const tags = ['clusters'];
const params = z.object({ id: long() });

/** States that clusters of OCP may be in, and ours never are. */
const FOREIGN_STATES = [
  'CREATING',
  'DELETING',
  'STARTING',
  'RESTARTING',
  'STOPPING',
  'STOPPED',
  'TAKINGOVER',
  'MOVINGOUT',
  'SWITCHOVER',
  'FAILOVER',
  'OPERATING',
] as const;

const listQuery = z.object({
  ...pageQuery,
  name: z.string().optional().openapi({ description: 'A part of the name' }),
  status: wordList(['UNKNOWN', 'RUNNING', 'UNAVAILABLE', ...FOREIGN_STATES]).optional(),
  sort: sortQuery(['id', 'name']).optional(),
});

const checkModel = z.object({
  version: z.string(),
  login: z.string().openapi({ description: 'The user that the cluster is watched as' }),
  databases: z.array(z.string()),
  advice: z.array(z.object({ name: z.string(), problem: z.string(), remedy: z.string(), adds: z.string() })),
});

/** Clusters: OCP's paths and shapes, with what is ours to say of a cluster of any kind. */
export function addClusterRoutes(family: Family): void {
  family.add(
    createRoute({
      method: 'get',
      path: '/ob/clusters',
      tags,
      summary: 'The clusters that the caller may read',
      request: { query: listQuery },
      responses: { 200: ocpReply(pageModel(clusterModel), 'A page of clusters') },
    }),
    async ({ ctx, query, exchange }) => {
      const { items, total } = await listClusters({ ctx, input: query });
      return pageOf(
        items.map((item) => clusterShape(item, exchange)),
        total,
        query,
      );
    },
  );
  family.add(
    createRoute({
      method: 'get',
      path: '/ob/clusters/{id}',
      tags,
      summary: 'A cluster',
      request: { params },
      responses: { 200: ocpReply(clusterModel, 'The cluster') },
    }),
    async ({ ctx, params: input, exchange }) => clusterShape(await getCluster({ ctx, input }), exchange),
  );
  addClusterWrites(family);
  const looks = createClusterLooks();
  family.add(
    createRoute({
      method: 'post',
      path: '/ob/clusters/{id}/check',
      tags,
      summary: 'Connect to a cluster now: its version, and which rights are missing for a full report (ours)',
      request: { params },
      responses: { 200: ocpReply(checkModel, 'What was found') },
    }),
    async ({ ctx, params: input }) => {
      const { identity, login, scopes, advice } = await checkCluster({ ctx, input, looks });
      return { version: identity.version, login, databases: scopes, advice };
    },
  );
}

function addClusterWrites(family: Family): void {
  family.add(
    createRoute({
      method: 'post',
      path: '/ob/clusters',
      tags,
      summary: 'Watch a cluster from now on (ours). Admins',
      description: 'The server is not asked: POST …/{id}/check does. `url` holds the login; it is kept encrypted.',
      request: { body: ocpBody(createClusterSchema) },
      responses: { 200: ocpReply(clusterModel, 'The cluster') },
    }),
    async ({ ctx, body: input, exchange }) => {
      const { id } = await createCluster({ ctx, input });
      return clusterShape(await getCluster({ ctx, input: { id } }), exchange);
    },
  );
  family.add(
    createRoute({
      method: 'patch',
      path: '/ob/clusters/{id}',
      tags,
      summary: 'Change what is given of a cluster (ours). Admins',
      request: { params, body: ocpBody(updateClusterSchema) },
      responses: { 200: ocpReply(clusterModel, 'The cluster') },
    }),
    async ({ ctx, params: { id }, body, exchange }) => {
      await updateCluster({ ctx, input: { ...body, id } });
      return clusterShape(await getCluster({ ctx, input: { id } }), exchange);
    },
  );
  family.add(
    createRoute({
      method: 'delete',
      path: '/ob/clusters/{id}',
      tags,
      summary: 'Watch a cluster no more: its snapshots and workload reports go with it (ours). Admins',
      request: { params },
      responses: { 200: voidReply('It is gone') },
    }),
    ({ ctx, params: input }) => deleteCluster({ ctx, input }),
  );
}
