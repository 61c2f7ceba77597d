import { createRoute, z } from '@hono/zod-openapi';
import { createAccessKey, listAccessKeys, revokeAccessKey } from '../../operations/access/access-keys.ts';
import { setPassword } from '../../operations/access/set-password.ts';
import { grantCluster } from '../../operations/fleet/grant-cluster.ts';
import { listGrants } from '../../operations/fleet/list-grants.ts';
import type { Family } from './family.ts';
import { long, pageOf, pageQuery } from './parameters.ts';
import { listOf, ocpBody, ocpReply, pageModel, voidReply } from './replies.ts';
import { localTime } from './times.ts';

const tags = ['access'];

const keyModel = z
  .object({ id: z.guid(), accessKey: z.string(), username: z.string(), createTime: z.string() })
  .openapi('OcpAccessKey');
const newKeyModel = keyModel
  .extend({ secretKey: z.string().openapi({ description: 'Shown this once' }) })
  .openapi('NewOcpAccessKey');
const grantModel = z
  .object({ userId: z.guid(), username: z.string(), access: z.enum(['read', 'read_write']) })
  .openapi('ClusterGrant');

/** Who may come in, and who may do what with a cluster. All of it ours: OCP's own is not public. */
export function addAccessRoutes(family: Family): void {
  addKeyRoutes(family);
  addGrantRoutes(family);
  family.add(
    createRoute({
      method: 'put',
      path: '/iam/users/{userId}/password',
      tags,
      summary: 'Set the password of a user, or take it away (ours). The user itself and admins',
      request: {
        params: z.object({ userId: z.guid() }),
        body: ocpBody(z.strictObject({ password: z.string().min(8).max(1024).nullable() })),
      },
      responses: { 200: voidReply('It is set') },
    }),
    ({ ctx, params: { userId }, body: { password } }) =>
      setPassword({ ctx, input: { user: { id: userId.toLowerCase() }, password } }),
  );
}

function addKeyRoutes(family: Family): void {
  family.add(
    createRoute({
      method: 'get',
      path: '/iam/accessKeys',
      tags,
      summary: "Access keys in force, without their secrets (ours): one's own; admins: all",
      request: { query: z.object(pageQuery) },
      responses: { 200: ocpReply(pageModel(keyModel), 'A page of access keys') },
    }),
    async ({ ctx, query, exchange: { timeZone } }) => {
      const { items, total } = await listAccessKeys({ ctx, input: query });
      const shapes = items.map(({ createdAt, ...key }) => ({ ...key, createTime: localTime(createdAt, timeZone) }));
      return pageOf(shapes, total, query);
    },
  );
  family.add(
    createRoute({
      method: 'post',
      path: '/iam/accessKeys',
      tags,
      summary: 'Make a key pair that signs requests as a user (ours): oneself; admins: anybody',
      request: { body: { ...ocpBody(z.strictObject({ userId: z.guid().optional() })), required: false } },
      responses: { 200: ocpReply(newKeyModel, 'The pair; its secret is not shown again') },
    }),
    async ({ ctx, body: input, exchange: { timeZone } }, c) => {
      const { createdAt, secret, ...key } = await createAccessKey({ ctx, input });
      c.header('Cache-Control', 'no-store');
      return { ...key, secretKey: secret, createTime: localTime(createdAt, timeZone) };
    },
  );
  family.add(
    createRoute({
      method: 'delete',
      path: '/iam/accessKeys/{id}',
      tags,
      summary: 'Revoke an access key for good (ours)',
      request: { params: z.object({ id: z.guid() }) },
      responses: { 200: voidReply('It signs no more') },
    }),
    ({ ctx, params: { id } }) => revokeAccessKey({ ctx, input: { id: id.toLowerCase() } }),
  );
}

function addGrantRoutes(family: Family): void {
  const params = z.object({ id: long(), userId: z.guid() });
  family.add(
    createRoute({
      method: 'get',
      path: '/ob/clusters/{id}/grants',
      tags,
      summary: 'Who may read or write a cluster besides admins (ours). Admins',
      request: { params: z.object({ id: long() }) },
      responses: { 200: ocpReply(listOf(grantModel), 'All grants of the cluster') },
    }),
    async ({ ctx, params: { id: clusterId } }) => ({ contents: await listGrants({ ctx, input: { clusterId } }) }),
  );
  family.add(
    createRoute({
      method: 'put',
      path: '/ob/clusters/{id}/grants/{userId}',
      tags,
      summary: 'Let a user read, or read and write, a cluster (ours). Admins',
      request: { params, body: ocpBody(z.strictObject({ access: z.enum(['read', 'read_write']) })) },
      responses: { 200: voidReply('It holds from now on') },
    }),
    ({ ctx, params: { id: clusterId, userId }, body: { access } }) =>
      grantCluster({ ctx, input: { clusterId, userId, access } }),
  );
  family.add(
    createRoute({
      method: 'delete',
      path: '/ob/clusters/{id}/grants/{userId}',
      tags,
      summary: 'Take a grant away (ours). Admins',
      request: { params },
      responses: { 200: voidReply('It holds no more') },
    }),
    ({ ctx, params: { id: clusterId, userId } }) => grantCluster({ ctx, input: { clusterId, userId, access: null } }),
  );
}
