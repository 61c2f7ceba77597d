import { createHash, timingSafeEqual } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { apiKeys, groupUsers, users } from '../../store/schema/access.ts';
import type { Actor, Ctx } from '../context.ts';

/** What a caller has proved: a personal key acts as its user, a service key or a trusted gateway as any user. */
export type Grant = { readonly kind: 'personal'; readonly userId: string } | { readonly kind: 'any_user' };

/** Who acts before it is known who acts: owns nothing, sees nothing. */
export const anonymousActor: Actor = { userId: null, roles: [], groupIds: [], email: null };

/** SHA-256: enough for keys of 256 random bits, which no dictionary holds; a slow hash would only slow requests. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key, 'utf8').digest();

/**
 * What an API key grants. The lookup is by hash, so its time says nothing about any stored key; the equality that
 * decides is constant-time.
 * @throws BroadsheetError `unauthenticated`, the same for a missing, an unknown and a revoked key.
 */
export async function checkKey({ ctx, input }: { ctx: Ctx; input: { key: string | undefined } }): Promise<Grant> {
  if (!input.key) throw unauthenticated();
  const hash = hashKey(input.key);
  const [found] = await ctx.db
    .select({ keyHash: apiKeys.keyHash, userId: apiKeys.userId })
    .from(apiKeys)
    .where(and(eq(apiKeys.keyHash, hash), isNull(apiKeys.revokedAt)));
  if (!found || !timingSafeEqual(Buffer.from(found.keyHash), hash)) throw unauthenticated();
  return found.userId === null ? { kind: 'any_user' } : { kind: 'personal', userId: found.userId };
}

/**
 * The user a grant acts as.
 * @throws BroadsheetError `forbidden`, the same for another user's id, an unknown id and a disabled user: whoever holds
 * a key of their own can't find out by it which users exist.
 */
export async function actAs({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { grant: Grant; userId: string };
}): Promise<Actor & { readonly userId: string }> {
  const userId = input.userId.toLowerCase();
  if (input.grant.kind === 'personal' && input.grant.userId !== userId) throw refused();
  const [user] = await ctx.db
    .select({ email: users.email, roles: users.roles })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.disabled, false)));
  if (!user) throw refused();
  const memberships = await ctx.db
    .select({ groupId: groupUsers.groupId })
    .from(groupUsers)
    .where(eq(groupUsers.userId, userId));
  return { userId, roles: user.roles, email: user.email, groupIds: memberships.map((row) => row.groupId) };
}

const unauthenticated = (): BroadsheetError => new BroadsheetError('unauthenticated', 'Unauthorized');
const refused = (): BroadsheetError => new BroadsheetError('forbidden', 'Forbidden');
