import { and, desc, eq, gt, lte, ne } from 'drizzle-orm';
import { BroadsheetError, forbidden } from '../../errors.ts';
import type { Period } from '../../period/period.ts';
import { clusters, snapshots } from '../../store/schema/fleet.ts';
import { workloadReport } from '../../workload/report.ts';
import type { Ctx } from '../context.ts';
import { type ClusterRow, loadCluster } from '../fleet/internal.ts';
import type { SnapshotRow } from '../snapshots/load-snapshots.ts';
import type { Principal } from '../sources/rights.ts';
import { blocksRead } from './draw-workload.ts';
import type { WorkloadReader } from './expand-widgets.ts';
import { loadFacts } from './load-facts.ts';

/** The reader of workload widgets of one run. Each of `principals` must be allowed to read the cluster. */
export const workloadReader =
  (ctx: Ctx, principals: readonly Principal[]): WorkloadReader =>
  async ({ cluster: named, sections, period, timeZone, locale, lists }, signal) => {
    const cluster = await findCluster(ctx, named);
    for (const { actor, title } of principals) await requireCluster(ctx, cluster, { actor, title });
    const { start, end } = await snapshotsOf(ctx, cluster, period);
    const facts = await loadFacts({ ...ctx, signal }, { cluster, start, end, locale, timeZone });
    const chapters = workloadReport({ ...facts, lists }, sections);
    return { chapters, reads: chapters.flatMap(({ blocks }) => blocksRead(blocks, facts)) };
  };

async function findCluster(ctx: Ctx, named: number | string): Promise<ClusterRow> {
  const id = Number(named);
  const where = Number.isSafeInteger(id) && id > 0 ? eq(clusters.id, id) : eq(clusters.name, String(named));
  const [cluster] = await ctx.db.select().from(clusters).where(where);
  if (cluster === undefined) {
    throw new BroadsheetError('unprocessable', `there is no cluster ${JSON.stringify(String(named).slice(0, 64))}`);
  }
  return cluster;
}

async function requireCluster(ctx: Ctx, cluster: ClusterRow, { actor, title }: Principal): Promise<void> {
  try {
    await loadCluster({ ...ctx, actor }, cluster.id, 'read');
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    throw forbidden(`${title} may not read the cluster ${JSON.stringify(cluster.name.slice(0, 64))}`);
  }
}

/**
 * The last snapshot at or before each boundary of the period; where there is none before its start, the first within it.
 * @throws BroadsheetError `unprocessable` when these are not two.
 */
export async function snapshotsOf(
  ctx: Ctx,
  cluster: ClusterRow,
  { from, to }: Period,
): Promise<{ readonly start: SnapshotRow; readonly end: SnapshotRow }> {
  const good = and(eq(snapshots.clusterId, cluster.id), ne(snapshots.state, 'failed'));
  const newest = async (until: Date): Promise<SnapshotRow | undefined> =>
    (
      await ctx.db
        .select()
        .from(snapshots)
        .where(and(good, lte(snapshots.capturedAt, until)))
        .orderBy(desc(snapshots.capturedAt))
        .limit(1)
    )[0];
  const end = await newest(to);
  const start = (await newest(from)) ?? (await firstAfter(ctx, cluster, from));
  if (start === undefined || end === undefined || end.capturedAt <= start.capturedAt) {
    const text = `the cluster ${JSON.stringify(cluster.name.slice(0, 64))} has no two snapshots in the period`;
    throw new BroadsheetError('unprocessable', text);
  }
  return { start, end };
}

async function firstAfter(ctx: Ctx, cluster: ClusterRow, from: Date): Promise<SnapshotRow | undefined> {
  const [row] = await ctx.db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.clusterId, cluster.id), ne(snapshots.state, 'failed'), gt(snapshots.capturedAt, from)))
    .orderBy(snapshots.capturedAt)
    .limit(1);
  return row;
}
