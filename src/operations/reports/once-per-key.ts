import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { idempotencyKeys } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';

/** How long a key means the same request. */
export const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

/** Of actions of the service itself, which has no user. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * The run of an idempotency key: made by `create` for the first request, the same for every further one of the same
 * actor within 24 hours. Joins the open transaction of `ctx`; requests with the same key wait for one another there.
 * @throws BroadsheetError `unprocessable` when the key came with another request before.
 */
export async function oncePerKey(
  ctx: Ctx,
  { key, request, at }: { key: string; request: unknown; at: Date },
  create: () => Promise<string>,
): Promise<string> {
  const actorId = ctx.actor.userId ?? NOBODY;
  const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`idempotency ${actorId} ${key}`}, 0))`);
  const own = and(eq(idempotencyKeys.actorId, actorId), eq(idempotencyKeys.key, key));
  const [known] = await ctx.db.select().from(idempotencyKeys).where(own);
  if (known && at.getTime() - known.createdAt.getTime() < KEY_LIFE_MS) {
    if (known.requestHash === requestHash) return known.runId;
    throw new BroadsheetError('unprocessable', 'Idempotency-Key was used for another request');
  }
  if (known) await ctx.db.delete(idempotencyKeys).where(own);
  const runId = await create();
  await ctx.db.insert(idempotencyKeys).values({ actorId, key, requestHash, runId, createdAt: at });
  return runId;
}
