import { badRequest } from '../../errors.ts';
import { previousFire } from '../../period/cron.ts';
import type { OutputKind } from '../../print/output.ts';
import type { Database } from '../../store/database.ts';
import type { RunState } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { createRun } from '../runs/create-run.ts';
import { getRun } from '../runs/get-run.ts';
import type { RunParts } from '../runs/parts.ts';
import { INLINE_DELAY_SECONDS, workRunInline } from '../runs/work-run-inline.ts';
import { loadTask, type TaskRow } from './load-task.ts';

export interface RunOnce {
  readonly ctx: Ctx;
  readonly parts: RunParts;
  readonly database: Pick<Database, 'sql' | 'db'>;
  readonly input: {
    readonly taskId: string;
    /** The fire time; null = the latest one not after now. */
    readonly at: Date | null;
    /** Instead of the task's: what to write, the document first; null = the task's. It is of no account where the run is there already. */
    readonly outputs?: readonly OutputKind[] | null;
    /** Told once it is known which run this is. */
    readonly onRun?: (runId: string) => void;
  };
}

export interface RanOnce {
  readonly scheduledFor: Date;
  /** Somebody else made this run before. It may have been finished here. */
  readonly deduplicated: boolean;
  /** It had ended before this began. */
  readonly alreadyDone: boolean;
  readonly state: RunState;
  /** The run with its document, deliveries and steps. */
  readonly run: Model;
}

/**
 * Fire a task once and work the run in this process, for a CronJob. The run is the one that the scheduler would make
 * (the same task and fire time give one run, whoever comes first); if another process is on it, this waits for its end.
 * A paused task runs as well: pausing it is how one leaves its firing to CronJobs.
 * @throws BroadsheetError `not_found` "report task not found"; `bad_request` for an instant to come, and when the task
 * has had no fire time yet.
 */
export async function runOnce({ ctx, parts, database, input }: RunOnce): Promise<RanOnce> {
  const task = await loadTask(ctx, input.taskId, 'edit');
  const scheduledFor = fireTimeOf(task, await ctx.clock.now(), input.at);
  const params = input.outputs ? { outputs: [...input.outputs] } : {};
  const created = await createRun({
    ctx,
    input: { taskId: task.id, scheduledFor, trigger: 'command', params, delaySeconds: INLINE_DELAY_SECONDS },
  });
  input.onRun?.(created.id);
  const alreadyDone = created.deduplicated && created.state !== 'QUEUED' && created.state !== 'RUNNING';
  const state = alreadyDone
    ? created.state
    : await workRunInline({ ctx, parts, database, input: { runId: created.id } });
  const run = await getRun({ ctx, input: { id: created.id } });
  return { scheduledFor, deduplicated: created.deduplicated, alreadyDone, state, run };
}

function fireTimeOf(task: TaskRow, now: Date, at: Date | null): Date {
  if (at) {
    if (at > now) throw badRequest(`${at.toISOString()} is yet to come`);
    return at;
  }
  const until = task.endAt && task.endAt <= now ? new Date(task.endAt.getTime() - 1) : now;
  const latest = previousFire(task.interval, task.timeZone, until);
  if (latest && (!task.startAt || latest >= task.startAt)) return latest;
  throw badRequest('the report task has had no fire time yet');
}
