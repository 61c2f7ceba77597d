import { markUnserved } from '../../store/unserved-tasks.ts';
import { type Ctx, withTransaction } from '../context.ts';

/** A worker whose last heartbeat is older has died. */
const WORKER_SILENCE_MS = 30_000;

/**
 * Say of due tasks whose instance no living worker serves that they wait: `unserved_since` in the task, a gauge, and a
 * line in the log when it begins. Forgotten as soon as somebody serves them.
 */
export async function noteUnserved({ ctx }: { ctx: Ctx }): Promise<{ waiting: number }> {
  const now = await ctx.clock.now();
  const aliveSince = new Date(now.getTime() - WORKER_SILENCE_MS);
  const { begun, waiting } = await withTransaction(ctx, (inner) => markUnserved(inner.db, { now, aliveSince }));
  ctx.metrics.unserved.set(waiting);
  for (const { instance, tasks } of begun) {
    ctx.log.warn({ instance, tasks }, 'due report tasks wait for an instance that nobody serves (INSTANCE_IDS)');
  }
  return { waiting };
}
