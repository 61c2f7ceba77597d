import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** `column = any(ids)` with one parameter, whatever the number of ids: PostgreSQL takes no more than 65 534 of them. */
export function anyOf(column: PgColumn, ids: readonly string[]): SQL {
  return sql`${column} = any(${`{${ids.join(',')}}`}::text::uuid[])`;
}
