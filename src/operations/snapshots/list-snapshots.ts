import { and, eq, ne } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { snapshots } from '../../store/schema/fleet.ts';
import type { Ctx } from '../context.ts';
import { loadCluster } from '../fleet/internal.ts';
import { listSnapshotRows, type SnapshotRow } from './load-snapshots.ts';
import { LONGEST_RANGE_MS, OLDEST_START_MS } from './parts.ts';

const MOST = 5000;

export interface ListSnapshotsInput {
  readonly clusterId: number;
  /** Only what may be the end of a report that begins with this one: later, and by about 24 hours at most. */
  readonly startSnapshotId?: number | undefined;
}

/**
 * The snapshots that a report may be made of, the oldest first: clients take the first and the last of those in their
 * range. Who may read the cluster.
 * @throws BroadsheetError `not_found`, also for a start of another cluster; `forbidden`.
 */
export async function listSnapshots({
  ctx,
  input: { clusterId, startSnapshotId },
}: {
  ctx: Ctx;
  input: ListSnapshotsInput;
}): Promise<readonly SnapshotRow[]> {
  await loadCluster(ctx, clusterId, 'read');
  const now = await ctx.clock.now();
  const start = startSnapshotId === undefined ? null : await startTime(ctx, clusterId, startSnapshotId);
  const after = start ?? new Date(now.getTime() - OLDEST_START_MS);
  const until = start === null ? null : new Date(start.getTime() + LONGEST_RANGE_MS);
  const rows = await listSnapshotRows(ctx, { clusterId, after, until, limit: MOST });
  return rows.toReversed();
}

async function startTime(ctx: Ctx, clusterId: number, id: number): Promise<Date> {
  const [row] = await ctx.db
    .select({ capturedAt: snapshots.capturedAt })
    .from(snapshots)
    .where(and(eq(snapshots.id, id), eq(snapshots.clusterId, clusterId), ne(snapshots.state, 'failed')));
  if (row === undefined) throw notFound(`snapshot ${id} not found`, { rule: 'snapshot_not_found', id });
  return row.capturedAt;
}
