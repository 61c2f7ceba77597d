import { eq } from 'drizzle-orm';
import { nextRunAt, type Schedule } from '../../period/cron.ts';
import { reportTasks } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { reread } from '../resources/get.ts';
import type { Model } from '../resources/resource.ts';
import { checkInstance, checkInterval, checkWindow, mailColumns, zoneOf } from './internal.ts';
import { loadTask, type TaskRow } from './load-task.ts';
import { taskResource } from './resource.ts';
import type { UpdateTaskInput } from './schemas.ts';

/**
 * Change a task: its owner, the report's owner, admins. Absent keys stay as they are. A task can't move to another
 * report. `next_run_at` is worked out anew when the schedule changes, and only then: a due firing is not lost by a new
 * subject.
 * @throws BroadsheetError `bad_request` with the texts of create, `not_found` "report task not found", `forbidden`.
 */
export async function updateReportTask({ ctx, input }: { ctx: Ctx; input: UpdateTaskInput }): Promise<Model> {
  const instance = input.instance === undefined ? undefined : checkInstance(input.instance);
  if (input.interval !== undefined) checkInterval(input.interval);
  if (input.time_zone !== undefined) zoneOf(ctx, input.time_zone);
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    await inner.db.select({ id: reportTasks.id }).from(reportTasks).where(eq(reportTasks.id, input.id)).for('update');
    const before = await loadTask(inner, input.id, 'edit');
    const schedule = scheduleOf(ctx, before, input);
    checkWindow(schedule.startAt, schedule.endAt);
    const moved = instance !== undefined && instance !== before.instance;
    const changed = differs(before, schedule);
    await inner.db
      .update(reportTasks)
      .set({
        ...mailColumns(ctx, input),
        ...schedule,
        ...(changed ? { nextRunAt: nextRunAt(schedule, at) } : {}),
        ...(changed || moved ? { unservedSince: null } : {}),
        ...(moved ? { instance } : {}),
        updatedAt: at,
      })
      .where(eq(reportTasks.id, input.id));
    const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
    await audit(inner, { action: 'report_task.update', objectKind: 'report_task', objectId: input.id, at, detail });
    return reread(inner, taskResource, input.id);
  });
}

function scheduleOf(ctx: Ctx, before: TaskRow, input: UpdateTaskInput): Schedule {
  return {
    interval: input.interval === undefined ? before.interval : checkInterval(input.interval),
    timeZone: input.time_zone === undefined ? before.timeZone : zoneOf(ctx, input.time_zone),
    enabled: input.enabled === undefined ? before.enabled : (input.enabled ?? true),
    startAt: input.start_at === undefined ? before.startAt : input.start_at,
    endAt: input.end_at === undefined ? before.endAt : input.end_at,
  };
}

const differs = (before: TaskRow, next: Schedule): boolean =>
  before.interval !== next.interval ||
  before.timeZone !== next.timeZone ||
  before.enabled !== next.enabled ||
  before.startAt?.getTime() !== next.startAt?.getTime() ||
  before.endAt?.getTime() !== next.endAt?.getTime();
