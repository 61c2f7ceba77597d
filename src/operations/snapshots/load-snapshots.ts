import { and, asc, desc, eq, gt, gte, inArray, lt, lte, ne } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import type { MissingPart, ServerIdentity, Snapshot, SnapshotPart } from '../../rows/snapshot.ts';
import { decodePart } from '../../rows/snapshot-codec.ts';
import { snapshotParts, snapshots } from '../../store/schema/fleet.ts';
import type { FailedSnapshot } from '../../workload/range.ts';
import type { Ctx } from '../context.ts';

export type SnapshotRow = typeof snapshots.$inferSelect;

/**
 * A snapshot of a cluster with all its parts unpacked.
 * @throws BroadsheetError `not_found` for one of another cluster, one that failed, or none.
 */
export async function loadSnapshot(ctx: Ctx, clusterId: number, id: number): Promise<Snapshot> {
  const [row] = await ctx.db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.id, id), eq(snapshots.clusterId, clusterId), ne(snapshots.state, 'failed')));
  if (row === undefined) throw notFound(`snapshot ${id} not found`);
  return unpack(ctx, row);
}

/** The newest snapshot before an instant; null where there is none. */
export async function loadSnapshotBefore(ctx: Ctx, clusterId: number, before: Date): Promise<Snapshot | null> {
  const [row] = await ctx.db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.clusterId, clusterId), lt(snapshots.capturedAt, before), ne(snapshots.state, 'failed')))
    .orderBy(desc(snapshots.capturedAt))
    .limit(1);
  return row === undefined ? null : unpack(ctx, row);
}

/** The snapshot rows of a range, its ends included, in order of time, and the failed ones in it. */
export async function snapshotRowsBetween(
  ctx: Ctx,
  clusterId: number,
  from: Date,
  to: Date,
): Promise<{ readonly rows: readonly SnapshotRow[]; readonly failures: readonly FailedSnapshot[] }> {
  const all = await ctx.db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.clusterId, clusterId), gte(snapshots.capturedAt, from), lte(snapshots.capturedAt, to)))
    .orderBy(asc(snapshots.capturedAt));
  const isFailed = ({ state }: SnapshotRow): boolean => state === 'failed';
  return {
    rows: all.filter((row) => !isFailed(row)),
    failures: all
      .filter(isFailed)
      .map(({ capturedAt, error }) => ({ at: capturedAt.getTime(), reason: error?.message ?? '' })),
  };
}

/** Snapshots of a cluster for people to choose from, failed ones left out. */
export async function listSnapshotRows(
  ctx: Ctx,
  { clusterId, after, until, limit }: { clusterId: number; after: Date | null; until: Date | null; limit: number },
): Promise<readonly SnapshotRow[]> {
  return ctx.db
    .select()
    .from(snapshots)
    .where(
      and(
        eq(snapshots.clusterId, clusterId),
        ne(snapshots.state, 'failed'),
        after === null ? undefined : gt(snapshots.capturedAt, after),
        until === null ? undefined : lte(snapshots.capturedAt, until),
      ),
    )
    .orderBy(desc(snapshots.capturedAt))
    .limit(limit);
}

export async function unpack(ctx: Ctx, row: SnapshotRow): Promise<Snapshot> {
  const stored = await ctx.db.select().from(snapshotParts).where(eq(snapshotParts.snapshotId, row.id));
  const bases = await wholeParts(ctx, [...new Set(stored.flatMap(({ baseId }) => (baseId === null ? [] : [baseId])))]);
  const parts: SnapshotPart[] = [];
  for (const { view, scope, baseId, payload } of stored) {
    const base = baseId === null ? null : (bases.get(`${baseId} ${view} ${scope}`) ?? null);
    const whole = base === null ? null : await decodePart(view, scope, base, null);
    parts.push(await decodePart(view, scope, payload, whole));
  }
  const identity = row.identity as unknown as ServerIdentity;
  return { id: row.id, engine: row.engine, identity, parts, missing: row.missing as unknown as MissingPart[] };
}

async function wholeParts(ctx: Ctx, ids: readonly number[]): Promise<ReadonlyMap<string, Buffer>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .select()
    .from(snapshotParts)
    .where(inArray(snapshotParts.snapshotId, [...ids]));
  return new Map(rows.map((part) => [`${part.snapshotId} ${part.view} ${part.scope}`, part.payload]));
}
