import { eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { loadTask } from './load-task.ts';
import { taskResource } from './resource.ts';

/**
 * Its owner, the report's owner, admins. The report's `task_id` becomes null with it; runs and documents stay until
 * their retention ends.
 */
export async function deleteReportTask({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const task = await loadTask(inner, input.id, 'edit');
    // The report before the task, as create locks them: the foreign key would take them the other way round.
    await inner.db.select({ id: reports.id }).from(reports).where(eq(reports.id, task.reportId)).for('update');
    const gone = await inner.db
      .delete(reportTasks)
      .where(eq(reportTasks.id, input.id))
      .returning({ id: reportTasks.id });
    if (gone.length === 0) throw notFound(`${taskResource.noun} not found`);
    const detail = { report_id: task.reportId };
    await audit(inner, { action: 'report_task.delete', objectKind: 'report_task', objectId: input.id, at, detail });
  });
}
