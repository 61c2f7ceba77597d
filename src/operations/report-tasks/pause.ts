import { and, eq } from 'drizzle-orm';
import { reportTasks } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { loadTask } from './load-task.ts';

/** A paused task has no next fire time. Pausing it again changes nothing. Runs under way go on. */
export async function pauseTask({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await loadTask(inner, input.id, 'edit');
    const changed = await inner.db
      .update(reportTasks)
      .set({ enabled: false, nextRunAt: null, unservedSince: null, updatedAt: at })
      .where(and(eq(reportTasks.id, input.id), eq(reportTasks.enabled, true)))
      .returning({ id: reportTasks.id });
    if (changed.length > 0)
      await audit(inner, { action: 'report_task.pause', objectKind: 'report_task', objectId: input.id, at });
  });
}
