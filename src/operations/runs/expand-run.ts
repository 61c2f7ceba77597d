import { and, asc, eq } from 'drizzle-orm';
import { runs } from '../../store/schema/runs.ts';
import { subtasks } from '../../store/schema/tasks.ts';
import type { NewTask } from '../../tasks/handlers.ts';
import { submitTask } from '../../tasks/submit-task.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { MAKE_DOCUMENT, RUN_TASK } from './parts.ts';

/** Tries of the document before its own failure is final. */
const MAKE_ATTEMPTS = 3;

/**
 * Begin a QUEUED run: it becomes RUNNING with its task, whose first step is worked under the run's own job. A run that
 * has begun already (its job was delivered again, because a worker was lost) answers the same step.
 * @returns the step *Make document*, or null when the run is finished or gone.
 */
export async function expandRun({ ctx, input }: { ctx: Ctx; input: { runId: string } }): Promise<number | null> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async ({ db }) => {
    const [run] = await db.select().from(runs).where(eq(runs.id, input.runId)).for('update');
    if (run?.state === 'RUNNING' && run.taskInstanceId !== null) {
      const [step] = await db
        .select({ id: subtasks.id })
        .from(subtasks)
        .where(and(eq(subtasks.taskInstanceId, run.taskInstanceId), eq(subtasks.handler, MAKE_DOCUMENT)))
        .orderBy(asc(subtasks.id));
      return step?.id ?? null;
    }
    if (run?.state !== 'QUEUED') return null;
    const submitted = await submitTask(db, taskOf(ctx, run), { at, withoutJob: ['make'] });
    await db
      .update(runs)
      .set({ state: 'RUNNING', reason: null, startedAt: at, updatedAt: at, taskInstanceId: submitted.taskId })
      .where(eq(runs.id, run.id));
    return submitted.subtaskIds.get('make') ?? null;
  });
}

const taskOf = ({ config }: Ctx, run: typeof runs.$inferSelect): NewTask => ({
  name: 'Run report',
  kind: RUN_TASK,
  queue: run.instance,
  creatorId: run.requestedBy,
  type: run.trigger === 'schedule' || run.trigger === 'catch_up' ? 'SCHEDULED' : 'MANUAL',
  context: { run_id: run.id },
  steps: [
    {
      key: 'make',
      name: 'Make document',
      handler: MAKE_DOCUMENT,
      input: { run_id: run.id },
      lane: 'bounded',
      attempts: MAKE_ATTEMPTS,
      timeoutSeconds: Math.ceil(config.RUN_TIMEOUT_MS / 1000),
    },
  ],
});
