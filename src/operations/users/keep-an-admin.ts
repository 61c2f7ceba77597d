import { and, arrayContains, asc, eq } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { users } from '../../store/schema/access.ts';
import type { Ctx } from '../context.ts';

/**
 * Call it before a user is deleted, disabled or stripped of the role. The admins are locked in one order, so that two
 * of them can't remove each other at the same moment.
 * @throws BroadsheetError `conflict` when no other enabled admin is left.
 */
export async function keepAnAdmin(ctx: Ctx, leavingId: string): Promise<void> {
  const admins = await ctx.db
    .select({ id: users.id })
    .from(users)
    .where(and(arrayContains(users.roles, ['admin']), eq(users.disabled, false)))
    .orderBy(asc(users.id))
    .for('update');
  const id = leavingId.toLowerCase();
  if (admins.some((admin) => admin.id === id) && admins.length === 1) {
    throw new BroadsheetError('conflict', 'the last admin has to stay one');
  }
}
