import { eq } from 'drizzle-orm';
import type { Capture } from '../../engines/watch.ts';
import { BroadsheetError } from '../../errors.ts';
import { clusters, clusterTexts, snapshots } from '../../store/schema/fleet.ts';
import { subtasks } from '../../store/schema/tasks.ts';
import type { Finishers, Step, StepHandler, StepResult } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { type ClusterRow, engineOfCluster, watchOf } from '../fleet/internal.ts';
import { CAPTURE_TIMEOUT_SECONDS } from './parts.ts';
import { storeCapture, takeIn } from './store-capture.ts';

const MOST_SCOPES = 50;
const STATEMENT_TIMEOUT_MS = 15_000;

/** The step *Capture snapshot*: read the counters, compress them, write them in the one transaction that settles the step. */
export const captureStep = (ctx: Ctx): StepHandler => ({
  timeoutMs: CAPTURE_TIMEOUT_SECONDS * 1000,
  run: (step) => capture({ ...ctx, signal: step.signal, log: step.log }, step),
});

async function capture(ctx: Ctx, step: Step): Promise<StepResult> {
  const clusterId = Number(step.subtask.input.cluster_id);
  const [cluster] = await ctx.db.select().from(clusters).where(eq(clusters.id, clusterId));
  if (cluster === undefined) return { kind: 'failed', code: 'not_found', message: `cluster ${clusterId} is gone` };
  const began = performance.now();
  const found = await read(ctx, cluster);
  const durationMs = Math.round(performance.now() - began);
  for (const { view, scope, reason } of found.missing) {
    await step.note('warn', `not captured: ${view}${scope === '' ? '' : ` of ${scope}`}: ${reason}`);
  }
  const engine = engineOfCluster(ctx.secrets, cluster);
  const prepared = await storeCapture(ctx, { cluster, engine, capture: found, durationMs });
  const rows = found.parts.reduce((sum, part) => sum + part.rows.length, 0);
  await step.note('info', `${found.parts.length} parts, ${rows} rows, ${prepared.bytes} bytes stored`, {
    ms: durationMs,
  });
  const trigger = step.subtask.input.trigger === 'manual' ? 'manual' : 'scheduled';
  return {
    kind: 'done',
    commit: async ({ tx, at }) => {
      await takeIn({ ...ctx, db: tx }, { prepared, trigger, at });
      ctx.metrics.captures.inc({ outcome: found.missing.length > 0 ? 'partial' : 'ok' });
      ctx.metrics.captureSeconds.observe(durationMs / 1000);
    },
  };
}

async function read(ctx: Ctx, cluster: ClusterRow): Promise<Capture> {
  const known = await ctx.db
    .select({ kind: clusterTexts.kind, scope: clusterTexts.scope, key: clusterTexts.key })
    .from(clusterTexts)
    .where(eq(clusterTexts.clusterId, cluster.id));
  const keys = new Set(known.map(({ kind, scope, key }) => JSON.stringify([kind, scope, key])));
  return watchOf(ctx.secrets, cluster).capture(
    {
      knows: ({ kind, scope, key }) => keys.has(JSON.stringify([kind, scope, key])),
      maxScopes: MOST_SCOPES,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    },
    ctx.signal,
  );
}

/** A capture that failed for good is a snapshot too: `failed`, with the reason, and the cluster is shown as not reached. */
export const captureFinisher =
  (ctx: Ctx): Finishers[string] =>
  async (tx, task, at) => {
    if (task.state !== 'FAILED') return;
    const clusterId = Number(task.context.cluster_id);
    const [cluster] = await tx.select().from(clusters).where(eq(clusters.id, clusterId)).for('update');
    if (cluster === undefined) return;
    const error = await lastError({ ...ctx, db: tx }, task.id);
    await tx.update(clusters).set({ status: 'UNAVAILABLE', updatedAt: at }).where(eq(clusters.id, clusterId));
    await tx
      .insert(snapshots)
      .values({
        clusterId,
        capturedAt: at,
        createdAt: at,
        trigger: task.context.trigger === 'manual' ? 'manual' : 'scheduled',
        state: 'failed',
        engine: engineName(ctx, cluster),
        error,
      })
      .onConflictDoNothing();
    ctx.metrics.captures.inc({ outcome: 'failed' });
  };

function engineName(ctx: Ctx, cluster: ClusterRow): string {
  try {
    return engineOfCluster(ctx.secrets, cluster);
  } catch (error) {
    // A sealed URL that another key sealed: the snapshot still says that it failed.
    if (error instanceof BroadsheetError) return '';
    throw error;
  }
}

async function lastError(ctx: Ctx, taskId: number): Promise<{ code: string; message: string }> {
  const rows = await ctx.db.select({ error: subtasks.error }).from(subtasks).where(eq(subtasks.taskInstanceId, taskId));
  return (
    rows.find(({ error }) => error !== null)?.error ?? { code: 'unavailable', message: 'it could not be captured' }
  );
}
