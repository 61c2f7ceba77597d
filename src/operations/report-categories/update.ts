import { eq } from 'drizzle-orm';
import { reportCategories } from '../../store/schema/definitions.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { lockForEdit } from '../resources/lock.ts';
import type { Model } from '../resources/resource.ts';
import { checkParent, finishCategory, ownedCategories } from './internal.ts';
import { categoryResource } from './resource.ts';
import type { UpdateCategoryInput } from './schemas.ts';

/** Its creator and admins. @throws BroadsheetError `bad_request` when it would end up inside itself. */
export async function updateCategory({ ctx, input }: { ctx: Ctx; input: UpdateCategoryInput }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    if (input.parent_id) await checkParent(inner, input.parent_id, input.id);
    await lockForEdit(inner, ownedCategories, categoryResource.noun, input.id);
    await inner.db
      .update(reportCategories)
      .set({ name: input.name, parentId: input.parent_id, updatedAt: at })
      .where(eq(reportCategories.id, input.id));
    return finishCategory(inner, input.id, input, 'report_category.update', at);
  });
}
