import { randomBytes } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { apiKeys, users } from '../../store/schema/access.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { reread } from '../resources/get.ts';
import type { Model } from '../resources/resource.ts';
import { hashKey } from './authenticate.ts';
import { keyResource } from './key-resource.ts';
import { requireEdit, requireRole } from './rights.ts';
import type { CreateKeyInput } from './schemas.ts';

const KEY_BYTES = 32;

/** A fresh key: 256 random bits behind a prefix that secret scanners can look for. */
export const newKey = (): string => `bs_${randomBytes(KEY_BYTES).toString('base64url')}`;

/**
 * Create an API key and answer it with `key`, its only showing. A user creates personal keys of its own; service keys
 * (`user_id` null) and keys of others are the admins' to create.
 */
export async function createKey({ ctx, input }: { ctx: Ctx; input: CreateKeyInput }): Promise<Model> {
  const userId = input.user_id ?? null;
  if (userId === null) requireRole(ctx.actor, 'admin');
  else requireEdit(ctx.actor, userId.toLowerCase());
  const at = await ctx.clock.now();
  const key = newKey();
  return withTransaction(ctx, async (inner) => {
    if (userId !== null) {
      const user = inner.db.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('key share');
      if ((await user).length === 0) throw notFound('user not found');
    }
    const [row] = await inner.db
      .insert(apiKeys)
      .values({ name: input.name, userId, keyHash: hashKey(key), createdAt: at, updatedAt: at })
      .returning({ id: apiKeys.id });
    if (!row) throw new Error('an insert returned no row');
    const detail = { name: input.name, user_id: userId };
    await audit(inner, { action: 'api_key.create', objectKind: 'api_key', objectId: row.id, at, detail });
    return { ...(await reread(inner, keyResource, row.id)), key };
  });
}

/** Revoke a key for good: the key's user and admins. Revoking it again is 404, as for an unknown one. */
export async function revokeKey({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .update(apiKeys)
      .set({ revokedAt: at, updatedAt: at })
      .where(and(eq(apiKeys.id, input.id), isNull(apiKeys.revokedAt)))
      .returning({ userId: apiKeys.userId });
    if (!row) throw notFound(`${keyResource.noun} not found`);
    requireEdit(ctx.actor, row.userId);
    await audit(inner, { action: 'api_key.revoke', objectKind: 'api_key', objectId: input.id, at });
  });
}
