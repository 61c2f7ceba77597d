import { asc, type SQL, sql } from 'drizzle-orm';
import { reports } from '../../store/schema/definitions.ts';
import type { Ctx } from '../context.ts';
import type { Blocker } from '../resources/blocked.ts';
import { visibleReports } from './resource.ts';

const MOST_NAMED = 100;

/** Reports that stand in the way of a delete: all by id, by name those that the actor sees. At most 100. */
export async function visibleBlockers(ctx: Ctx, where: SQL): Promise<Blocker[]> {
  const blocking = await ctx.db
    .select({ id: reports.id, name: reports.name })
    .from(reports)
    .where(where)
    .orderBy(asc(reports.createdAt), asc(reports.id))
    .limit(MOST_NAMED);
  const seen = visibleReports(ctx.actor);
  if (!seen || blocking.length === 0) return blocking;
  const named = await ctx.db.select({ id: reports.id }).from(reports).where(sql`(${where}) and (${seen})`);
  const ids = new Set(named.map((row) => row.id));
  return blocking.map((report) => (ids.has(report.id) ? report : { id: report.id }));
}
