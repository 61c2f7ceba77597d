import { reports } from '../../store/schema/definitions.ts';
import { type Ctx, withTransaction } from '../context.ts';
import type { Model } from '../resources/resource.ts';
import { checkReportInput, finishReport } from './internal.ts';
import type { CreateReportInput } from './schemas.ts';

/** Anybody, on a dashboard it sees; the actor owns it. Objects of related nouns in the body are ignored. */
export async function createReport({ ctx, input }: { ctx: Ctx; input: CreateReportInput }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    await checkReportInput(inner, input);
    const [row] = await inner.db
      .insert(reports)
      .values({
        name: input.name,
        config: input.config ?? {},
        settings: input.settings ?? {},
        isSystem: input.is_system ?? false,
        dashboardId: input.dashboard_id ?? null,
        categoryId: input.category_id ?? null,
        ownerId: ctx.actor.userId,
        createdAt: at,
        updatedAt: at,
      })
      .returning({ id: reports.id });
    if (!row) throw new Error('an insert returned no row');
    return finishReport(inner, row.id, input, 'report.create', at);
  });
}
