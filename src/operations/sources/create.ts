import { randomUUID } from 'node:crypto';
import { sources } from '../../store/schema/definitions.ts';
import { requireRole } from '../access/rights.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { finishSource, nameTaken, sealUrl } from './internal.ts';
import type { CreateSourceInput } from './schemas.ts';

/**
 * Users with the role `sources`, and admins; the actor owns it. The database is not asked: a source may be defined
 * before it is up (`testSource` asks).
 * @throws BroadsheetError `bad_request` for a URL that no engine can use, `conflict` when the name is taken.
 */
export async function createSource({ ctx, input }: { ctx: Ctx; input: CreateSourceInput }): Promise<Model> {
  requireRole(ctx.actor, 'sources');
  const id = randomUUID();
  const sealed = sealUrl(ctx.secrets, id, input.url);
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const rows = await inner.db
      .insert(sources)
      .values({
        id,
        name: input.name,
        ...sealed,
        description: input.description ?? '',
        maxQueries: input.max_queries ?? null,
        ownerId: ctx.actor.userId,
        createdAt: at,
        updatedAt: at,
      })
      .onConflictDoNothing({ target: sources.name })
      .returning({ id: sources.id });
    if (rows.length === 0) throw nameTaken();
    return finishSource(inner, id, input, 'source.create', at);
  });
}
