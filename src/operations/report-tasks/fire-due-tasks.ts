import { messageOf } from '../../errors.ts';
import { advanceTasks, type DueTask, existingFirings, lockDueTasks, type Stretch } from '../../store/due-tasks.ts';
import { type InsertedRun, insertRuns, type RunToInsert } from '../../store/insert-runs.ts';
import { sendJobs } from '../../tasks/jobs.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { type FiringPlan, planFirings } from './plan-firings.ts';

/** Tasks of one tick: 40 ms of work, and no lock is held for longer. */
const TASKS_AT_ONCE = 1000;
/** Fire times decided at once of one task that was missed for long: 80 ms of counting. */
const FIRINGS_AT_ONCE = 2000;

/** `overlapped`: the overlap policy dropped it. Missed firings are counted one by one, however few rows they are. */
type Outcome = 'fired' | 'caught_up' | 'overlapped' | 'missed';

interface Fired {
  readonly tasks: readonly DueTask[];
  readonly skippedFirings: number;
  readonly runs: readonly (InsertedRun & { readonly outcome: Outcome })[];
}

/**
 * One tick: every due task that this process serves gets its runs, their jobs and its next fire time, in one
 * transaction. Any number of replicas tick at once: each takes tasks that no other has at hand, a fire time is
 * accounted for exactly once (a run, or a SKIPPED row that counts it), and a crash leaves all of it or nothing.
 * Fire times come from the stored `next_run_at`, so that a clock set back fires nothing twice.
 *
 * @returns whether there may be more to do at once.
 */
export async function fireDueTasks({ ctx }: { ctx: Ctx }): Promise<{ tasks: number; more: boolean }> {
  const now = await ctx.clock.now();
  const fired = await withTransaction(ctx, (inner) => fire(inner, now));
  observe(ctx, fired, now);
  return { tasks: fired.tasks.length, more: fired.tasks.length === TASKS_AT_ONCE };
}

async function fire(ctx: Ctx, now: Date): Promise<Fired> {
  const tasks = await lockDueTasks(ctx.db, { now, instances: servedInstances(ctx), limit: TASKS_AT_ONCE });
  if (tasks.length === 0) return { tasks, skippedFirings: 0, runs: [] };
  const plans = plansOf(ctx, tasks, now);
  await advanceTasks(
    ctx.db,
    tasks.map((task) => ({ id: task.id, nextRunAt: plans.get(task)?.next ?? null })),
  );
  const known = await knownFirings(ctx, plans);
  const wanted = [...plans].flatMap(([task, plan]) => runsOf(task, plan, known));
  const inserted = await insertRuns(ctx.db, wanted, now);
  await sendJobs(
    ctx.db,
    inserted.filter((run) => run.starts).map((run) => ({ queue: run.instance, job: { kind: 'run', runId: run.id } })),
  );
  const asked = new Map(wanted.map((run) => [keyOf(run), run]));
  return {
    tasks,
    skippedFirings: wanted.reduce((sum, run) => sum + (run.params.missed?.count ?? 0), 0),
    runs: inserted.map((run) => ({ ...run, outcome: outcomeOf(run, asked.get(keyOf(run))) })),
  };
}

function outcomeOf(run: InsertedRun, asked: RunToInsert | undefined): Outcome {
  if (asked?.skip !== undefined) return 'missed';
  if (run.state === 'SKIPPED') return 'overlapped';
  return asked?.trigger === 'catch_up' ? 'caught_up' : 'fired';
}

/** `INSTANCE_IDS`; null = all. */
function servedInstances(ctx: Ctx): readonly string[] | null {
  return ctx.config.INSTANCE_IDS.includes('*') ? null : ctx.config.INSTANCE_IDS;
}

/** Tasks of the same interval, zone and fire time share their plan: a herd at nine o'clock costs one computation. */
function plansOf(ctx: Ctx, tasks: readonly DueTask[], now: Date): Map<DueTask, FiringPlan> {
  const bounds = {
    now,
    graceMs: ctx.config.MISFIRE_GRACE_MS,
    catchUpLimit: ctx.config.CATCH_UP_LIMIT,
    most: FIRINGS_AT_ONCE,
  };
  const memo = new Map<string, FiringPlan>();
  return new Map(
    tasks.map((task) => {
      const { interval, timeZone, misfirePolicy, endAt, nextRunAt } = task;
      const key = [interval, timeZone, misfirePolicy, endAt?.getTime(), nextRunAt.getTime()].join('\n');
      let plan = memo.get(key);
      if (!plan) {
        plan = planOf(ctx, task, bounds);
        memo.set(key, plan);
      }
      return [task, plan];
    }),
  );
}

/** A stored interval that can't be read any more must not hold up all the others: its promised firing is its last. */
function planOf(ctx: Ctx, task: DueTask, bounds: Parameters<typeof planFirings>[1]): FiringPlan {
  try {
    return planFirings(task, bounds);
  } catch (error) {
    ctx.log.error(
      { task_id: task.id, interval: task.interval, error: messageOf(error) },
      'task stopped: no next fire time',
    );
    return { onTime: [task.nextRunAt], catchUp: [], skipped: [], next: null };
  }
}

/** What of the missed fire times somebody else has run already, e.g. a CronJob. */
async function knownFirings(ctx: Ctx, plans: ReadonlyMap<DueTask, FiringPlan>): Promise<ReadonlySet<string>> {
  const stretches: Stretch[] = [];
  for (const [task, { skipped }] of plans) {
    const [first] = skipped;
    const last = skipped.at(-1);
    if (first && last) stretches.push({ taskId: task.id, first, last });
  }
  return new Set((await existingFirings(ctx.db, stretches)).map(keyOf));
}

const keyOf = (firing: { readonly taskId: string | null; readonly scheduledFor: Date }): string =>
  `${firing.taskId} ${firing.scheduledFor.getTime()}`;

function runsOf(task: DueTask, plan: FiringPlan, known: ReadonlySet<string>): RunToInsert[] {
  const run = (trigger: 'schedule' | 'catch_up', scheduledFor: Date): RunToInsert => ({
    taskId: task.id,
    reportId: task.reportId,
    instance: task.instance,
    trigger,
    scheduledFor,
    requestedBy: null,
    params: {},
  });
  const skipped = plan.skipped.filter((scheduledFor) => !known.has(keyOf({ taskId: task.id, scheduledFor })));
  return [
    ...skippedRow(task, skipped, run),
    ...plan.catchUp.map((at) => run('catch_up', at)),
    ...plan.onTime.map((at) => run('schedule', at)),
  ];
}

/** However many firings were skipped, one row says so: at the first of them, with their number. */
function skippedRow(
  task: DueTask,
  skipped: readonly Date[],
  run: (trigger: 'schedule', scheduledFor: Date) => RunToInsert,
): RunToInsert[] {
  const [first] = skipped;
  const last = skipped.at(-1);
  if (!first || !last) return [];
  const [from, to] = [first.toISOString(), last.toISOString()];
  const what = skipped.length === 1 ? `the firing of ${from}` : `${skipped.length} firings from ${from} to ${to}`;
  return [
    {
      ...run('schedule', first),
      params: { missed: { count: skipped.length, from, to } },
      skip: `missed ${what}: misfire policy ${task.misfirePolicy}`,
    },
  ];
}

function observe({ metrics, log }: Ctx, { tasks, runs, skippedFirings }: Fired, now: Date): void {
  if (tasks.length === 0) return;
  if (skippedFirings > 0) metrics.fires.inc({ outcome: 'missed' }, skippedFirings);
  for (const { outcome, scheduledFor } of runs) {
    if (outcome === 'missed') continue;
    metrics.fires.inc({ outcome });
    metrics.lateness.observe((now.getTime() - scheduledFor.getTime()) / 1000);
  }
  log.info({ tasks: tasks.length, runs: runs.length, missed: skippedFirings }, 'report tasks fired');
}
