import { setTimeout as pause } from 'node:timers/promises';
import { badRequest, messageOf } from '../../errors.ts';
import { nextFire, parseInterval } from '../../period/cron.ts';
import type { Ctx } from '../context.ts';
import type { Loop } from '../report-tasks/tick.ts';
import { keepRetention } from './keep-retention.ts';

const LOOK_MS = 30_000;

/**
 * The nightly job of this process: keeps the retention when `RETENTION_CRON` (UTC) fires. Every replica runs one; the
 * lock lets one of them do the work. A night that no process saw is not made up for: the next one removes the same.
 * @param lookMs how often it looks at the clock.
 * @throws BroadsheetError `bad_request` when `RETENTION_CRON` is no interval.
 */
export function startRetention({ ctx, lookMs = LOOK_MS }: { ctx: Ctx; lookMs?: number }): Loop {
  checkInterval(ctx.config.RETENTION_CRON);
  const stopping = new AbortController();
  const signal = AbortSignal.any([ctx.signal, stopping.signal]);
  const loop = keepNightly({ ...ctx, signal }, lookMs);
  return {
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

function checkInterval(interval: string): void {
  try {
    parseInterval(interval);
  } catch {
    throw badRequest('configuration: RETENTION_CRON: not a cron interval of five fields');
  }
}

async function keepNightly(ctx: Ctx, lookMs: number): Promise<void> {
  let next: Date | null = null;
  while (!ctx.signal.aborted) {
    try {
      const now = await ctx.clock.now();
      if (next && next <= now) await keepRetention({ ctx });
      if (!next || next <= now) next = nextFire(ctx.config.RETENTION_CRON, 'UTC', now);
    } catch (error) {
      if (!ctx.signal.aborted)
        ctx.log.error({ error: messageOf(error) }, 'retention failed, it is tried again tomorrow');
      next = null;
    }
    await pause(lookMs, undefined, { signal: ctx.signal }).catch(() => undefined);
  }
}
