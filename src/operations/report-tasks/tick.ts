import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Ctx } from '../context.ts';
import { fireDueTasks } from './fire-due-tasks.ts';
import { noteUnserved } from './note-unserved.ts';

const TICK_MS = 1000;
/** Spreads the ticks of replicas that were started together. */
const JITTER_MS = 200;
const UNSERVED_EVERY_MS = 15_000;
const LONGEST_BACKOFF_MS = 30_000;

export interface Loop {
  /** No tick begins any more; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * The scheduler of this process: fires what is due once a second, and looks for unserved tasks. Every replica runs one;
 * there is no leader. A failed tick (the database is away) is logged and tried again, ever more slowly.
 */
export function startTick({ ctx }: { ctx: Ctx }): Loop {
  const stopping = new AbortController();
  const signal = AbortSignal.any([ctx.signal, stopping.signal]);
  const loops = [
    repeat(ctx, signal, TICK_MS, async () => (await fireDueTasks({ ctx })).more),
    repeat(ctx, signal, UNSERVED_EVERY_MS, async () => {
      await noteUnserved({ ctx });
      return false;
    }),
  ];
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** @param work resolves to whether there is more to do at once. */
async function repeat(ctx: Ctx, signal: AbortSignal, everyMs: number, work: () => Promise<boolean>): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const more = await work();
      failures = 0;
      if (more) continue;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      ctx.log.error({ error: messageOf(error), failures }, 'tick failed');
    }
    const wait = Math.min(everyMs * 2 ** Math.min(failures, 10), Math.max(everyMs, LONGEST_BACKOFF_MS));
    await pause(wait + Math.random() * JITTER_MS, undefined, { signal }).catch(() => undefined);
  }
}
