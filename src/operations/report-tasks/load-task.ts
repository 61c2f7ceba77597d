import { and, eq } from 'drizzle-orm';
import { forbidden, notFound } from '../../errors.ts';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { mayEdit } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { taskResource } from './resource.ts';

export type TaskRow = typeof reportTasks.$inferSelect;

/**
 * The task, for who may see it (`see`: who sees its report, or owns it) or change it (`edit`: its owner, the report's
 * owner, admins).
 * @throws BroadsheetError `not_found` "report task not found", `forbidden`.
 */
export async function loadTask(ctx: Ctx, id: string, right: 'see' | 'edit'): Promise<TaskRow> {
  const [found] = await ctx.db
    .select({ task: reportTasks, reportOwnerId: reports.ownerId })
    .from(reportTasks)
    .innerJoin(reports, eq(reports.id, reportTasks.reportId))
    .where(eq(reportTasks.id, id));
  if (!found) throw notFound(`${taskResource.noun} not found`);
  const edits = mayEdit(ctx.actor, found.task.ownerId) || mayEdit(ctx.actor, found.reportOwnerId);
  if (edits || (right === 'see' && (await isSeen(ctx, id)))) return found.task;
  throw forbidden();
}

async function isSeen(ctx: Ctx, id: string): Promise<boolean> {
  const seen = ctx.db
    .select({ id: reportTasks.id })
    .from(reportTasks)
    .where(and(eq(reportTasks.id, id), taskResource.visible(ctx.actor)));
  return (await seen).length > 0;
}
