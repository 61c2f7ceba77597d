import { eq } from 'drizzle-orm';
import { sources } from '../../store/schema/definitions.ts';
import { requireRole } from '../access/rights.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { lockForEdit } from '../resources/lock.ts';
import type { Model } from '../resources/resource.ts';
import { finishSource, refuseIfUsed, refuseTakenName, sealUrl } from './internal.ts';
import { sharedSources, sourceResource } from './resource.ts';
import type { UpdateSourceInput } from './schemas.ts';

/**
 * Its owner and admins; another URL needs the role `sources` as well. Keys that are absent stay as they are.
 * @throws BroadsheetError `bad_request`, `conflict` when the name is taken, `blocked` when widgets name it as it was.
 */
export async function updateSource({ ctx, input }: { ctx: Ctx; input: UpdateSourceInput }): Promise<Model> {
  const id = input.id.toLowerCase();
  if (input.url !== undefined) requireRole(ctx.actor, 'sources');
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    await lockForEdit(inner, sharedSources, sourceResource.noun, id);
    if (input.name !== undefined) await refuseRename(inner, id, input.name);
    const description = input.description === null ? '' : input.description;
    await inner.db
      .update(sources)
      .set({
        name: input.name,
        ...(input.url === undefined ? {} : sealUrl(ctx.secrets, id, input.url)),
        description,
        maxQueries: input.max_queries,
        updatedAt: at,
      })
      .where(eq(sources.id, id));
    return finishSource(inner, id, input, 'source.update', at);
  });
}

async function refuseRename(ctx: Ctx, id: string, name: string): Promise<void> {
  const [source] = await ctx.db.select({ name: sources.name }).from(sources).where(eq(sources.id, id));
  if (source?.name === name) return;
  await refuseTakenName(ctx, id, name);
  await refuseIfUsed(ctx, id);
}
