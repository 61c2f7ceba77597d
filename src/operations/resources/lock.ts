import { eq } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { notFound } from '../../errors.ts';
import { requireEdit } from '../access/rights.ts';
import type { Ctx } from '../context.ts';

/**
 * Lock an owned object for a change by the actor.
 * @throws BroadsheetError `not_found` "<noun> not found", `forbidden` unless the actor owns it or is an admin.
 */
export async function lockForEdit(
  ctx: Ctx,
  owned: { readonly table: PgTable; readonly id: PgColumn; readonly ownerId: PgColumn },
  noun: string,
  id: string,
): Promise<void> {
  const [row] = await ctx.db.select({ ownerId: owned.ownerId }).from(owned.table).where(eq(owned.id, id)).for('update');
  if (!row) throw notFound(`${noun} not found`);
  requireEdit(ctx.actor, row.ownerId as string | null);
}
