import { and, eq, lt, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Capture } from '../../engines/watch.ts';
import { BroadsheetError } from '../../errors.ts';
import { indexTextKey, type Snapshot, type SnapshotPart } from '../../rows/snapshot.ts';
import { decodePart, encodeChanges, encodePart } from '../../rows/snapshot-codec.ts';
import {
  clusters,
  clusterTexts,
  type SnapshotTrigger,
  snapshotMetrics,
  snapshotParts,
  snapshots,
  tenants,
} from '../../store/schema/fleet.ts';
import { newestWholeParts } from '../../store/snapshot-bases.ts';
import { snapshotMetricsOf } from '../../workload/metrics.ts';
import { rangeOf } from '../../workload/range.ts';
import type { Ctx } from '../context.ts';
import type { ClusterRow } from '../fleet/internal.ts';
import { loadSnapshotBefore } from './load-snapshots.ts';

interface StoredPart {
  readonly view: string;
  readonly scope: string;
  readonly baseId: number | null;
  readonly rows: number;
  readonly payload: Buffer;
}

/** A capture, compressed and ready to be written in one transaction. */
export interface PreparedCapture {
  readonly cluster: ClusterRow;
  readonly engine: string;
  readonly capture: Capture;
  readonly durationMs: number;
  readonly parts: readonly StoredPart[];
  readonly bytes: number;
  /** Cluster-wide numbers since the snapshot before, for trends. */
  readonly metrics: ReadonlyMap<string, number>;
}

/** A whole part is written once a day at least; in between, where it is smaller, what changed since that one. */
const WHOLE_EVERY_MS = 24 * 3_600_000;
const TEXTS_PER_INSERT = 500;
/** `last_seen_at` need not be exact: it decides what is removed after weeks. */
const SEEN_EVERY_MS = 12 * 3_600_000;

/** Compress a capture, outside any transaction. */
export async function storeCapture(
  ctx: Ctx,
  { cluster, engine, capture, durationMs }: Pick<PreparedCapture, 'cluster' | 'engine' | 'capture' | 'durationMs'>,
): Promise<PreparedCapture> {
  const { capturedAt } = capture.identity;
  const bases = await newestWholeParts(ctx.db, cluster.id, new Date(capturedAt - WHOLE_EVERY_MS));
  const baseOf = new Map(bases.map((base) => [`${base.view} ${base.scope}`, base]));
  const parts: StoredPart[] = [];
  for (const part of capture.parts) {
    const { view, scope, rows } = part;
    const base = baseOf.get(`${view} ${scope}`);
    const changes =
      base === undefined ? null : await encodeChanges(part, await decodePart(view, scope, base.payload, null));
    const stored = { view, scope, rows: rows.length };
    if (base !== undefined && changes !== null) parts.push({ ...stored, baseId: base.snapshot_id, payload: changes });
    else parts.push({ ...stored, baseId: null, payload: await encodePart(part) });
  }
  const bytes = parts.reduce((sum, part) => sum + part.payload.length, 0);
  const metrics = await metricsSince(ctx, cluster, { id: 0, engine, ...capture });
  return { cluster, engine, capture, durationMs, parts, bytes, metrics };
}

/** Empty where there is no snapshot before, or none that this one can be compared with. */
async function metricsSince(ctx: Ctx, cluster: ClusterRow, snapshot: Snapshot): Promise<ReadonlyMap<string, number>> {
  const before = await loadSnapshotBefore(ctx, cluster.id, new Date(snapshot.identity.capturedAt));
  if (before === null) return new Map();
  try {
    return snapshotMetricsOf(rangeOf([before, snapshot]));
  } catch (error) {
    if (error instanceof BroadsheetError) return new Map();
    throw error;
  }
}

/** Write a prepared capture in the open transaction of `ctx`; answers the snapshot's id. */
export async function takeIn(
  ctx: Ctx,
  { prepared, trigger, at }: { prepared: PreparedCapture; trigger: SnapshotTrigger; at: Date },
): Promise<void> {
  const { cluster, capture, engine } = prepared;
  const { identity, missing } = capture;
  const [row] = await ctx.db
    .insert(snapshots)
    .values({
      clusterId: cluster.id,
      capturedAt: new Date(identity.capturedAt),
      createdAt: at,
      trigger,
      state: missing.length > 0 ? 'partial' : 'ok',
      engine,
      identity: { ...identity },
      missing: missing.map((part) => ({ ...part })),
      durationMs: prepared.durationMs,
      bytes: prepared.bytes,
    })
    .returning({ id: snapshots.id });
  if (row === undefined) throw new Error('an insert returned no row');
  await ctx.db.insert(snapshotParts).values(prepared.parts.map((part) => ({ ...part, snapshotId: row.id })));
  const metrics = [...prepared.metrics].map(([metric, value]) => ({ snapshotId: row.id, metric, value }));
  if (metrics.length > 0) await ctx.db.insert(snapshotMetrics).values(metrics);
  await keepTexts(ctx, cluster, capture, at);
  await keepTenants(ctx, cluster, capture, at);
  await ctx.db
    .update(clusters)
    .set({ status: 'RUNNING', version: identity.version, system: identity.system, updatedAt: at })
    .where(eq(clusters.id, cluster.id));
}

async function keepTexts(ctx: Ctx, cluster: ClusterRow, capture: Capture, at: Date): Promise<void> {
  const clusterId = cluster.id;
  for (let from = 0; from < capture.texts.length; from += TEXTS_PER_INSERT) {
    const rows = capture.texts.slice(from, from + TEXTS_PER_INSERT).map(({ text, ...rest }) => ({
      ...rest,
      // PostgreSQL's text holds no NUL, and neither do its own statements; another engine's may.
      text: text.replaceAll('\0', ''),
      clusterId,
      firstSeenAt: at,
      lastSeenAt: at,
    }));
    await ctx.db.insert(clusterTexts).values(rows).onConflictDoNothing();
  }
  for (const part of capture.parts) {
    const texts = textsOf(part);
    if (texts !== undefined) await seen(ctx, clusterId, texts, at);
  }
}

interface SeenTexts {
  readonly where: SQL | undefined;
  readonly keys: readonly string[];
}

/** What of the stored texts a part has rows of. */
function textsOf(part: SnapshotPart): SeenTexts | undefined {
  const column = (name: string): number => part.columns.findIndex((one) => one.name === name);
  if (part.view === 'statements') {
    const id = column('queryid');
    return { where: eq(clusterTexts.kind, 'sql'), keys: part.rows.map((row) => String(row[id])) };
  }
  if (part.view !== 'indexes') return undefined;
  const [id, name] = [column('indexrelid'), column('indexrelname')];
  return {
    where: and(eq(clusterTexts.kind, 'index'), eq(clusterTexts.scope, part.scope)),
    keys: part.rows.map((row) => indexTextKey(row[id], row[name])),
  };
}

async function seen(ctx: Ctx, clusterId: number, { where, keys }: SeenTexts, at: Date): Promise<void> {
  const longAgo = lt(clusterTexts.lastSeenAt, new Date(at.getTime() - SEEN_EVERY_MS));
  const known = sql`${clusterTexts.key} = any(${sql.param([...new Set(keys)])}::text[])`;
  await ctx.db
    .update(clusterTexts)
    .set({ lastSeenAt: at })
    .where(and(eq(clusterTexts.clusterId, clusterId), where, longAgo, known));
}

async function keepTenants(ctx: Ctx, cluster: ClusterRow, { tenants: found }: Capture, at: Date): Promise<void> {
  const clusterId = cluster.id;
  for (const { number, name } of found) {
    await ctx.db
      .insert(tenants)
      .values({ clusterId, obTenantId: number, name, createdAt: at, updatedAt: at })
      .onConflictDoUpdate({
        target: [tenants.clusterId, tenants.obTenantId],
        set: { name, goneAt: null, updatedAt: at },
        setWhere: sql`${tenants.name} <> excluded.name or ${tenants.goneAt} is not null`,
      });
  }
  const numbers = found.map(({ number }) => number);
  const gone = and(
    eq(tenants.clusterId, clusterId),
    sql`${tenants.goneAt} is null`,
    numbers.length === 0 ? undefined : notInArray(tenants.obTenantId, numbers),
  );
  await ctx.db.update(tenants).set({ goneAt: at, updatedAt: at }).where(gone);
}
