import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Secrets } from '../secrets.ts';
import type { Db } from '../store/database.ts';
import type { Role } from '../store/schema/access.ts';

/** Who acts. The service itself acts as an admin without a user. */
export interface Actor {
  readonly userId: string | null;
  readonly roles: readonly Role[];
  readonly groupIds: readonly string[];
  readonly email: string | null;
}

/** The actor of ticks, workers and one-shot commands. */
export const serviceActor: Actor = { userId: null, roles: ['admin', 'sql', 'sources'], groupIds: [], email: null };

/** What every verb gets as `ctx`. `db` is the pool, or the transaction that the verb joins. */
export interface Ctx {
  readonly actor: Actor;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** The action's id as a client sent it, for the audit. */
  readonly traceId: string | null;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly metrics: Metrics;
}

/**
 * Run `work` in a transaction: the open one of `ctx` if there is one, else a new one.
 * Read the clock before, not inside: a transaction should not wait for another connection.
 */
export function withTransaction<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  return ctx.db.transaction((tx) => work({ ...ctx, db: tx }));
}
