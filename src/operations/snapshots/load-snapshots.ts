import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, ne } from 'drizzle-orm';
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

/** Whole parts that were unpacked already, by snapshot, view and scope: rows that did not change are then shared. */
export type UnpackedParts = Map<string, SnapshotPart>;

/** @param unpacked give the same one for all snapshots of a range: their bases are read and unpacked once. */
export async function unpack(ctx: Ctx, row: SnapshotRow, unpacked: UnpackedParts = new Map()): Promise<Snapshot> {
  const stored = await ctx.db.select().from(snapshotParts).where(eq(snapshotParts.snapshotId, row.id));
  const missing = stored.flatMap(({ baseId, view, scope }) =>
    baseId !== null && !unpacked.has(nameOf(baseId, view, scope)) ? [baseId] : [],
  );
  await unpackWhole(ctx, [...new Set(missing)], unpacked);
  const parts: SnapshotPart[] = [];
  for (const { view, scope, baseId, payload } of stored) {
    const base = baseId === null ? null : (unpacked.get(nameOf(baseId, view, scope)) ?? null);
    const own = nameOf(row.id, view, scope);
    const part = unpacked.get(own) ?? (await decodePart(view, scope, payload, base));
    if (baseId === null) unpacked.set(own, part);
    parts.push(part);
  }
  const identity = row.identity as unknown as ServerIdentity;
  return { id: row.id, engine: row.engine, identity, parts, missing: row.missing as unknown as MissingPart[] };
}

const nameOf = (snapshotId: number, view: string, scope: string): string => JSON.stringify([snapshotId, view, scope]);

async function unpackWhole(ctx: Ctx, ids: readonly number[], unpacked: UnpackedParts): Promise<void> {
  if (ids.length === 0) return;
  const rows = await ctx.db
    .select()
    .from(snapshotParts)
    .where(and(inArray(snapshotParts.snapshotId, [...ids]), isNull(snapshotParts.baseId)));
  for (const { snapshotId, view, scope, payload } of rows) {
    unpacked.set(nameOf(snapshotId, view, scope), await decodePart(view, scope, payload, null));
  }
}
