import type { TaskHooks } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { finishRun } from './finish-run.ts';
import { RUN_TASK } from './parts.ts';
import { reopenRun } from './reopen-run.ts';

/** What happens when a task of this noun ends or runs again: for the workers, and for the verbs that do it by hand. */
export const runHooks = (ctx: Ctx): TaskHooks => ({
  finished: { [RUN_TASK]: (tx, task, at) => finishRun({ ctx: { ...ctx, db: tx }, input: { task, at } }) },
  reopened: { [RUN_TASK]: (tx, task, at, steps) => reopenRun({ ctx: { ...ctx, db: tx }, input: { task, at, steps } }) },
});
