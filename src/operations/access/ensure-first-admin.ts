import { sql } from 'drizzle-orm';
import { apiKeys, users } from '../../store/schema/access.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { hashKey } from './authenticate.ts';
import { newKey } from './keys.ts';

/** Any constant: replicas that start at once wait for each other at it. */
const FIRST_ADMIN_LOCK = 4_210_001;

export interface FirstAdmin {
  readonly userId: string;
  readonly username: string;
  /** A service key, shown this once: only its hash is kept. */
  readonly key: string;
}

/** On a store without users, create an admin and a service key; null on every other start and to every other replica. */
export async function ensureFirstAdmin({ ctx }: { ctx: Ctx }): Promise<FirstAdmin | null> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    await inner.db.execute(sql`select pg_advisory_xact_lock(${FIRST_ADMIN_LOCK}::bigint)`);
    const anybody = await inner.db.select({ id: users.id }).from(users).limit(1);
    if (anybody.length > 0) return null;
    const username = 'admin';
    const [user] = await inner.db
      .insert(users)
      .values({
        username,
        email: 'admin@localhost',
        roles: ['admin', 'sql', 'sources'],
        createdAt: at,
        updatedAt: at,
      })
      .returning({ id: users.id });
    if (!user) throw new Error('an insert returned no row');
    const key = newKey();
    await inner.db
      .insert(apiKeys)
      .values({ name: 'first start', userId: null, keyHash: hashKey(key), createdAt: at, updatedAt: at });
    await audit(inner, { action: 'user.create', objectKind: 'user', objectId: user.id, at, detail: { first: true } });
    return { userId: user.id, username, key };
  });
}
