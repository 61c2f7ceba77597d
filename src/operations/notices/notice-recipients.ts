import { and, eq, or, sql } from 'drizzle-orm';
import { parseMailAddress } from '../../deliver/mail-address.ts';
import { users } from '../../store/schema/access.ts';
import type { Ctx } from '../context.ts';

/** More admins than this are not told one by one. */
const MOST = 50;

/** Addresses of a task's owner and of all admins who may still log in, the owner first, each once. */
export async function noticeRecipients(ctx: Ctx, ownerId: string | null): Promise<string[]> {
  const admin = sql`'admin' = any(${users.roles})`;
  const rows = await ctx.db
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(eq(users.disabled, false), ownerId === null ? admin : or(eq(users.id, ownerId), admin)))
    .orderBy(sql`${users.id} = ${ownerId} desc nulls last`, users.email)
    .limit(MOST);
  const unique = new Map<string, string>();
  for (const { email } of rows) {
    const address = parseMailAddress(email)?.address;
    if (address && !unique.has(address.toLowerCase())) unique.set(address.toLowerCase(), address);
  }
  return [...unique.values()];
}
