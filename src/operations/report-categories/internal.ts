import { and, eq, not, sql } from 'drizzle-orm';
import { badRequest, forbidden } from '../../errors.ts';
import { reportCategories, reports } from '../../store/schema/definitions.ts';
import { mayEdit } from '../access/rights.ts';
import { audit } from '../audit.ts';
import type { Ctx } from '../context.ts';
import { visibleReports } from '../reports/resource.ts';
import { anyOf } from '../resources/any-of.ts';
import { reread } from '../resources/get.ts';
import type { Model } from '../resources/resource.ts';
import { categoryResource } from './resource.ts';
import type { CreateCategoryInput, UpdateCategoryInput } from './schemas.ts';

export const ownedCategories = {
  table: reportCategories,
  id: reportCategories.id,
  ownerId: reportCategories.ownerId,
};

/** Any constant: two moves made at once could close a cycle that neither of them sees. */
const TREE_LOCK = 4_210_002;

/**
 * Check that a category may stand under this parent, and keep the tree still until the transaction ends.
 * @throws BroadsheetError `bad_request` for an unknown parent and for a category inside itself.
 */
export async function checkParent(ctx: Ctx, parentId: string, id?: string): Promise<void> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(${TREE_LOCK}::bigint)`);
  const parent = ctx.db
    .select({ id: reportCategories.id })
    .from(reportCategories)
    .where(eq(ownedCategories.id, parentId));
  if ((await parent.for('key share')).length === 0) throw badRequest('Bad Request: parent_id: no such category');
  if (id === undefined) return;
  const above = await ctx.db.execute(sql`
    with recursive above (id) as (
      select ${parentId}::uuid
      union
      select c.parent_id from report_categories c join above on c.id = above.id where c.parent_id is not null
    )
    select 1 from above where id = ${id}::uuid`);
  if (above.length > 0) throw badRequest('Bad Request: parent_id: a category cannot be inside itself');
}

/** The common end of create and update: the reports in it, audit row, answer. */
export async function finishCategory(
  ctx: Ctx,
  id: string,
  input: CreateCategoryInput | UpdateCategoryInput,
  action: string,
  at: Date,
): Promise<Model> {
  if (input._relations?.reports) await fileReports(ctx, id, input._relations.reports, at);
  const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
  await audit(ctx, { action, objectKind: 'report_category', objectId: id, at, detail });
  return reread(ctx, categoryResource, id, { bare: Boolean(input._relations) });
}

/**
 * Bring the reports of a category, as far as the actor sees them, to exactly the list given. A report that changes its
 * place by that must be one the actor may edit.
 */
async function fileReports(ctx: Ctx, categoryId: string, given: readonly string[], at: Date): Promise<void> {
  const ids = [...new Set(given.map((id) => id.toLowerCase()))];
  const columns = {
    id: reports.id,
    ownerId: reports.ownerId,
    isSystem: reports.isSystem,
    categoryId: reports.categoryId,
  };
  const listed = await ctx.db
    .select(columns)
    .from(reports)
    .where(anyOf(reports.id, ids))
    .orderBy(reports.id)
    .for('update');
  if (listed.length < ids.length) throw badRequest('Bad Request: _relations.reports: no such report');
  const leaving = await ctx.db
    .select(columns)
    .from(reports)
    .where(and(eq(reports.categoryId, categoryId), not(anyOf(reports.id, ids)), visibleReports(ctx.actor)))
    .orderBy(reports.id)
    .for('update');
  const coming = listed.filter((report) => report.categoryId !== categoryId);
  const locked = [...coming, ...leaving].find((report) => !mayEdit(ctx.actor, report.isSystem ? null : report.ownerId));
  if (locked) throw forbidden();
  const move = async (moved: readonly { id: string }[], to: string | null): Promise<void> => {
    const movedIds = moved.map((report) => report.id);
    await ctx.db.update(reports).set({ categoryId: to, updatedAt: at }).where(anyOf(reports.id, movedIds));
  };
  await move(leaving, null);
  await move(coming, categoryId);
}
