import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import type { SessionSampler } from '../../engines/watch.ts';
import { messageOf } from '../../errors.ts';
import { createMinuteBook, joinMinutes } from '../../rows/sample-minutes.ts';
import type { SampleMinute, SessionSample } from '../../rows/session-samples.ts';
import { endSampling, keepSampling } from '../../store/sampler-claims.ts';
import { clusters, sessionSamples } from '../../store/schema/fleet.ts';
import type { Ctx } from '../context.ts';
import { watchOf } from '../fleet/internal.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const SAMPLE_MS = 1000;
const MINUTE_MS = 60_000;
/** A server that takes long to answer is looked at less often. */
const SLOW_MS = 100;
const SLOW_SAMPLE_MS = 5000;
const LOCKS_EVERY_MS = 5000;
/** How often the claim is renewed, and what was sampled written: more is not lost with a process. */
const RENEW_MS = 10_000;
export const CLAIM_MS = 30_000;
const LONGEST_BACKOFF_MS = 60_000;
const CLOSE_TIMEOUT_MS = 5000;

/**
 * Sample the sessions of a cluster once a second until the signal fires or another process has it. A minute is written when
 * it ends. A server that does not answer is tried again, ever more slowly.
 */
export async function sampleCluster(
  ctx: Ctx,
  { clusterId, samplerId }: { clusterId: number; samplerId: string },
): Promise<void> {
  let failures = 0;
  try {
    while (!ctx.signal.aborted && (await renew(ctx, clusterId, samplerId))) {
      try {
        const onSample = (): void => {
          failures = 0;
        };
        if (!(await sampleWhileClaimed(ctx, clusterId, samplerId, onSample))) return;
      } catch (error) {
        if (ctx.signal.aborted) return;
        failures += 1;
        if (failures === 1)
          ctx.log.warn({ cluster_id: clusterId, error: messageOf(error) }, 'sessions are not sampled');
        const wait = Math.min(SAMPLE_MS * 2 ** failures, LONGEST_BACKOFF_MS);
        for (let waited = 0; waited < wait && !ctx.signal.aborted; waited += RENEW_MS) {
          await pause(Math.min(RENEW_MS, wait - waited), undefined, { signal: ctx.signal }).catch(() => undefined);
          if (!(await renew(ctx, clusterId, samplerId))) return;
        }
      }
    }
  } finally {
    await endSampling(ctx.db, { samplerId, clusterId });
  }
}

async function renew(ctx: Ctx, clusterId: number, samplerId: string): Promise<boolean> {
  if (ctx.signal.aborted) return false;
  const until = new Date((await ctx.clock.now()).getTime() + CLAIM_MS);
  return (await keepSampling(ctx.db, { samplerId, clusterId, until })).length > 0;
}

/** @returns false when the cluster is not ours any more. */
async function sampleWhileClaimed(
  ctx: Ctx,
  clusterId: number,
  samplerId: string,
  onSample: () => void,
): Promise<boolean> {
  const [cluster] = await ctx.db.select().from(clusters).where(eq(clusters.id, clusterId));
  if (cluster === undefined) return false;
  const sampler = await watchOf(ctx.secrets, cluster).openSampler(ctx.signal);
  const book = createMinuteBook();
  let until = 0;
  const write = async (of: Ctx, parts: readonly SampleMinute[]): Promise<void> => {
    for (const part of parts) await writePart(of, clusterId, { ...part, until });
  };
  try {
    return await samples(ctx, sampler, {
      onSample: async (sample) => {
        onSample();
        await write(ctx, book.add(sample));
        until = sample.at;
      },
      isOurs: async () => {
        await write(ctx, book.take());
        return renew(ctx, clusterId, samplerId);
      },
    });
  } finally {
    sampler.close();
    await write({ ...ctx, signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) }, book.take());
  }
}

interface Sampling {
  readonly onSample: (sample: SessionSample) => Promise<void>;
  /** Asked now and then; false ends it. */
  readonly isOurs: () => Promise<boolean>;
}

async function samples(ctx: Ctx, sampler: SessionSampler, { onSample, isOurs }: Sampling): Promise<boolean> {
  let every = SAMPLE_MS;
  let slow = 0;
  let [lastLocks, lastRenewed] = [0, performance.now()];
  while (!ctx.signal.aborted) {
    const began = performance.now();
    if (began - lastRenewed >= RENEW_MS) {
      if (!(await isOurs())) return false;
      lastRenewed = began;
    }
    const sample = await sampler.sample(began - lastLocks >= LOCKS_EVERY_MS, ctx.signal);
    if (sample.locks !== null) lastLocks = began;
    await onSample(sample);
    const took = performance.now() - began;
    slow = took > SLOW_MS ? slow + 1 : 0;
    if (slow >= 2) every = SLOW_SAMPLE_MS;
    await pause(Math.max(0, every - took), undefined, { signal: ctx.signal }).catch(() => undefined);
  }
  return true;
}

/** A part of a minute as it is stored; `until`: the instant of its last sample, by the server's clock. */
type StoredPart = SampleMinute & { readonly until: number };

/** What a minute has already stays: another part of it is written behind. */
async function writePart(ctx: Ctx, clusterId: number, part: StoredPart): Promise<void> {
  const payload = await compress(`${JSON.stringify(part)}\n`);
  await ctx.db
    .insert(sessionSamples)
    .values({ clusterId, minute: new Date(part.minute), payload })
    .onConflictDoUpdate({
      target: [sessionSamples.clusterId, sessionSamples.minute],
      // Two gzip streams, one behind the other, unpack to both texts.
      set: { payload: sql`${sessionSamples.payload} || excluded.payload` },
    });
}

/** What was sampled of a cluster between two instants, to some seconds, as minutes in order of time. */
export async function loadMinutes(ctx: Ctx, clusterId: number, from: Date, to: Date): Promise<readonly SampleMinute[]> {
  const [after, until] = [from.getTime(), to.getTime()];
  const rows = await ctx.db
    .select({ payload: sessionSamples.payload })
    .from(sessionSamples)
    .where(
      and(
        eq(sessionSamples.clusterId, clusterId),
        gt(sessionSamples.minute, new Date(after - MINUTE_MS)),
        lte(sessionSamples.minute, to),
      ),
    )
    .orderBy(asc(sessionSamples.minute));
  const parts: StoredPart[] = [];
  for (const { payload } of rows) {
    const text = (await decompress(payload)).toString();
    for (const line of text.split('\n')) if (line !== '') parts.push(JSON.parse(line) as StoredPart);
  }
  return joinMinutes(parts.filter((part) => part.until > after && part.until <= until));
}
