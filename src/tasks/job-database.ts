import { sql as drizzleSql } from 'drizzle-orm';
import type { Db as BossDatabase } from 'pg-boss';
import { fromDrizzle } from 'pg-boss';
import type postgres from 'postgres';
import type { Sql } from '../store/database.ts';
import type { Transaction } from '../store/execute.ts';

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
