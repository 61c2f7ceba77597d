import { and, eq } from 'drizzle-orm';
import type { HandOver, Outcome } from '../../deliver/channel.ts';
import { messageOf } from '../../errors.ts';
import { type DeliveryState, deliveries } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { BEGINNABLE, retryPauseMs, stateAfter, stateAfterDoubt } from './delivery-states.ts';
import { type LoadedDelivery, loadDelivery } from './load-delivery.ts';
import type { DeliveryResult, Post } from './post.ts';
import { type DeliverableRow, writeLetter } from './write-letter.ts';

type Row = typeof deliveries.$inferSelect;

const LOST = 'the worker was lost while it was sending: the mail may have arrived';

/**
 * Make one attempt at a delivery, and write into the ledger what became of it (the states: delivery-states.ts). Call it
 * outside any transaction: what is SENDING must be committed before the first byte leaves. Called for a delivery that
 * is done, it answers its state and sends nothing; for one left SENDING by a lost worker, it answers UNCERTAIN.
 * @throws BroadsheetError `not_found` for an unknown delivery; whatever the store throws, before anything was sent.
 */
export async function deliverOne(args: {
  ctx: Ctx;
  post: Post;
  input: { readonly deliveryId: string };
}): Promise<DeliveryResult> {
  const { ctx, post } = args;
  const row = await loadDelivery(ctx, args.input.deliveryId);
  if (row.delivery.state === 'SENDING') return resultOf(await giveUp(ctx, row.delivery));
  if (!isBeginnable(row.delivery.state)) return resultOf(row.delivery);
  const obstacle = obstacleOf(row);
  if (obstacle) return resultOf(await end(ctx, row.delivery, obstacle));
  let beginning: Promise<Row | undefined> | undefined;
  const handOver: HandOver = async () => {
    beginning ??= begin(ctx, row.delivery);
    return (await beginning) !== undefined;
  };
  const outcome = await send({ ctx, post, row: row as DeliverableRow, handOver });
  // An attempt may end while its row is still being made SENDING: what is settled is the row as it then is.
  const begun = await beginning?.catch(() => undefined);
  return resultOf(await settle(ctx, begun ?? row.delivery, outcome), outcome);
}

const isBeginnable = (state: DeliveryState): boolean => BEGINNABLE.some((beginnable) => beginnable === state);

function obstacleOf(row: LoadedDelivery): { state: DeliveryState; response: string } | null {
  if (row.run.state === 'CANCELED') return { state: 'CANCELED', response: 'the run was canceled' };
  if (!row.document) return { state: 'FAILED', response: 'the document is gone' };
  return null;
}

interface Sending {
  readonly ctx: Ctx;
  readonly post: Post;
  readonly row: DeliverableRow;
  readonly handOver: HandOver;
}

/** A relay that finds the letter too large gets it once more, with links instead of the files. */
async function send({ ctx, post, row, handOver }: Sending): Promise<Outcome> {
  const at = await ctx.clock.now();
  const letter = await writeLetter({ ctx, post, row, at, withoutDocument: false });
  const channel = channelOf(post, row.delivery.channel);
  if (!channel) return { state: 'REFUSED', response: `no channel ${row.delivery.channel}` };
  const outcome = await channel.send(letter, ctx.signal, handOver);
  if (!outcome.tooLarge || letter.attachments.length === 0) return outcome;
  if (ctx.config.PUBLIC_URL === undefined) {
    return { ...outcome, response: `${outcome.response} (with PUBLIC_URL a link would be sent instead)` };
  }
  ctx.log.info({ response: outcome.response }, 'too large for the relay: sending a link');
  try {
    return await channel.send(await writeLetter({ ctx, post, row, at, withoutDocument: true }), ctx.signal, handOver);
  } catch (error) {
    ctx.log.error({ error: messageOf(error) }, 'the letter with a link could not be written');
    return outcome;
  }
}

const channelOf = (post: Post, kind: string) => (kind === 'email' ? post.channels.email : undefined);

/** The row as it was read: the fence of whoever changes it. */
const unchanged = (row: Row) =>
  and(
    eq(deliveries.id, row.id),
    eq(deliveries.state, row.state),
    eq(deliveries.attempts, row.attempts),
    eq(deliveries.updatedAt, row.updatedAt),
  );

async function begin(ctx: Ctx, row: Row): Promise<Row | undefined> {
  const at = await ctx.clock.now();
  const [begun] = await ctx.db
    .update(deliveries)
    .set({ state: 'SENDING', attempts: row.attempts + 1, updatedAt: at })
    .where(unchanged(row))
    .returning();
  return begun;
}

/** Write what an attempt came to, if the row is as the attempt left it: as it was read, or SENDING. */
async function settle(ctx: Ctx, row: Row, outcome: Outcome): Promise<Row> {
  const at = await ctx.clock.now();
  const before = row.state === 'SENDING' ? row.attempts - 1 : row.attempts;
  const state = stateAfter(outcome, before + 1, ctx.config.MAIL_ATTEMPTS);
  const attempts = outcome.stopped && state === 'RETRYING' ? before : before + 1;
  const facts = { response: outcome.response, updatedAt: at, sentAt: outcome.state === 'SENT' ? at : null };
  const [settled] = await ctx.db
    .update(deliveries)
    .set({ ...facts, state, attempts })
    .where(unchanged(row))
    .returning();
  if (settled) return told(ctx, settled);
  if (row.state !== 'SENDING') return (await loadDelivery(ctx, row.id)).delivery;
  const [late] = await ctx.db
    .update(deliveries)
    .set({ ...facts, state: stateAfterDoubt(state) })
    .where(and(eq(deliveries.id, row.id), eq(deliveries.attempts, before + 1), eq(deliveries.state, 'UNCERTAIN')))
    .returning();
  return late ? told(ctx, late) : (await loadDelivery(ctx, row.id)).delivery;
}

async function giveUp(ctx: Ctx, row: Row): Promise<Row> {
  const at = await ctx.clock.now();
  const [given] = await ctx.db
    .update(deliveries)
    .set({ state: 'UNCERTAIN', response: LOST, updatedAt: at })
    .where(unchanged(row))
    .returning();
  return given ? told(ctx, given) : (await loadDelivery(ctx, row.id)).delivery;
}

async function end(ctx: Ctx, row: Row, how: { state: DeliveryState; response: string }): Promise<Row> {
  const at = await ctx.clock.now();
  const [ended] = await ctx.db
    .update(deliveries)
    .set({ ...how, updatedAt: at })
    .where(unchanged(row))
    .returning();
  return ended ? told(ctx, ended) : (await loadDelivery(ctx, row.id)).delivery;
}

function told(ctx: Ctx, row: Row): Row {
  ctx.metrics.deliveries.inc({ channel: row.channel, outcome: row.state });
  const level = row.state === 'SENT' || row.state === 'CANCELED' ? 'info' : 'warn';
  const { id, recipient, state, attempts, response } = row;
  ctx.log[level]({ delivery_id: id, recipient, state, attempts, response }, 'delivery');
  return row;
}

function resultOf(row: Row, outcome?: Outcome): DeliveryResult {
  const open = isBeginnable(row.state) || row.state === 'SENDING';
  return {
    deliveryId: row.id,
    recipient: row.recipient,
    state: open ? 'RETRYING' : (row.state as DeliveryResult['state']),
    response: row.response ?? '',
    attempts: row.attempts,
    retryAfterMs: open ? (outcome?.retryAfterMs ?? (outcome?.stopped ? 0 : retryPauseMs(row.attempts))) : null,
  };
}
