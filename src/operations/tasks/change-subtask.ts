import { notFound } from '../../errors.ts';
import * as engine from '../../tasks/change-task.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { type PlacedStep, taskDetails } from './get-task.ts';
import { loadTaskToChange } from './rights.ts';
import { taskHooks } from './task-hooks.ts';

interface OneSubtask {
  readonly ctx: Ctx;
  readonly input: { readonly taskId: number; readonly subtaskId: number };
}

/**
 * Run one FAILED step again.
 * @throws BroadsheetError `not_found`, `forbidden`, or `conflict` (`detail.rule` task_state).
 */
export async function retrySubtask(args: OneSubtask): Promise<PlacedStep> {
  return change(args, 'retry', async (ctx, change) => {
    await engine.retrySubtask(ctx.db, taskHooks(ctx), change);
  });
}

/**
 * Let a FAILED step count as done (while its task is rolled back: as undone).
 * @throws BroadsheetError as `retrySubtask`.
 */
export async function skipSubtask(args: OneSubtask): Promise<void> {
  await change(args, 'skip', (ctx, change) => engine.skipSubtask(ctx.db, taskHooks(ctx), change));
}

/**
 * Stop a RUNNING step: it ends FAILED as soon as its worker has let go.
 * @throws BroadsheetError as `retrySubtask`.
 */
export async function cancelSubtask(args: OneSubtask): Promise<void> {
  await change(args, 'cancel', (ctx, change) => engine.cancelSubtask(ctx.db, change));
}

async function change(
  { ctx, input }: OneSubtask,
  verb: 'retry' | 'skip' | 'cancel',
  work: (ctx: Ctx, change: engine.SubtaskChange) => Promise<void>,
): Promise<PlacedStep> {
  const { taskId, subtaskId } = input;
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const { name, kind } = await loadTaskToChange(inner, taskId);
    await work(inner, { taskId, subtaskId, at });
    const detail = { task_id: taskId, name, kind };
    await audit(inner, { action: `subtask.${verb}`, objectKind: 'subtask', objectId: String(subtaskId), at, detail });
    const { steps } = await taskDetails(inner, taskId);
    const changed = steps.find(({ step }) => step.id === subtaskId);
    if (changed === undefined) throw notFound('subtask not found', { rule: 'task_not_found', id: subtaskId });
    return changed;
  });
}
