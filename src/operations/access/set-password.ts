import { eq } from 'drizzle-orm';
import { badRequest, notFound } from '../../errors.ts';
import { users } from '../../store/schema/access.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { hashPassword } from './passwords.ts';
import { requireEdit } from './rights.ts';

const SHORTEST = 8;
const LONGEST = 1024;

export interface SetPasswordInput {
  /** Who: by id, or by name. */
  readonly user: { readonly id: string } | { readonly username: string };
  /** Null: no login by password any more. */
  readonly password: string | null;
}

/**
 * Set the password that a user logs in with, or take it away. The user itself and admins.
 * @throws BroadsheetError `not_found`, `forbidden`; `bad_request` for one that is too short or too long.
 */
export async function setPassword({ ctx, input }: { ctx: Ctx; input: SetPasswordInput }): Promise<void> {
  const { user, password } = input;
  if (password !== null && (password.length < SHORTEST || password.length > LONGEST)) {
    throw badRequest(`password: ${SHORTEST} to ${LONGEST} characters`);
  }
  const where = 'id' in user ? eq(users.id, user.id) : eq(users.username, user.username);
  const [found] = await ctx.db.select({ id: users.id }).from(users).where(where);
  if (found === undefined) {
    const id = 'id' in user ? user.id : user.username;
    throw notFound('user not found', { rule: 'user_not_found', id });
  }
  requireEdit(ctx.actor, found.id);
  const passwordHash = password === null ? null : await hashPassword(password);
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await inner.db.update(users).set({ passwordHash, updatedAt: at }).where(eq(users.id, found.id));
    const action = password === null ? 'user.remove_password' : 'user.set_password';
    await audit(inner, { action, objectKind: 'user', objectId: found.id, at });
  });
}
