import { eq } from 'drizzle-orm';
import { badRequest, notFound } from '../../errors.ts';
import { nextRunAt } from '../../period/cron.ts';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { lockReportForEdit } from '../reports/internal.ts';
import { reportResource } from '../reports/resource.ts';
import { getResource, reread } from '../resources/get.ts';
import type { Model } from '../resources/resource.ts';
import { uuid } from '../resources/schemas.ts';
import { checkInstance, checkInterval, checkWindow, mailColumns, zoneOf } from './internal.ts';
import { taskResource } from './resource.ts';
import type { CreateTaskInput } from './schemas.ts';

/**
 * Create a report task, as cruddy v2 documents it: the report's `task_id` becomes the new task, and its former task is
 * deleted in the same transaction, so the actor must be one who edits the report. With `additional` (ours) the former
 * task stays, `task_id` too, and seeing the report is enough.
 *
 * Checks in the documented order: report id, instance, interval; then ours; then whether the report exists.
 * @throws BroadsheetError `bad_request`, `not_found` "report not found", `forbidden`.
 */
export async function createReportTask({ ctx, input }: { ctx: Ctx; input: CreateTaskInput }): Promise<Model> {
  if (!input.report_id) throw badRequest('missing report id');
  if (!uuid.safeParse(input.report_id).success) throw badRequest('report id should be uuid format');
  const reportId = input.report_id.toLowerCase();
  const instance = checkInstance(input.instance);
  const schedule = {
    interval: checkInterval(input.interval),
    timeZone: zoneOf(ctx, input.time_zone),
    enabled: input.enabled ?? true,
    startAt: input.start_at ?? null,
    endAt: input.end_at ?? null,
  };
  checkWindow(schedule.startAt, schedule.endAt);
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const former = input.additional ? await requireReport(inner, reportId) : await formerTask(inner, reportId);
    const [task] = await inner.db
      .insert(reportTasks)
      .values({
        locale: ctx.config.LOCALE,
        ...mailColumns(ctx, input),
        ...schedule,
        instance,
        reportId,
        ownerId: ctx.actor.userId,
        nextRunAt: nextRunAt(schedule, at),
        createdAt: at,
        updatedAt: at,
      })
      .returning({ id: reportTasks.id });
    if (!task) throw new Error('an insert returned no row');
    if (!input.additional) {
      await inner.db.update(reports).set({ taskId: task.id, updatedAt: at }).where(eq(reports.id, reportId));
    }
    if (former) await replaceFormer(inner, former, task.id, at);
    const detail = { report_id: reportId, additional: input.additional === true };
    await audit(inner, { action: 'report_task.create', objectKind: 'report_task', objectId: task.id, at, detail });
    return reread(inner, taskResource, task.id);
  });
}

/** The report's task so far, its report locked: two creates at once replace one another in turn. */
async function formerTask(ctx: Ctx, reportId: string): Promise<string | null> {
  return (await lockReportForEdit(ctx, reportId)).taskId;
}

async function requireReport(ctx: Ctx, reportId: string): Promise<null> {
  const held = ctx.db.select({ id: reports.id }).from(reports).where(eq(reports.id, reportId)).for('key share');
  if ((await held).length === 0) throw notFound(`${reportResource.noun} not found`);
  await getResource({ ctx, resource: reportResource, input: { id: reportId, relations: [] } });
  return null;
}

async function replaceFormer(ctx: Ctx, former: string, successor: string, at: Date): Promise<void> {
  const gone = await ctx.db.delete(reportTasks).where(eq(reportTasks.id, former)).returning({ id: reportTasks.id });
  if (gone.length === 0) return;
  const detail = { replaced_by: successor };
  await audit(ctx, { action: 'report_task.delete', objectKind: 'report_task', objectId: former, at, detail });
}
