import { sql as drizzleSql, type SQL } from 'drizzle-orm';
import { type Db as BossDatabase, fromDrizzle, PgBoss } from 'pg-boss';
import type postgres from 'postgres';
import type { Sql } from '../store/database.ts';
import { fragment, type Transaction } from '../store/execute.ts';

/** A PgBoss that is never started writes and finds jobs all the same; it has no timers and no connection of its own. */
export const notStarted = (db: BossDatabase): PgBoss =>
  new PgBoss({ db, schedule: false, supervise: false, openTelemetry: { enabled: false } });

/** What pg-boss asks of a queue before it writes into it: ours are all alike (`create_queue` without a partition). */
const queueFacts = (name: unknown) => ({ name, policy: 'standard', table: 'job_common', notify: false });

/** Makes statements and runs none. */
const sender = notStarted({
  executeSql: async (_, values) => ({ rows: [values].flat(2).map(queueFacts) }),
});

/** The one statement by which pg-boss would write, not run: to be written in one with what the jobs are for. */
export async function statementOf(
  queue: string,
  write: (sender: PgBoss, db: BossDatabase) => Promise<unknown>,
): Promise<SQL> {
  const statements: SQL[] = [];
  const db: BossDatabase = {
    executeSql: async (text, values) => {
      statements.push(fragment(text, (values ?? []) as string[]));
      return { rows: [] };
    },
  };
  await write(sender, db);
  const [statement] = statements;
  if (statement === undefined || statements.length > 1) {
    throw new Error(`jobs of queue ${queue} are written by ${statements.length} statements`);
  }
  return statement;
}

/** pg-boss inside an open transaction: what it writes commits and rolls back with our rows. */
export function transactionDatabase(tx: Transaction): BossDatabase {
  if (typeof tx !== 'function') return fromDrizzle(tx as Parameters<typeof fromDrizzle>[0], drizzleSql);
  return { executeSql: async (text, values) => ({ rows: rowsOf(await tx.unsafe(text, bindable(values))) }) };
}

const OPENS_TRANSACTION = /^\s*begin\b/i;

/**
 * pg-boss over our own pool. Its batches that open a transaction themselves (`BEGIN; …; COMMIT;` without parameters)
 * get a connection of their own, because on a pool postgres.js refuses them: the next statement could go elsewhere.
 */
export function poolDatabase(sql: Sql): BossDatabase {
  return {
    executeSql: async (text, values) => {
      if (!OPENS_TRANSACTION.test(text)) return { rows: rowsOf(await sql.unsafe(text, bindable(values))) };
      const reserved = await sql.reserve();
      try {
        return { rows: rowsOf(await reserved.unsafe(text).simple()) };
      } catch (error) {
        await reserved.unsafe('ROLLBACK').simple();
        throw error;
      } finally {
        reserved.release();
      }
    },
  };
}

const bindable = (values: unknown[] | undefined) => (values ?? []) as postgres.ParameterOrJSON<never>[];

/** A batch answers with one list of rows per statement. */
function rowsOf(result: readonly unknown[]): unknown[] {
  return result.every((part) => Array.isArray(part)) ? result.flat() : [...result];
}
