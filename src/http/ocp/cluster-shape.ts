import { z } from '@hono/zod-openapi';
import type { ListedCluster } from '../../operations/fleet/list-clusters.ts';
import type { Exchange } from './envelope.ts';
import { localSeconds, localTime } from './times.ts';

export const clusterModel = z
  .object({
    id: z.number().int(),
    name: z.string(),
    obClusterId: z.number().int(),
    obVersion: z.string().optional().openapi({ description: 'Version of the server; after it was looked at once' }),
    status: z.enum(['UNKNOWN', 'RUNNING', 'UNAVAILABLE']),
    type: z.literal('PRIMARY'),
    rootServers: z.array(z.object({ address: z.string(), role: z.string() })),
    zones: z.array(z.unknown()),
    serverCount: z.number().int(),
    tenantCount: z.number().int(),
    createTime: z.string(),
    creator: z.string().optional(),
    kind: z.enum(['POSTGRESQL', 'MYSQL', 'OCEANBASE']).openapi({ description: 'Ours' }),
    url: z.string().openapi({ description: 'Ours; without its password' }),
    captureInterval: z.string().openapi({ description: 'Ours: cron of automatic snapshots, UTC' }),
    captureEnabled: z.boolean(),
    samplingEnabled: z.boolean(),
    nextCaptureTime: z.string().optional(),
  })
  .openapi('OcpCluster');

/** A cluster in OCP's shape: of a single server, one root server and no zones. */
export function clusterShape({ cluster, tenantCount, creator }: ListedCluster, { timeZone }: Exchange) {
  const { urlMasked, captureInterval, captureEnabled, samplingEnabled, nextCaptureAt } = cluster;
  const address = addressOf(urlMasked);
  return {
    id: cluster.id,
    name: cluster.name,
    obClusterId: cluster.obClusterId,
    obVersion: cluster.version,
    status: cluster.status,
    type: 'PRIMARY',
    rootServers: address === null ? [] : [{ address, role: 'LEADER' }],
    zones: [],
    serverCount: 1,
    tenantCount,
    createTime: localSeconds(cluster.createdAt, timeZone),
    creator,
    kind: cluster.kind,
    url: urlMasked,
    captureInterval,
    captureEnabled,
    samplingEnabled,
    nextCaptureTime: nextCaptureAt && localTime(nextCaptureAt, timeZone),
  };
}

function addressOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  return new URL(url).host || null;
}
