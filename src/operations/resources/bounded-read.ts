import { sql } from 'drizzle-orm';
import { type Ctx, withTransaction } from '../context.ts';

const LONGEST_STATEMENT_MS = 30_000;

/**
 * Read in a transaction whose statements the database gives up after half a minute: what a client may ask for (filters,
 * patterns, sorting of everything) has no other bound, and goes on when the client has left.
 */
export function boundedRead<T>(ctx: Ctx, read: (ctx: Ctx) => Promise<T>): Promise<T> {
  return withTransaction(ctx, async (inner) => {
    await inner.db.execute(sql`select set_config('statement_timeout', ${String(LONGEST_STATEMENT_MS)}, true)`);
    return read(inner);
  });
}
