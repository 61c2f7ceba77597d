import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { daysInMs } from '../../config.ts';
import {
  expiredDocuments,
  RETENTION_LOCK,
  removeExpiredRuns,
  removeExpiredTaskInstances,
  removeOldKeys,
  removeOldNotices,
} from '../../store/expired.ts';
import {
  expiredWorkloadReports,
  removeExpiredSamples,
  removeExpiredSnapshots,
  removeUnseenTexts,
} from '../../store/expired-snapshots.ts';
import { removeOldLoginFailures } from '../../store/login-failures.ts';
import { workloadReports } from '../../store/schema/fleet.ts';
import { documents } from '../../store/schema/runs.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { KEY_LIFE_MS } from '../reports/once-per-key.ts';
import { anyOf } from '../resources/any-of.ts';
import { blobStoreOf } from './open-file.ts';
import { removeFiles } from './remove-files.ts';

export interface Removed {
  readonly documents: number;
  readonly runs: number;
  readonly tasks: number;
  readonly keys: number;
  readonly notices: number;
  readonly workloadReports: number;
  readonly snapshots: number;
  readonly samples: number;
  readonly texts: number;
  readonly loginFailures: number;
}

/** Rows of one transaction: locks are short, and what other replicas do goes on in between. */
const AT_ONCE = 500;
const BREATH_MS = 20;

/**
 * Remove what is past its time: documents older than `DOCUMENT_RETENTION_DAYS` but for the last one of every task; runs
 * with their deliveries, and tasks with their steps and logs, older than `RUN_RETENTION_DAYS`, unless their document is
 * still there; idempotency keys and failed logins after a day; workload reports with their documents like documents, unless they are kept;
 * snapshots and samples of clusters after `SNAPSHOT_RETENTION_DAYS` and `SAMPLE_RETENTION_DAYS`. The audit log is kept. In pieces, each in a transaction of its own under
 * an advisory lock: where another replica is at it already, nothing is done here.
 */
export async function keepRetention({ ctx }: { ctx: Ctx }): Promise<Removed> {
  const now = await ctx.clock.now();
  const documentsBefore = new Date(now.getTime() - daysInMs(ctx.config.DOCUMENT_RETENTION_DAYS));
  const runsBefore = new Date(now.getTime() - daysInMs(ctx.config.RUN_RETENTION_DAYS));
  const snapshotsBefore = new Date(now.getTime() - daysInMs(ctx.config.SNAPSHOT_RETENTION_DAYS));
  const samplesBefore = new Date(now.getTime() - daysInMs(ctx.config.SAMPLE_RETENTION_DAYS));
  const removed = {
    workloadReports: await inPieces(ctx, (inner) => removeWorkloadReports(inner, documentsBefore)),
    documents: await inPieces(ctx, (inner) => removeDocuments(inner, documentsBefore)),
    runs: await inPieces(ctx, ({ db }) => removeExpiredRuns(db, runsBefore, AT_ONCE)),
    tasks: await inPieces(ctx, ({ db }) => removeExpiredTaskInstances(db, runsBefore, AT_ONCE)),
    keys: await inPieces(ctx, ({ db }) => removeOldKeys(db, new Date(now.getTime() - KEY_LIFE_MS), AT_ONCE)),
    notices: await inPieces(ctx, ({ db }) => removeOldNotices(db, runsBefore, AT_ONCE)),
    snapshots: await inPieces(ctx, ({ db }) => removeExpiredSnapshots(db, snapshotsBefore, AT_ONCE)),
    samples: await inPieces(ctx, ({ db }) => removeExpiredSamples(db, samplesBefore, AT_ONCE)),
    loginFailures: await inPieces(ctx, ({ db }) =>
      removeOldLoginFailures(db, new Date(now.getTime() - daysInMs(1)), AT_ONCE),
    ),
    texts: await inPieces(ctx, ({ db }) => removeUnseenTexts(db, snapshotsBefore, AT_ONCE)),
  };
  if (Object.values(removed).some((count) => count > 0)) {
    await withTransaction(ctx, (inner) =>
      audit(inner, { action: 'retention.keep', objectKind: 'store', objectId: 'documents', at: now, detail: removed }),
    );
    ctx.log.info(removed, 'retention kept');
  }
  return removed;
}

/** Repeat until a piece is not full, or another replica holds the lock. */
async function inPieces(ctx: Ctx, remove: (ctx: Ctx) => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    ctx.signal.throwIfAborted();
    const count = await withTransaction(ctx, async (inner) => {
      const [lock] = await inner.db.execute<{ held: boolean }>(RETENTION_LOCK);
      return lock?.held ? remove(inner) : 0;
    });
    total += count;
    if (count < AT_ONCE) return total;
    await pause(BREATH_MS, undefined, { signal: ctx.signal });
  }
}

async function removeWorkloadReports(ctx: Ctx, before: Date): Promise<number> {
  const expired = await expiredWorkloadReports(ctx.db, before, AT_ONCE);
  await removeFiles(
    ctx,
    expired.flatMap(({ html, pdf }) => [html, pdf]),
  );
  for (const { id } of expired) await ctx.db.delete(workloadReports).where(eq(workloadReports.id, id));
  return expired.length;
}

async function removeDocuments(ctx: Ctx, before: Date): Promise<number> {
  const expired = await expiredDocuments(ctx.db, before, AT_ONCE);
  for (const { id, storage } of expired) await blobStoreOf(storage).delete(ctx.db, id, ctx.signal);
  if (expired.length > 0)
    await ctx.db.delete(documents).where(
      anyOf(
        documents.id,
        expired.map((row) => row.id),
      ),
    );
  return expired.length;
}
