import { reportCategories } from '../../store/schema/definitions.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { checkParent, finishCategory } from './internal.ts';
import type { CreateCategoryInput } from './schemas.ts';

/** Anybody; the actor owns it. */
export async function createCategory({ ctx, input }: { ctx: Ctx; input: CreateCategoryInput }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const parentId = input.parent_id ?? null;
    if (parentId !== null) await checkParent(inner, parentId);
    const [row] = await inner.db
      .insert(reportCategories)
      .values({ name: input.name, parentId, ownerId: ctx.actor.userId, createdAt: at, updatedAt: at })
      .returning({ id: reportCategories.id });
    if (!row) throw new Error('an insert returned no row');
    return finishCategory(inner, row.id, input, 'report_category.create', at);
  });
}
