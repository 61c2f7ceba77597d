import type { TaskHooks } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { runHooks } from '../runs/run-hooks.ts';
import { snapshotHooks } from '../snapshots/snapshot-hooks.ts';
import { workloadHooks } from '../workload/workload-hooks.ts';

/** What happens when a task of any kind ends or runs again: one table for the workers and for who changes tasks by hand. */
export function taskHooks(ctx: Ctx): TaskHooks {
  const nouns = [runHooks(ctx), snapshotHooks(ctx), workloadHooks];
  return {
    finished: Object.assign({}, ...nouns.map((noun) => noun.finished)),
    reopened: Object.assign({}, ...nouns.map((noun) => noun.reopened)),
  };
}
