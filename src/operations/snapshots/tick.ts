import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { claimSampling } from '../../store/sampler-claims.ts';
import type { Ctx } from '../context.ts';
import type { Loop } from '../report-tasks/tick.ts';
import { captureDue } from './capture-due.ts';
import { CLAIM_MS, sampleCluster } from './sample-cluster.ts';

const CAPTURE_TICK_MS = 2000;
const CLAIM_TICK_MS = 2000;
const JITTER_MS = 500;
/** Clusters that one process samples. */
const MOST_SAMPLED = 50;

/**
 * Watches clusters in this process: orders snapshots that are due, and samples the sessions of clusters that no other process
 * samples. Every working process runs one; there is no leader.
 */
export function startWatching({ ctx }: { ctx: Ctx }): Loop {
  const stopping = new AbortController();
  const inner = { ...ctx, signal: AbortSignal.any([ctx.signal, stopping.signal]) };
  const sampling = new Map<number, Promise<void>>();
  const samplerId = randomUUID();
  const loops = [
    repeat(inner, CAPTURE_TICK_MS, 'ordering snapshots', async () => {
      while (await captureDue({ ctx: inner }));
    }),
    repeat(inner, CLAIM_TICK_MS, 'claiming clusters to sample', async () => {
      await takeOnClusters(inner, samplerId, sampling);
    }),
  ];
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([...loops, ...sampling.values()]);
    },
  };
}

async function takeOnClusters(ctx: Ctx, samplerId: string, sampling: Map<number, Promise<void>>): Promise<void> {
  const now = await ctx.clock.now();
  const until = new Date(now.getTime() + CLAIM_MS);
  const limit = MOST_SAMPLED - sampling.size;
  if (limit <= 0 || ctx.signal.aborted) return;
  for (const { id } of await claimSampling(ctx.db, { samplerId, now, until, limit })) {
    if (sampling.has(id)) continue;
    const work = sampleCluster(ctx, { clusterId: id, samplerId })
      .catch((error: unknown) => ctx.log.error({ cluster_id: id, error: messageOf(error) }, 'sampling ended'))
      .finally(() => {
        sampling.delete(id);
        ctx.metrics.clustersSampled.set(sampling.size);
      });
    sampling.set(id, work);
    ctx.metrics.clustersSampled.set(sampling.size);
  }
}

async function repeat(ctx: Ctx, everyMs: number, what: string, work: () => Promise<void>): Promise<void> {
  while (!ctx.signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (!ctx.signal.aborted) ctx.log.error({ error: messageOf(error) }, `${what} failed, it is tried again`);
    }
    await pause(everyMs + Math.random() * JITTER_MS, undefined, { signal: ctx.signal }).catch(() => undefined);
  }
}
