import { and, eq, inArray } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../../errors.ts';
import { deliveries, runs } from '../../store/schema/runs.ts';
import { subtasks } from '../../store/schema/tasks.ts';
import { appendSteps, retrySubtask } from '../../tasks/change-task.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { deliverSteps, linkSteps } from '../runs/archive-document.ts';
import { requireRunEdit } from '../runs/internal.ts';
import { runHooks } from '../runs/run-hooks.ts';
import { RETRYABLE } from './delivery-states.ts';

type Row = typeof deliveries.$inferSelect;

/**
 * Try one delivery again because somebody asks for it: FAILED, REFUSED or UNCERTAIN becomes PENDING with all its tries,
 * its run is RUNNING again and gets a new verdict when the step has ended. An UNCERTAIN mail may arrive twice by this,
 * under the same Message-ID: that is the asker's decision, and audited as such.
 * @throws BroadsheetError `not_found`, `forbidden`; `conflict` while the run is going, or when the delivery is in
 * another state or its document is gone.
 */
export async function retryDelivery({ ctx, input }: { ctx: Ctx; input: { readonly id: string } }): Promise<Row> {
  const [known] = await ctx.db.select().from(deliveries).where(eq(deliveries.id, input.id));
  if (!known) throw notFound('delivery not found');
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    await requireRunEdit(inner, known.runId);
    const [run] = await inner.db.select().from(runs).where(eq(runs.id, known.runId)).for('update');
    if (!run || run.taskInstanceId === null || run.finishedAt === null) {
      throw new BroadsheetError('conflict', 'the run of this delivery has not ended');
    }
    const reopened = await reopen(inner, known, at);
    await workAgain(inner, reopened, { taskId: run.taskInstanceId, at });
    await inner.db
      .update(runs)
      .set({ state: 'RUNNING', reason: null, error: null, finishedAt: null, updatedAt: at })
      .where(eq(runs.id, run.id));
    const detail = { was: known.state, recipient: known.recipient, run_id: run.id };
    await audit(inner, { action: 'delivery.retry', objectKind: 'delivery', objectId: known.id, at, detail });
    return reopened;
  });
}

async function reopen(ctx: Ctx, known: Row, at: Date): Promise<Row> {
  if (known.documentId === null) throw new BroadsheetError('conflict', 'the document of this delivery is gone');
  const [reopened] = await ctx.db
    .update(deliveries)
    .set({ state: 'PENDING', attempts: 0, updatedAt: at })
    .where(and(eq(deliveries.id, known.id), inArray(deliveries.state, [...RETRYABLE])))
    .returning();
  if (!reopened) throw new BroadsheetError('conflict', `a delivery that is ${known.state} cannot be tried again`);
  return reopened;
}

/** The step of a FAILED or REFUSED delivery has failed and is done again; that of an UNCERTAIN one gets a successor. */
async function workAgain(ctx: Ctx, delivery: Row, { taskId, at }: { taskId: number; at: Date }): Promise<void> {
  const subtaskId = delivery.subtaskId ?? Number.NaN;
  const [step] = await ctx.db
    .select({ state: subtasks.state })
    .from(subtasks)
    .where(and(eq(subtasks.id, subtaskId), eq(subtasks.taskInstanceId, taskId)));
  if (!step) throw new BroadsheetError('conflict', 'the step of this delivery is gone');
  if (step.state === 'FAILED') {
    await retrySubtask(ctx.db, runHooks(ctx), { taskId, subtaskId, at });
  } else {
    await linkSteps(ctx.db, await appendSteps(ctx.db, { taskId, subtaskId, at }, deliverSteps([delivery])));
  }
}
