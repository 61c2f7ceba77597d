import { eq } from 'drizzle-orm';
import { nextFire } from '../../period/cron.ts';
import { dueCaptures } from '../../store/due-captures.ts';
import { clusters } from '../../store/schema/fleet.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { submitCapture } from './request-snapshot.ts';

const AT_ONCE = 50;

/**
 * Order the snapshots that are due, in one transaction: each is ordered by one replica. What was missed while nobody ran is
 * not made up for: counters that were not read then cannot be read now.
 * @returns whether there may be more.
 */
export async function captureDue({ ctx }: { ctx: Ctx }): Promise<boolean> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const due = await dueCaptures(inner.db, at, AT_ONCE);
    for (const { id, name, interval, busy } of due) {
      const nextCaptureAt = nextFire(interval, 'UTC', at);
      await inner.db.update(clusters).set({ nextCaptureAt }).where(eq(clusters.id, id));
      if (busy) ctx.log.warn({ cluster: name }, 'the snapshot before is still being captured, this one is left out');
      else await submitCapture(inner, { clusterId: id, name, trigger: 'scheduled', at });
    }
    return due.length === AT_ONCE;
  });
}
