import { createHmac, randomBytes } from 'node:crypto';
import { eq, type SQL, sql } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { countLogin, forgiveLogin } from '../../store/login-failures.ts';
import { groupUsers, users } from '../../store/schema/access.ts';
import type { Actor, Ctx } from '../context.ts';
import { createPasswordChecks } from './passwords.ts';

/** Who has proved to be a user. */
export interface Login {
  readonly actor: Actor & { readonly userId: string };
  readonly username: string;
}

export interface PasswordLogin {
  readonly username: string;
  readonly password: string;
  /** Where the request came from; null where that is not known. */
  readonly address: string | null;
}

/** Logins by password, with what a process remembers of them. */
export interface Logins {
  /**
   * @throws BroadsheetError `unauthenticated`, the same for an unknown and a disabled user, one without a password and a
   * wrong password; `rate_limited` with `detail.retry_after` after too many of these; `unavailable` with the same when
   * too many log in at once.
   */
  byPassword(given: { ctx: Ctx; input: PasswordLogin }): Promise<Login>;
}

/** Tries before waiting begins. Many people may share an address. */
const FREE_BY_NAME = 5;
const FREE_BY_ADDRESS = 50;
/** How long, and how many, passwords that were right are not hashed again; a changed one is noticed at once. */
const REMEMBERED_MS = 10 * 60_000;
const MOST_REMEMBERED = 1000;
const LONGEST_NAME = 320;
const LONGEST_PASSWORD = 1024;

export function createLogins(): Logins {
  const checks = createPasswordChecks();
  const key = randomBytes(32);
  const remembered = new Map<string, { readonly stored: string; readonly until: number }>();
  const checking = new Map<string, Promise<boolean>>();

  const remember = (print: string, stored: string, now: number): void => {
    remembered.delete(print);
    remembered.set(print, { stored, until: now + REMEMBERED_MS });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  };

  return {
    byPassword: async ({ ctx, input }) => {
      const { username, password } = input;
      if (username.length > LONGEST_NAME || password.length > LONGEST_PASSWORD) throw wrong();
      const [at, found] = await Promise.all([ctx.clock.now(), findUser(ctx, eq(users.username, username))]);
      const now = at.getTime();
      const stored = found?.passwordHash ?? null;
      const print = createHmac('sha256', key)
        .update(JSON.stringify([username, password]))
        .digest('base64');
      const known = remembered.get(print);
      if (found && stored !== null && known?.stored === stored && known.until > now) return found.login;
      // The same login many times at once is one try.
      let check = checking.get(print);
      if (check === undefined) {
        check = checks
          .admitted((matches) => tried(ctx, input, () => matches(password, stored)))
          .finally(() => checking.delete(print));
        checking.set(print, check);
      }
      if (!(await check) || !found || stored === null) throw wrong();
      remember(print, stored, now);
      return found.login;
    },
  };
}

/** Count a try, make it, and take the count back if it was right. */
async function tried(ctx: Ctx, { username, address }: PasswordLogin, check: () => Promise<boolean>): Promise<boolean> {
  const at = await ctx.clock.now();
  const userKey = `user:${username}`;
  const addressKey = address === null ? null : `address:${address}`;
  const byName = await countLogin(ctx.db, userKey, FREE_BY_NAME, at);
  const byAddress = addressKey === null || byName > 0 ? 0 : await countLogin(ctx.db, addressKey, FREE_BY_ADDRESS, at);
  const seconds = Math.max(byName, byAddress);
  if (seconds > 0) {
    const detail = { rule: 'login_throttled', retry_after: seconds };
    throw new BroadsheetError('rate_limited', `too many failed logins: try again in ${seconds} s`, detail);
  }
  const right = await check();
  if (right) await forgiveLogin(ctx.db, userKey, addressKey);
  return right;
}

/** A user with its groups, in one question. */
export const loginColumns = {
  user: users,
  groupIds: sql<string[]>`array(select ${groupUsers.groupId}::text from ${groupUsers}
    where ${groupUsers.userId} = ${users.id})`,
};

/** A user who is not disabled. */
export function loginOf(
  found: { readonly user: typeof users.$inferSelect; readonly groupIds: string[] } | undefined,
): Login | undefined {
  if (found === undefined || found.user.disabled) return undefined;
  const { id: userId, roles, email, username } = found.user;
  return { actor: { userId, roles, email, groupIds: found.groupIds }, username };
}

async function findUser(ctx: Ctx, where: SQL) {
  const [found] = await ctx.db.select(loginColumns).from(users).where(where);
  const login = loginOf(found);
  return login && { login, passwordHash: found?.user.passwordHash ?? null };
}

/** The context of a user who has logged in. */
export const loggedIn = (ctx: Ctx, { actor }: Login): Ctx => ({ ...ctx, actor });

const wrong = (): BroadsheetError =>
  new BroadsheetError('unauthenticated', 'the user name or the password is wrong', { rule: 'bad_credentials' });
