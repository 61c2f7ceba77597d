import { badRequest } from '../../errors.ts';
import type { Ctx } from '../context.ts';
import { type CreatedRun, createRun } from '../runs/create-run.ts';
import { loadTask } from './load-task.ts';

/**
 * Run a task now and send it to the caller alone, never to its recipients. Whoever sees the task may do so.
 * @throws BroadsheetError `bad_request` when the caller has no e-mail address.
 */
export async function testSend({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<CreatedRun> {
  const task = await loadTask(ctx, input.id, 'see');
  const { email } = ctx.actor;
  if (!email) throw badRequest('Bad Request: the caller has no e-mail address');
  const recipients = { to: [email], cc: [], bcc: [] };
  const scheduledFor = await ctx.clock.now();
  return createRun({ ctx, input: { taskId: task.id, scheduledFor, trigger: 'test', params: { recipients } } });
}
