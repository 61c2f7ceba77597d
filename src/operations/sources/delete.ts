import { eq } from 'drizzle-orm';
import { sources } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { lockForEdit } from '../resources/lock.ts';
import { refuseIfUsed } from './internal.ts';
import { sharedSources, sourceResource } from './resource.ts';

/** Its owner and admins. @throws BroadsheetError `blocked` while widgets read from it. */
export async function deleteSource({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await lockForEdit(inner, sharedSources, sourceResource.noun, input.id);
    await refuseIfUsed(inner, input.id);
    await inner.db.delete(sources).where(eq(sources.id, input.id));
    await audit(inner, { action: 'source.delete', objectKind: 'source', objectId: input.id, at });
  });
}
