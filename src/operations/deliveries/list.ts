import { asc, eq } from 'drizzle-orm';
import { deliveries } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { requireRun } from './run-rights.ts';

/**
 * The ledger of a run: every recipient with state, attempts, the last answer and the Message-ID, in order of address.
 * @throws BroadsheetError `not_found`, `forbidden`
 */
export async function listDeliveries({ ctx, input }: { ctx: Ctx; input: { readonly runId: string } }) {
  await requireRun(ctx, input.runId, 'see');
  return ctx.db
    .select({
      id: deliveries.id,
      channel: deliveries.channel,
      recipient: deliveries.recipient,
      role: deliveries.role,
      state: deliveries.state,
      attempts: deliveries.attempts,
      response: deliveries.response,
      messageId: deliveries.messageId,
      documentId: deliveries.documentId,
      createdAt: deliveries.createdAt,
      updatedAt: deliveries.updatedAt,
      sentAt: deliveries.sentAt,
    })
    .from(deliveries)
    .where(eq(deliveries.runId, input.runId))
    .orderBy(asc(deliveries.recipient));
}
