import { nextFire, previousFire } from '../../period/cron.ts';
import type { DueTask } from '../../store/due-tasks.ts';

export interface FiringBounds {
  readonly now: Date;
  /** A firing later than this was missed. */
  readonly graceMs: number;
  /** Most missed firings that policy `all` makes up for: the latest ones. */
  readonly catchUpLimit: number;
  /** Most firings decided at once; the rest is due again at the next tick. */
  readonly most: number;
}

/** What becomes of the fire times from `next_run_at` to now: each of them is in one of the lists, ascending. */
export interface FiringPlan {
  readonly onTime: readonly Date[];
  readonly catchUp: readonly Date[];
  readonly skipped: readonly Date[];
  /** The first fire time not decided here; null = none is left. It is not after `now` when `most` cut the list. */
  readonly next: Date | null;
}

type Planned = Pick<DueTask, 'interval' | 'timeZone' | 'misfirePolicy' | 'endAt' | 'nextRunAt'>;

/**
 * Decide every fire time of a due task. Those at most the grace late fire; the missed ones before them are skipped
 * (`skip`), or skipped but for the last (`once`), or skipped but for the last `catchUpLimit` (`all`).
 * The stored `next_run_at` is the first of them whatever the pattern says: it has been promised.
 */
export function planFirings(task: Planned, bounds: FiringBounds): FiringPlan {
  const { now } = bounds;
  const due: Date[] = [];
  let next: Date | null = task.nextRunAt;
  while (next && next <= now && due.length < bounds.most) {
    due.push(next);
    next = followingFire(task, next);
  }
  const missedBefore = new Date(now.getTime() - bounds.graceMs);
  const onTime = due.filter((at) => at >= missedBefore);
  const missed = due.filter((at) => at < missedBefore);
  const cut = next !== null && next <= now;
  const madeUpFrom = missed.length === 0 ? null : firstMadeUp(task, bounds, { missed, missedBefore, cut });
  return {
    onTime,
    catchUp: missed.filter((at) => madeUpFrom !== null && at >= madeUpFrom),
    skipped: missed.filter((at) => madeUpFrom === null || at < madeUpFrom),
    next,
  };
}

function followingFire(task: Planned, after: Date): Date | null {
  const next = nextFire(task.interval, task.timeZone, after);
  return next && (!task.endAt || next < task.endAt) ? next : null;
}

/** The earliest missed fire time that is made up for; null = none is. Counted back from now where the list was cut. */
function firstMadeUp(
  task: Planned,
  bounds: FiringBounds,
  { missed, missedBefore, cut }: { missed: readonly Date[]; missedBefore: Date; cut: boolean },
): Date | null {
  if (task.misfirePolicy === 'skip') return null;
  const kept = task.misfirePolicy === 'once' ? 1 : bounds.catchUpLimit;
  if (!cut) return missed[Math.max(0, missed.length - kept)] ?? null;
  const end = task.endAt && task.endAt < missedBefore ? task.endAt : missedBefore;
  let first: Date | null = end;
  for (let back = 0; back < kept && first; back += 1) {
    first = previousFire(task.interval, task.timeZone, new Date(first.getTime() - 1));
  }
  return first;
}
