import { and, eq } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { insertRuns } from '../../store/insert-runs.ts';
import { reportTasks } from '../../store/schema/definitions.ts';
import { type RunParams, type RunState, type RunTrigger, runs } from '../../store/schema/runs.ts';
import { SHARED_QUEUE, sendJobs } from '../../tasks/jobs.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';

export type CreateRunInput =
  | {
      /** A firing of a task: its report, instance and overlap policy count. */
      readonly taskId: string;
      /** Half of the run's identity: the same task and instant give the same run. Whole milliseconds. */
      readonly scheduledFor: Date;
      readonly trigger: Exclude<RunTrigger, 'on_demand'>;
      readonly params?: RunParams;
      /** Deliver the run's job no sooner: the caller works it itself, and the job is the safety net. */
      readonly delaySeconds?: number;
    }
  | {
      /** A generation on demand: no task, no recipients, worked by any process. */
      readonly reportId: string;
      readonly scheduledFor: Date;
      readonly trigger: 'on_demand';
      readonly params?: RunParams;
      readonly delaySeconds?: number;
    };

export interface CreatedRun {
  readonly id: string;
  readonly state: RunState;
  readonly reason: string | null;
  readonly instance: string;
  /** The run was there already: nothing was written or sent. */
  readonly deduplicated: boolean;
}

/**
 * Create the run of a firing, and send its job, in one transaction (the open one of `ctx`, if there is one). Whoever
 * comes second for the same (task, instant) gets the first one's run, `deduplicated`. The overlap policy may make it
 * SKIPPED, or let it wait for the task's earlier run (see insertRuns). Rights are the caller's to check.
 * @throws BroadsheetError `not_found` when the task is gone.
 */
export async function createRun({ ctx, input }: { ctx: Ctx; input: CreateRunInput }): Promise<CreatedRun> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const target = await targetOf(inner, input);
    const [inserted] = await insertRuns(
      inner.db,
      [
        {
          ...target,
          trigger: input.trigger,
          scheduledFor: input.scheduledFor,
          requestedBy: ctx.actor.userId,
          params: input.params ?? {},
        },
      ],
      at,
    );
    if (!inserted) return existingRun(inner, input);
    const detail = { trigger: input.trigger, scheduled_for: input.scheduledFor.toISOString(), state: inserted.state };
    await audit(inner, { action: 'run.create', objectKind: 'run', objectId: inserted.id, at, detail });
    if (inserted.starts) {
      const delay = input.delaySeconds === undefined ? {} : { delaySeconds: input.delaySeconds };
      await sendJobs(inner.db, [{ queue: inserted.instance, job: { kind: 'run', runId: inserted.id }, ...delay }]);
    }
    const { id, state, reason, instance } = inserted;
    return { id, state, reason, instance, deduplicated: false };
  });
}

/** Locks the task's row: two firings at once must not both find a free place. */
async function targetOf(ctx: Ctx, input: CreateRunInput) {
  if (input.trigger === 'on_demand') return { taskId: null, reportId: input.reportId, instance: SHARED_QUEUE };
  const [task] = await ctx.db
    .select({ taskId: reportTasks.id, reportId: reportTasks.reportId, instance: reportTasks.instance })
    .from(reportTasks)
    .where(eq(reportTasks.id, input.taskId))
    .for('update');
  if (!task) throw notFound('task not found');
  return task;
}

async function existingRun(ctx: Ctx, input: CreateRunInput): Promise<CreatedRun> {
  if (input.trigger === 'on_demand') throw new Error('insert of a run without a task returned no row');
  const [run] = await ctx.db
    .select({ id: runs.id, state: runs.state, reason: runs.reason, instance: runs.instance })
    .from(runs)
    .where(and(eq(runs.taskId, input.taskId), eq(runs.scheduledFor, input.scheduledFor)));
  if (!run) throw notFound('run not found');
  return { ...run, deduplicated: true };
}
