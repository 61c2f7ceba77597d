import { retryTask as retrySteps, rollbackTask as undoSteps } from '../../tasks/change-task.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { type TaskDetails, taskDetails } from './get-task.ts';
import { loadTaskToChange } from './rights.ts';
import { taskHooks } from './task-hooks.ts';

interface OneTask {
  readonly ctx: Ctx;
  readonly input: { readonly id: number };
}

/**
 * Run all FAILED steps of a FAILED task again.
 * @throws BroadsheetError `not_found`, `forbidden`, or `conflict` (`detail.rule` task_state).
 */
export const retryTask = (args: OneTask): Promise<TaskDetails> =>
  change(args, 'retry', async (ctx, at) => {
    await retrySteps(ctx.db, taskHooks(ctx), { taskId: args.input.id, at });
  });

/**
 * Undo what a FAILED task has done.
 * @throws BroadsheetError `not_found`, `forbidden`, or `conflict` (`detail.rule` task_state, task_no_rollback).
 */
export const rollbackTask = (args: OneTask): Promise<TaskDetails> =>
  change(args, 'rollback', async (ctx, at) => {
    await undoSteps(ctx.db, { taskId: args.input.id, at });
  });

async function change(
  { ctx, input: { id } }: OneTask,
  verb: 'retry' | 'rollback',
  work: (ctx: Ctx, at: Date) => Promise<void>,
): Promise<TaskDetails> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const { name, kind } = await loadTaskToChange(inner, id);
    await work(inner, at);
    const detail = { name, kind };
    await audit(inner, { action: `task.${verb}`, objectKind: 'task_instance', objectId: String(id), at, detail });
    return taskDetails(inner, id);
  });
}
