import { type SQL, sql } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { runs } from '../../store/schema/runs.ts';
import { taskInstances } from '../../store/schema/tasks.ts';
import type { Ctx } from '../context.ts';
import { SNAPSHOT_TASK } from '../snapshots/parts.ts';
import { WORKLOAD_TASK } from '../workload/parts.ts';

/** Some of what is under way has ended by then. */
const RETRY_SECONDS = 10;

/**
 * How many orders of the actor are under way: reports on demand, workload reports and snapshots. For a select list; read
 * from two small indices of what is open.
 */
export const ordersUnderWay = ({ actor: { userId } }: Ctx): SQL<number> =>
  userId === null
    ? sql<number>`0`
    : sql<number>`((select count(*) from ${runs} where ${runs.state} in ('QUEUED', 'RUNNING')
        and ${runs.trigger} = 'on_demand' and ${runs.requestedBy} = ${userId})
      + (select count(*) from ${taskInstances} where ${taskInstances.state} = 'RUNNING'
        and ${taskInstances.kind} in (${SNAPSHOT_TASK}, ${WORKLOAD_TASK}) and ${taskInstances.creatorId} = ${userId}))::int`;

/**
 * Refuse one more order of who has `ON_DEMAND_AT_ONCE` under way. It is no lock: of orders at the very same moment a few
 * may go beyond.
 * @throws BroadsheetError `rate_limited` with `detail.retry_after`.
 */
export function refuseTooMany({ config: { ON_DEMAND_AT_ONCE: most } }: Ctx, underWay: number): void {
  if (most === 0 || underWay < most) return;
  const detail = { rule: 'under_way', most, retry_after: RETRY_SECONDS };
  throw new BroadsheetError('rate_limited', `too many orders of yours are under way: ${most} at most`, detail);
}

/**
 * The same for a verb that asks nothing else before.
 * @throws BroadsheetError as `refuseTooMany`.
 */
export async function requireRoom(ctx: Ctx): Promise<void> {
  if (ctx.actor.userId === null || ctx.config.ON_DEMAND_AT_ONCE === 0) return;
  const [row] = await ctx.db.execute<{ count: number }>(sql`select ${ordersUnderWay(ctx)} as count`);
  refuseTooMany(ctx, row?.count ?? 0);
}
