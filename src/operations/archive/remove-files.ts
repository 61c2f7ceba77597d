import { documents } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { anyOf } from '../resources/any-of.ts';
import { blobStoreOf } from './open-file.ts';

/** Remove documents with their bytes, in the open transaction of `ctx`. Ids of none, and null, are passed over. */
export async function removeFiles(ctx: Ctx, ids: readonly (string | null)[]): Promise<void> {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return;
  const owned = await ctx.db.select().from(documents).where(anyOf(documents.id, known));
  for (const { id, storage } of owned) await blobStoreOf(storage).delete(ctx.db, id, ctx.signal);
  await ctx.db.delete(documents).where(anyOf(documents.id, known));
}
