import { and, eq, inArray } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../../errors.ts';
import { deliveries } from '../../store/schema/runs.ts';
import { submitTask } from '../../tasks/submit-task.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { DELIVER } from '../runs/parts.ts';
import { RETRYABLE } from './delivery-states.ts';
import { requireRun } from './run-rights.ts';

/** The kind of a task that delivers once more to one recipient; its run keeps the verdict it was given. */
export const DELIVERY_TASK = 'delivery';

/**
 * Try a delivery again because somebody asks for it: FAILED, REFUSED or UNCERTAIN becomes PENDING with all its tries,
 * and a step delivers it. An UNCERTAIN mail may arrive twice by this, under the same Message-ID: that is the asker's
 * decision, and audited as such.
 * @throws BroadsheetError `not_found`, `forbidden`; `conflict` when it is not in one of those states.
 */
export async function retryDelivery({ ctx, input }: { ctx: Ctx; input: { readonly deliveryId: string } }) {
  const [delivery] = await ctx.db.select().from(deliveries).where(eq(deliveries.id, input.deliveryId));
  if (!delivery) throw notFound('delivery not found');
  const run = await requireRun(ctx, delivery.runId, 'edit');
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const reopened = await reopenDelivery({ ctx: inner, input: { deliveryId: delivery.id, at } });
    const name = `Deliver to ${delivery.recipient}`;
    const step = { key: 'deliver', name, handler: DELIVER, input: { delivery_id: delivery.id } };
    const task = { name, kind: DELIVERY_TASK, queue: run.instance, creatorId: ctx.actor.userId, steps: [step] };
    const submitted = await submitTask(inner.db, { ...task, context: { run_id: run.id } }, { at });
    const subtaskId = submitted.subtaskIds.get(step.key) ?? null;
    await inner.db.update(deliveries).set({ subtaskId }).where(eq(deliveries.id, delivery.id));
    return { ...reopened, subtaskId, taskId: submitted.taskId };
  });
}

/**
 * The ledger's half of a retry: for verbs that run the delivery's own step again. Call it in their transaction.
 * @throws BroadsheetError `conflict` when the delivery is not FAILED, REFUSED or UNCERTAIN, or its document is gone.
 */
export async function reopenDelivery({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { readonly deliveryId: string; readonly at: Date };
}) {
  const [current] = await ctx.db.select().from(deliveries).where(eq(deliveries.id, input.deliveryId)).for('update');
  if (!current) throw notFound('delivery not found');
  if (current.documentId === null) throw new BroadsheetError('conflict', 'the document of this delivery is gone');
  const [reopened] = await ctx.db
    .update(deliveries)
    .set({ state: 'PENDING', attempts: 0, updatedAt: input.at })
    .where(and(eq(deliveries.id, input.deliveryId), inArray(deliveries.state, [...RETRYABLE])))
    .returning();
  if (!reopened) {
    throw new BroadsheetError('conflict', `a delivery that is ${current.state} cannot be tried again`);
  }
  await audit(ctx, {
    action: 'delivery.retry',
    objectKind: 'delivery',
    objectId: reopened.id,
    at: input.at,
    detail: { was: current.state, recipient: current.recipient, run_id: current.runId },
  });
  return reopened;
}
