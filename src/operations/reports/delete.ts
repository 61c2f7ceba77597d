import { eq } from 'drizzle-orm';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { lockReportForEdit } from './internal.ts';

/**
 * Its owner and admins. Its tasks are deleted with it, each with an audit row: a task without a report means nothing.
 * Documents and runs stay until their retention ends.
 */
export async function deleteReport({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const report = await lockReportForEdit(inner, input.id);
    const tasks = await inner.db
      .delete(reportTasks)
      .where(eq(reportTasks.reportId, input.id))
      .returning({ id: reportTasks.id });
    for (const task of tasks) {
      const detail = { with_report: input.id };
      await audit(inner, { action: 'report_task.delete', objectKind: 'report_task', objectId: task.id, at, detail });
    }
    await inner.db.delete(reports).where(eq(reports.id, input.id));
    const detail = { name: report.name };
    await audit(inner, { action: 'report.delete', objectKind: 'report', objectId: input.id, at, detail });
  });
}
