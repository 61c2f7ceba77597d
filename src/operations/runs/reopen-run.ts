import { and, eq, inArray, notInArray } from 'drizzle-orm';
import { deliveries, runs } from '../../store/schema/runs.ts';
import type { SubtaskRow, TaskRow } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';

/**
 * A run's task runs again: the run is RUNNING until the next verdict, and deliveries whose steps are done again have all
 * their tries. Joins the transaction in which that happens (`ctx.db`).
 */
export async function reopenRun({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { task: TaskRow; at: Date; steps: readonly SubtaskRow[] };
}): Promise<void> {
  const { task, at, steps } = input;
  const runId = String(task.context.run_id);
  await ctx.db
    .update(runs)
    .set({ state: 'RUNNING', reason: null, error: null, finishedAt: null, updatedAt: at })
    .where(and(eq(runs.id, runId), notInArray(runs.state, ['QUEUED', 'RUNNING'])));
  if (steps.length === 0) return;
  const ids = steps.map((step) => step.id);
  await ctx.db
    .update(deliveries)
    .set({ state: 'PENDING', attempts: 0, updatedAt: at })
    .where(
      and(
        eq(deliveries.runId, runId),
        inArray(deliveries.subtaskId, ids),
        inArray(deliveries.state, ['FAILED', 'REFUSED', 'CANCELED']),
      ),
    );
}
