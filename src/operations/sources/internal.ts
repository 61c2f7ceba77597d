import { and, asc, eq, ne, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { engineOfUrl } from '../../engines/engines.ts';
import { BroadsheetError } from '../../errors.ts';
import type { Secrets } from '../../secrets.ts';
import { groupUsers, users } from '../../store/schema/access.ts';
import { dashboards, sourceGroups, sources, sourceUsers, widgets } from '../../store/schema/definitions.ts';
import { audit } from '../audit.ts';
import type { Ctx } from '../context.ts';
import { type Blocker, refuseIfBlocked } from '../resources/blocked.ts';
import { reread } from '../resources/get.ts';
import { shareWith } from '../resources/links.ts';
import type { Model } from '../resources/resource.ts';
import { widgetResource } from '../widgets/resource.ts';
import { sharedSources, sourceResource } from './resource.ts';
import type { CreateSourceInput, UpdateSourceInput } from './schemas.ts';

/** What a sealed URL is bound to: one copied to another source's row does not open. */
const contextOf = (id: string): string => `source:${id}`;

/** The stored columns of a connection URL. @throws BroadsheetError `bad_request` for a URL that no engine can use. */
export function sealUrl(secrets: Secrets, id: string, url: string) {
  const engine = engineOfUrl(url);
  // Checks the URL as a whole; no connection is made by it.
  void engine.connect(url, { connections: 1, allowPrivileged: false, applicationName: 'broadsheet' });
  return { kind: engine.kind, urlSealed: secrets.seal(url, contextOf(id)), urlMasked: engine.maskUrl(url) };
}

export const openUrl = (secrets: Secrets, source: { readonly id: string; readonly urlSealed: Buffer }): string =>
  secrets.open(Buffer.from(source.urlSealed), contextOf(source.id));

export const nameTaken = (): BroadsheetError => new BroadsheetError('conflict', 'source name is already taken');

/** @throws BroadsheetError `conflict` when another source has the name. */
export async function refuseTakenName(ctx: Ctx, id: string, name: string): Promise<void> {
  const taken = ctx.db
    .select({ id: sources.id })
    .from(sources)
    .where(and(eq(sources.name, name), ne(sources.id, id)));
  if ((await taken).length > 0) throw nameTaken();
}

const MOST_NAMED = 100;

/**
 * Series name their source: a source that widgets use must neither go nor change its name. Widgets of somebody who may
 * not read it don't count: they print nothing of it, and a stranger must not hold it.
 * @throws BroadsheetError `blocked` with those widgets, by name where the actor sees them.
 */
export async function refuseIfUsed(ctx: Ctx, id: string): Promise<void> {
  const [source] = await ctx.db.select({ name: sources.name }).from(sources).where(eq(sources.id, id));
  const variables = JSON.stringify({ name: source?.name ?? '' });
  const uses = (column: typeof widgets.config | typeof widgets.settings) =>
    sql`jsonb_path_exists(${column}, '$.series[*].source ? (@ == $name)', ${variables}::text::jsonb)`;
  const used = or(uses(widgets.config), uses(widgets.settings));
  const seen = widgetResource.visible(ctx.actor);
  const blockers = await ctx.db
    .select({ id: widgets.id, name: widgets.name, seen: sql<boolean>`${seen ?? sql`true`}` })
    .from(widgets)
    .innerJoin(dashboards, eq(dashboards.id, widgets.dashboardId))
    .where(and(used, readableBy(id, dashboards.ownerId)))
    .orderBy(asc(widgets.createdAt), asc(widgets.id))
    .limit(MOST_NAMED);
  refuseIfBlocked({
    widgets: blockers.map(
      (widget): Blocker => (widget.seen ? { id: widget.id, name: widget.name } : { id: widget.id }),
    ),
  });
}

/** Whether the user may read the source: `visibleTo` for a column. Where nobody owns the dashboard, admins do. */
function readableBy(id: string, user: PgColumn): SQL {
  return sql`(${user} is null
    or exists (select 1 from ${users} where ${users.id} = ${user} and 'admin' = any(${users.roles}))
    or exists (select 1 from ${sources} where ${sources.id} = ${id} and ${sources.ownerId} = ${user})
    or exists (select 1 from ${sourceUsers} where ${sourceUsers.objectId} = ${id} and ${sourceUsers.memberId} = ${user})
    or exists (select 1 from ${sourceGroups} join ${groupUsers} on ${groupUsers.groupId} = ${sourceGroups.memberId}
      where ${sourceGroups.objectId} = ${id} and ${groupUsers.userId} = ${user}))`;
}

/** The common end of create and update: who it is shared with, audit row (names of fields, never the URL), answer. */
export async function finishSource(
  ctx: Ctx,
  id: string,
  input: CreateSourceInput | UpdateSourceInput,
  action: string,
  at: Date,
): Promise<Model> {
  await shareWith(ctx, sharedSources, id, {
    users: input._relations?.users ?? input.user_ids,
    groups: input._relations?.groups ?? input.group_ids,
  });
  const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
  await audit(ctx, { action, objectKind: 'source', objectId: id, at, detail });
  return reread(ctx, sourceResource, id, { bare: Boolean(input._relations) });
}
