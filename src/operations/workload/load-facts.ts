import { and, asc, desc, eq, inArray, lte, ne } from 'drizzle-orm';
import type { Locale } from '../../definition/definition.ts';
import type { Snapshot } from '../../rows/snapshot.ts';
import { clusterTexts, snapshotMetrics, snapshots } from '../../store/schema/fleet.ts';
import { type TrendPoint, textKey, type WorkloadFacts } from '../../workload/facts.ts';
import { type Range, rangeOf } from '../../workload/range.ts';
import type { Ctx } from '../context.ts';
import type { ClusterRow } from '../fleet/internal.ts';
import { type SnapshotRow, snapshotRowsBetween, type UnpackedParts, unpack } from '../snapshots/load-snapshots.ts';
import { loadMinutes } from '../snapshots/sample-cluster.ts';

export interface FactsWanted {
  readonly cluster: ClusterRow;
  readonly start: SnapshotRow;
  readonly end: SnapshotRow;
  readonly locale: Locale;
  readonly timeZone: string;
}

/** Snapshots before the end that trends show. */
const TREND_POINTS = 168;
/** A range of more snapshots is read at every n-th of them: an hour's snapshots of six weeks would fill the memory. */
const MOST_SNAPSHOTS = 96;
/** As many of the range before as a comparison of pieces needs. */
const MOST_BEFORE = 13;

/**
 * Everything that the report of a range is made of, and the range of the same length before it, where there are snapshots.
 * @throws BroadsheetError `unprocessable` for a range that cannot be subtracted.
 */
export async function loadFacts(ctx: Ctx, wanted: FactsWanted): Promise<WorkloadFacts> {
  const { cluster, start, end, locale, timeZone } = wanted;
  const unpacked: UnpackedParts = new Map();
  const range = await loadRange(ctx, { start, end, most: MOST_SNAPSHOTS, unpacked });
  const texts = await ctx.db.select().from(clusterTexts).where(eq(clusterTexts.clusterId, cluster.id));
  return {
    cluster: { name: cluster.name, engine: start.engine },
    range,
    minutes: await loadMinutes(ctx, cluster.id, start.capturedAt, end.capturedAt),
    texts: new Map(texts.map((text) => [textKey(text.kind, text.scope, text.key), text])),
    trend: await loadTrend(ctx, cluster.id, end.capturedAt),
    baseline: await loadBaseline(ctx, start, end, unpacked),
    locale,
    timeZone,
  };
}

interface Wanted {
  readonly start: SnapshotRow;
  readonly end: SnapshotRow;
  readonly most: number;
  readonly unpacked: UnpackedParts;
}

async function loadRange(ctx: Ctx, { start, end, most, unpacked }: Wanted): Promise<Range> {
  const found = await snapshotRowsBetween(ctx, start.clusterId, start.capturedAt, end.capturedAt);
  const step = Math.ceil(found.rows.length / most);
  const rows = found.rows.filter((row, index) => index % step === 0 || row.id === end.id);
  const loaded: Snapshot[] = [];
  for (const row of rows) {
    ctx.signal.throwIfAborted();
    loaded.push(await unpack(ctx, row, unpacked));
  }
  return rangeOf(loaded, found.failures);
}

/** The range of the same length that ends where this one begins; null where there are no two snapshots near its ends. */
async function loadBaseline(
  ctx: Ctx,
  start: SnapshotRow,
  end: SnapshotRow,
  unpacked: UnpackedParts,
): Promise<Range | null> {
  const length = end.capturedAt.getTime() - start.capturedAt.getTime();
  const from = new Date(start.capturedAt.getTime() - length);
  const [first] = await ctx.db
    .select()
    .from(snapshots)
    .where(
      and(eq(snapshots.clusterId, start.clusterId), lte(snapshots.capturedAt, from), ne(snapshots.state, 'failed')),
    )
    .orderBy(desc(snapshots.capturedAt))
    .limit(1);
  if (first === undefined || from.getTime() - first.capturedAt.getTime() > length / 2) return null;
  try {
    return await loadRange(ctx, { start: first, end: start, most: MOST_BEFORE, unpacked });
  } catch (error) {
    ctx.log.info({ err: error }, 'no range to compare with');
    return null;
  }
}

async function loadTrend(ctx: Ctx, clusterId: number, until: Date): Promise<readonly TrendPoint[]> {
  const rows = await ctx.db
    .select({ id: snapshots.id, at: snapshots.capturedAt })
    .from(snapshots)
    .where(and(eq(snapshots.clusterId, clusterId), lte(snapshots.capturedAt, until), ne(snapshots.state, 'failed')))
    .orderBy(desc(snapshots.capturedAt))
    .limit(TREND_POINTS);
  if (rows.length === 0) return [];
  const metrics = await ctx.db
    .select()
    .from(snapshotMetrics)
    .where(
      inArray(
        snapshotMetrics.snapshotId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(asc(snapshotMetrics.snapshotId));
  const byId = new Map<number, Map<string, number>>(rows.map(({ id }) => [id, new Map()]));
  for (const { snapshotId, metric, value } of metrics) byId.get(snapshotId)?.set(metric, value);
  return rows.reverse().map(({ id, at }) => ({ at: at.getTime(), metrics: byId.get(id) ?? new Map<string, number>() }));
}
