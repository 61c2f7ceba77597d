import { eq } from 'drizzle-orm';
import { nextRunAt } from '../../period/cron.ts';
import { reportTasks } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { loadTask } from './load-task.ts';

/**
 * A resumed task fires next at its first fire time from now on: what would have fired while it was paused was not
 * missed. Resuming it again changes nothing.
 */
export async function resumeTask({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await loadTask(inner, input.id, 'edit');
    const [task] = await inner.db.select().from(reportTasks).where(eq(reportTasks.id, input.id)).for('update');
    if (!task || task.enabled) return;
    await inner.db
      .update(reportTasks)
      .set({ enabled: true, nextRunAt: nextRunAt({ ...task, enabled: true }, at), updatedAt: at })
      .where(eq(reportTasks.id, input.id));
    await audit(inner, { action: 'report_task.resume', objectKind: 'report_task', objectId: input.id, at });
  });
}
