import { sql as drizzleSql, type SQL } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Db } from './database.ts';

/** An open transaction of ours, by either of the two ways we write SQL. */
export type Transaction = Db | postgres.TransactionSql;

type Value = string | number | boolean | null;

/** Run a hand-written statement with placeholders `$1`, `$2` … in a transaction of either kind. */
export async function execute<T>(tx: Transaction, text: string, values: readonly Value[]): Promise<T[]> {
  if (typeof tx === 'function') return [...(await tx.unsafe(text, [...values]))] as T[];
  return [...(await tx.execute(fragment(text, values)))] as T[];
}

/** A hand-written statement with placeholders, to be run with others. */
export function fragment(text: string, values: readonly Value[]): SQL {
  const parts = text.split(/\$(\d+)/);
  const chunks = parts.map((part, position) =>
    position % 2 === 0 ? drizzleSql.raw(part) : drizzleSql.param(values[Number(part) - 1]),
  );
  return drizzleSql.join(chunks);
}
