import { asc, eq, inArray } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../../errors.ts';
import { dashboardGroups, dashboards, dashboardUsers, widgets } from '../../store/schema/definitions.ts';
import { requireVisible } from '../access/rights.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { reread } from '../resources/get.ts';
import type { Model } from '../resources/resource.ts';
import { dashboardResource, sharedDashboards } from './resource.ts';

const MAX_COPIES = 50;
/** So that the copy's name keeps within what names may have. */
const KEPT_OF_NAME = 240;

/**
 * Copy a dashboard with its settings, widgets and the users and groups it is shared with: whoever sees it, and then
 * owns the copy. It is named `<name>-Копия N`, N the first free number of 1 to 50.
 *
 * @throws BroadsheetError `conflict` when all 50 are taken. The text is the documented one; the documented status is
 * 500, which says that the server broke and invites retries, while it is the caller who must rename or delete copies.
 */
export async function copyDashboard({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<Model> {
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const { db } = inner;
    const [source] = await db.select().from(dashboards).where(eq(dashboards.id, input.id)).for('update');
    if (!source) throw notFound(`${dashboardResource.noun} not found`);
    await requireVisible(inner, sharedDashboards, source.id);
    const [copy] = await db
      .insert(dashboards)
      .values({
        name: await freeName(inner, source.name),
        config: source.config,
        ownerId: ctx.actor.userId,
        createdAt: at,
        updatedAt: at,
      })
      .returning({ id: dashboards.id });
    if (!copy) throw new Error('an insert returned no row');
    const ids = await copyWidgets(inner, source.id, copy.id, at);
    await db
      .update(dashboards)
      .set({ config: withNewIds(source.config, ids) })
      .where(eq(dashboards.id, copy.id));
    await copyLinks(inner, dashboardUsers, source.id, copy.id);
    await copyLinks(inner, dashboardGroups, source.id, copy.id);
    const detail = { copied_from: source.id };
    await audit(inner, { action: 'dashboard.copy', objectKind: 'dashboard', objectId: copy.id, at, detail });
    return reread(inner, dashboardResource, copy.id);
  });
}

/** Two copies made at once wait for each other at the source's row, so that a free name stays free. */
async function freeName(ctx: Ctx, name: string): Promise<string> {
  const base = [...name].slice(0, KEPT_OF_NAME).join('');
  const names = Array.from({ length: MAX_COPIES }, (_, index) => `${base}-Копия ${index + 1}`);
  const taken = await ctx.db.select({ name: dashboards.name }).from(dashboards).where(inArray(dashboards.name, names));
  const free = names.find((candidate) => !taken.some((row) => row.name === candidate));
  if (free === undefined) {
    throw new BroadsheetError('conflict', 'can’t select name for dashboard copy: rename or delete earlier copies');
  }
  return free;
}

/** Copies the widgets, a millisecond apart because they stand in the order of their making; ids by the originals'. */
async function copyWidgets(ctx: Ctx, from: string, to: string, at: Date): Promise<Map<string, string>> {
  const originals = await ctx.db
    .select()
    .from(widgets)
    .where(eq(widgets.dashboardId, from))
    .orderBy(asc(widgets.createdAt), asc(widgets.id));
  const ids = new Map<string, string>();
  for (const [index, { name, config, settings, id }] of originals.entries()) {
    const madeAt = new Date(at.getTime() + index);
    const [row] = await ctx.db
      .insert(widgets)
      .values({ name, config, settings, dashboardId: to, createdAt: madeAt, updatedAt: madeAt })
      .returning({ id: widgets.id });
    if (row) ids.set(id, row.id);
  }
  return ids;
}

/** Items of the grid that name a widget by its id name the widget's copy. */
function withNewIds(config: Record<string, unknown>, ids: ReadonlyMap<string, string>): Record<string, unknown> {
  if (!Array.isArray(config.grid)) return config;
  const grid = config.grid.map((item: unknown) =>
    item === null || typeof item !== 'object' || Array.isArray(item)
      ? item
      : Object.fromEntries(
          Object.entries(item).map(([key, value]) => [
            key,
            typeof value === 'string' ? (ids.get(value) ?? value) : value,
          ]),
        ),
  );
  return { ...config, grid };
}

async function copyLinks(
  ctx: Ctx,
  table: typeof dashboardUsers | typeof dashboardGroups,
  from: string,
  to: string,
): Promise<void> {
  const links = await ctx.db.select({ memberId: table.memberId }).from(table).where(eq(table.objectId, from));
  if (links.length > 0) await ctx.db.insert(table).values(links.map(({ memberId }) => ({ objectId: to, memberId })));
}
