import { createRoute, z } from '@hono/zod-openapi';
import { retryDelivery } from '../../operations/deliveries/retry.ts';
import { type Family, jsonReply } from './family.ts';
import { idParam } from './schemas.ts';
import { toWire } from './to-wire.ts';

const delivery = z
  .object({
    id: z.guid(),
    run_id: z.guid(),
    recipient: z.string(),
    role: z.enum(['to', 'cc', 'bcc']),
    state: z.string().openapi({ example: 'PENDING' }),
    attempts: z.number().int(),
    response: z.string().nullable(),
    message_id: z.string(),
  })
  .openapi('Delivery');

/** The ledger is read with its run; here is what can be done with one of its rows. */
export function addDeliveryRoutes(family: Family): void {
  family.add(
    createRoute({
      method: 'post',
      path: '/deliveries/{id}/retry',
      tags: ['runs'],
      summary: 'Try a delivery again that is FAILED, REFUSED or UNCERTAIN',
      description: 'A delivery that is UNCERTAIN may arrive twice by this, under the same Message-ID.',
      request: { params: idParam },
      responses: { 202: jsonReply(delivery, 'The delivery, PENDING again') },
    }),
    async ({ ctx, params }, c) => {
      const row = await retryDelivery({ ctx, input: params });
      const { id, runId, recipient, role, state, attempts, response, messageId } = row;
      const model = { id, run_id: runId, recipient, role, state, attempts, response, message_id: messageId };
      return c.json(toWire(model), 202);
    },
  );
}
