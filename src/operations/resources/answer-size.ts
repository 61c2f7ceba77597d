import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { BroadsheetError } from '../../errors.ts';
import type { Ctx } from '../context.ts';
import type { Model } from './resource.ts';

/**
 * The bound of an answer. One object may hold megabytes of stored JSON, a thousand of them together more than the
 * process has; and one object may stand in a thousand others. So rows are weighed before they are fetched, and models
 * before they are written out.
 */
function refuseBeyond(ctx: Ctx, bytes: number): void {
  const limit = ctx.config.ANSWER_LIMIT_BYTES;
  if (bytes <= limit) return;
  const message = `the answer would be larger than ${limit} bytes: ask for fewer objects, fields or relations`;
  throw new BroadsheetError('too_large', message);
}

/** Bytes of a row's stored JSON, printed: what is stored is compressed, and says little about it. */
export const weightOf = (columns: readonly PgColumn[]): SQL<number> =>
  sql<number>`(${sql.join(
    columns.map((column) => sql`coalesce(octet_length(${column}::text), 0)`),
    sql` + `,
  )})::float8`;

/** @throws BroadsheetError `too_large` when rows of these weights are more than an answer may hold. */
export function refuseHeavyRows(ctx: Ctx, rows: readonly { readonly bytes: number | null }[]): void {
  refuseBeyond(
    ctx,
    rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0),
  );
}

/** @throws BroadsheetError `too_large` when the models, written out, are more than an answer may hold. */
export function refuseHeavyModels(ctx: Ctx, models: readonly Model[]): void {
  refuseBeyond(ctx, lengthOf(models, new Map()));
}

/** About as many characters as the value's JSON has. An object that stands in many places is looked through once. */
function lengthOf(value: unknown, known: Map<object, number>): number {
  if (typeof value === 'string') return value.length + 2;
  if (value === null || typeof value !== 'object' || value instanceof Date) return 27;
  const found = known.get(value);
  if (found !== undefined) return found;
  let length = 2;
  for (const [key, item] of Object.entries(value)) length += key.length + 4 + lengthOf(item, known);
  known.set(value, length);
  return length;
}
