import { nextRunAt } from '../../period/cron.ts';
import { type ClockChange, describeFire } from '../../period/describe-fire.ts';
import type { Ctx } from '../context.ts';
import { loadTask } from './load-task.ts';

export interface NextRun {
  readonly scheduled_for: Date;
  /** The same instant on the wall clock of the task's zone: `2026-03-08T03:00:00-04:00`. */
  readonly local: string;
  readonly time_zone: string;
  /** `gap`: the time asked for does not exist that day, fires right after; `overlap`: it comes twice that day. */
  readonly clock_change: ClockChange;
}

/** The next `n` fire times of a task, within its start and end; none while it is paused. */
export async function nextRuns({ ctx, input }: { ctx: Ctx; input: { id: string; n: number } }): Promise<NextRun[]> {
  const task = await loadTask(ctx, input.id, 'see');
  const found: NextRun[] = [];
  let at = nextRunAt(task, await ctx.clock.now());
  while (at && found.length < input.n) {
    const { local, clockChange } = describeFire(task.interval, task.timeZone, at);
    found.push({ scheduled_for: at, local, time_zone: task.timeZone, clock_change: clockChange });
    at = nextRunAt(task, at);
  }
  return found;
}
