import type { Finishers } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { finishRun } from './finish-run.ts';
import { RUN_TASK } from './parts.ts';

/** What happens when a task of this noun ends: for the workers, and for the verbs that end one by hand. */
export const runFinishers = (ctx: Ctx): Finishers => ({
  [RUN_TASK]: (tx, task, at) => finishRun({ ctx: { ...ctx, db: tx }, input: { task, at } }),
});
