import { randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import type { ChannelKind } from '../../deliver/channel.ts';
import { recipientText } from '../../deliver/mail-address.ts';
import { messageIdFor } from '../../deliver/message-id.ts';
import type { Recipients } from '../../store/schema/definitions.ts';
import { deliveries } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';

const CHANNEL: ChannelKind = 'email';
const ROWS_PER_INSERT = 500;

export interface PrepareDeliveriesInput {
  readonly runId: string;
  readonly documentId: string;
  readonly recipients: Recipients;
  /** The transaction's instant, read from the clock before it was opened. */
  readonly at: Date;
}

export interface PreparedDelivery {
  readonly id: string;
  readonly recipient: string;
  readonly role: 'to' | 'cc' | 'bcc';
}

/**
 * Write one `PENDING` row per recipient into the ledger. Call it inside the transaction that archives the document, so
 * that there is never a document without its deliveries. The same address named twice, in whatever letter case, gets
 * one mail: `to` wins over `cc`, `cc` over `bcc`. What is no mail address becomes a row as well, and is `REFUSED` when
 * its turn comes: nobody is dropped in silence. Called again for the same run it adds nothing and returns what is there.
 */
export async function prepareDeliveries(args: {
  ctx: Ctx;
  input: PrepareDeliveriesInput;
}): Promise<readonly PreparedDelivery[]> {
  const { ctx, input } = args;
  const rows = uniqueRecipients(input.recipients).map((recipient) => ({
    id: randomUUID(),
    createdAt: input.at,
    updatedAt: input.at,
    runId: input.runId,
    documentId: input.documentId,
    channel: CHANNEL,
    recipient: recipient.address,
    role: recipient.role,
    state: 'PENDING' as const,
    messageId: messageIdFor(input.runId, recipient.address, ctx.config.MAIL_FROM),
  }));
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await ctx.db
      .insert(deliveries)
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .onConflictDoNothing();
  }
  return ctx.db
    .select({ id: deliveries.id, recipient: deliveries.recipient, role: deliveries.role })
    .from(deliveries)
    .where(eq(deliveries.runId, input.runId))
    .orderBy(asc(deliveries.recipient));
}

function uniqueRecipients(recipients: Recipients): { address: string; role: 'to' | 'cc' | 'bcc' }[] {
  const seen = new Map<string, { address: string; role: 'to' | 'cc' | 'bcc' }>();
  for (const role of ['to', 'cc', 'bcc'] as const) {
    for (const written of recipients[role]) {
      const address = recipientText(written);
      const key = address.toLowerCase();
      if (address !== '' && !seen.has(key)) seen.set(key, { address, role });
    }
  }
  return [...seen.values()];
}
