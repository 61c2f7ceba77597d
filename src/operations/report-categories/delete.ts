import { asc, eq } from 'drizzle-orm';
import { reportCategories, reports } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { visibleBlockers } from '../reports/visible-blockers.ts';
import { refuseIfBlocked } from '../resources/blocked.ts';
import { lockForEdit } from '../resources/lock.ts';
import { ownedCategories } from './internal.ts';
import { categoryResource } from './resource.ts';

const MOST_NAMED = 100;

/** Its creator and admins. @throws BroadsheetError `blocked` while reports or categories are in it. */
export async function deleteCategory({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<void> {
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    await lockForEdit(inner, ownedCategories, categoryResource.noun, input.id);
    const children = await inner.db
      .select({ id: reportCategories.id, name: reportCategories.name })
      .from(reportCategories)
      .where(eq(reportCategories.parentId, input.id))
      .orderBy(asc(reportCategories.id))
      .limit(MOST_NAMED);
    refuseIfBlocked({ reports: await visibleBlockers(inner, eq(reports.categoryId, input.id)), children });
    await inner.db.delete(reportCategories).where(eq(reportCategories.id, input.id));
    await audit(inner, { action: 'report_category.delete', objectKind: 'report_category', objectId: input.id, at });
  });
}
