import type { Ctx } from '../context.ts';
import { type CreatedRun, createRun } from '../runs/create-run.ts';
import { loadTask } from './load-task.ts';

/**
 * Run a task now, to its recipients, whether it is paused or not. Its overlap policy counts: the run may be born
 * SKIPPED. Whoever may change the task may run it.
 */
export async function runNow({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<CreatedRun> {
  const task = await loadTask(ctx, input.id, 'edit');
  const scheduledFor = await ctx.clock.now();
  return createRun({ ctx, input: { taskId: task.id, scheduledFor, trigger: 'manual' } });
}
