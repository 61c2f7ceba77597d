import { randomBytes, randomInt } from 'node:crypto';
import { and, count, desc, eq, isNull } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { accessKeys, users } from '../../store/schema/access.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Page, PageInput } from '../fleet/list-clusters.ts';
import { accessKeyContext } from './check-signature.ts';
import { isAdmin, requireEdit } from './rights.ts';

/** An access key without its secret. */
export interface AccessKey {
  readonly id: string;
  readonly accessKey: string;
  readonly username: string;
  readonly createdAt: Date;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const KEY_LENGTH = 16;
const SECRET_BYTES = 16;

/** As OCP's look: 16 letters and digits. */
const newAccessKey = (): string =>
  Array.from({ length: KEY_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/**
 * A key pair that signs requests as its user, who is the caller unless an admin names another. The secret is answered
 * here and never again.
 * @throws BroadsheetError `forbidden`, `not_found`.
 */
export async function createAccessKey({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { readonly userId?: string | undefined };
}): Promise<AccessKey & { readonly secret: string }> {
  const userId = (input.userId ?? ctx.actor.userId)?.toLowerCase() ?? null;
  requireEdit(ctx.actor, userId);
  const at = await ctx.clock.now();
  const accessKey = newAccessKey();
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  const secretSealed = ctx.secrets.seal(secret, accessKeyContext(accessKey));
  return withTransaction(ctx, async (inner) => {
    const known =
      userId === null ? [] : await inner.db.select().from(users).where(eq(users.id, userId)).for('key share');
    const [user] = known;
    if (user === undefined) throw notFound('user not found', { rule: 'user_not_found', id: userId ?? '' });
    const [row] = await inner.db
      .insert(accessKeys)
      .values({ userId: user.id, accessKey, secretSealed, createdAt: at, updatedAt: at })
      .returning({ id: accessKeys.id });
    if (row === undefined) throw new Error('an insert returned no row');
    const detail = { access_key: accessKey, user_id: user.id };
    await audit(inner, { action: 'access_key.create', objectKind: 'access_key', objectId: row.id, at, detail });
    return { id: row.id, accessKey, secret, username: user.username, createdAt: at };
  });
}

/** Those in force, the newest first: the caller's own, an admin's everybody's. */
export async function listAccessKeys({ ctx, input }: { ctx: Ctx; input: PageInput }): Promise<Page<AccessKey>> {
  const own = isAdmin(ctx.actor) ? undefined : eq(accessKeys.userId, ctx.actor.userId ?? '');
  const where = and(isNull(accessKeys.revokedAt), own);
  const { id, accessKey, createdAt } = accessKeys;
  const items = await ctx.db
    .select({ id, accessKey, createdAt, username: users.username })
    .from(accessKeys)
    .innerJoin(users, eq(users.id, accessKeys.userId))
    .where(where)
    .orderBy(desc(createdAt), desc(id))
    .limit(input.size)
    .offset((input.page - 1) * input.size);
  const [total] = await ctx.db.select({ count: count() }).from(accessKeys).where(where);
  return { items, total: total?.count ?? 0 };
}

/**
 * Revoke an access key for good: its user and admins. Again is `not_found`.
 * @throws BroadsheetError `not_found`, `forbidden`.
 */
export async function revokeAccessKey({ ctx, input }: { ctx: Ctx; input: { readonly id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .update(accessKeys)
      .set({ revokedAt: at, updatedAt: at })
      .where(and(eq(accessKeys.id, input.id), isNull(accessKeys.revokedAt)))
      .returning({ userId: accessKeys.userId, accessKey: accessKeys.accessKey });
    if (row === undefined) throw notFound('access key not found', { rule: 'access_key_not_found', id: input.id });
    requireEdit(ctx.actor, row.userId);
    const detail = { access_key: row.accessKey };
    await audit(inner, { action: 'access_key.revoke', objectKind: 'access_key', objectId: input.id, at, detail });
  });
}
