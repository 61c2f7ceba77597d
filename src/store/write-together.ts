import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { execute, type Transaction } from './execute.ts';

/** A hint for listeners, delivered when the transaction commits. */
export interface Signal {
  readonly channel: string;
  readonly payload: string;
}

const dialect = new PgDialect();

/**
 * Inserts, updates and deletes as one statement: one round trip, and all or nothing even without a transaction. None of
 * them sees what another one writes; foreign keys are looked at when all have written.
 */
export async function writeTogether(
  tx: Transaction,
  writes: readonly SQL[],
  signals: readonly Signal[] = [],
): Promise<void> {
  if (writes.length === 0 && signals.length === 0) return;
  const named = writes.map((write, position) => sql`${sql.raw(`w${position}`)} as (${write})`);
  const told = signals.map(({ channel, payload }) => sql`pg_notify(${channel}::text, ${payload}::text)`);
  const last = told.length === 0 ? sql`select` : sql`select ${sql.join(told, sql`, `)}`;
  const whole = named.length === 0 ? last : sql`with ${sql.join(named, sql`, `)} ${last}`;
  if (typeof tx !== 'function') {
    await tx.execute(whole);
    return;
  }
  const { sql: text, params } = dialect.sqlToQuery(whole);
  await execute(tx, text, params as string[]);
}
