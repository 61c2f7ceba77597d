import { eq } from 'drizzle-orm';
import { nextFire } from '../../period/cron.ts';
import { clusters } from '../../store/schema/fleet.ts';
import { requireRole } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { type ClusterRow, checkCaptureInterval, clusterNameTaken, sealClusterUrl } from './internal.ts';
import type { CreateClusterInput } from './schemas.ts';

const DEFAULT_INTERVAL = '1 * * * *';
/** Ids of ours for servers that have none of OceanBase's, out of the way of small ones. */
const OWN_IDS_FROM = 100_000;

/**
 * Watch a cluster from now on. Admins. The server is not asked: `checkCluster` does.
 * @throws BroadsheetError `bad_request` for a URL that no engine can watch or an interval that is none, `conflict` for a taken name.
 */
export async function createCluster({ ctx, input }: { ctx: Ctx; input: CreateClusterInput }): Promise<ClusterRow> {
  requireRole(ctx.actor, 'admin');
  const captureInterval = input.captureInterval ?? DEFAULT_INTERVAL;
  checkCaptureInterval(captureInterval);
  const sealed = sealClusterUrl(ctx.secrets, input);
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .insert(clusters)
      .values({
        name: input.name,
        kind: input.kind,
        obClusterId: input.obClusterId ?? OWN_IDS_FROM,
        ...sealed,
        creatorId: ctx.actor.userId,
        captureInterval,
        captureEnabled: input.captureEnabled ?? true,
        samplingEnabled: input.samplingEnabled ?? true,
        nextCaptureAt: nextFire(captureInterval, 'UTC', at),
        createdAt: at,
        updatedAt: at,
      })
      .onConflictDoNothing({ target: clusters.name })
      .returning();
    if (row === undefined) throw clusterNameTaken();
    if (input.obClusterId === undefined) {
      row.obClusterId = OWN_IDS_FROM + row.id;
      await inner.db.update(clusters).set({ obClusterId: row.obClusterId }).where(eq(clusters.id, row.id));
    }
    const detail = { name: row.name, kind: row.kind, url: row.urlMasked };
    await audit(inner, { action: 'cluster.create', objectKind: 'cluster', objectId: String(row.id), at, detail });
    return row;
  });
}
