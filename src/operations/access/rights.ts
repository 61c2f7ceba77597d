import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { forbidden, notFound } from '../../errors.ts';
import type { Role } from '../../store/schema/access.ts';
import type { Actor, Ctx } from '../context.ts';
import { anyOf } from '../resources/any-of.ts';

/**
 * Who may do what. Owner, listed users, members of listed groups and admins SEE an object (get, search, copy, generate,
 * its documents); its owner and admins EDIT it (update, delete, links). What exists but is not permitted answers 403,
 * what does not exist 404; a search simply leaves out what its caller does not see.
 *
 * - dashboards, reports, sources: as above. A report on a dashboard shows that dashboard: access to the report is enough.
 * - widgets: as their dashboard.
 * - sources of a report that is printed: `principalsOf` in runs/principals.ts says in whose names they are read.
 * - reports with `is_system`: seen by everybody, edited by admins; only an admin sets the mark.
 * - report tasks: seen by who sees the report, or owns the task (without the report, if that is no longer shared with
 *   them: their runs fail then); edited by the task's owner, the report's owner, admins.
 *   Creating one edits the report (`task_id`); an `additional` one only reads it, and is its creator's.
 * - categories: seen by everybody, created by anybody, edited by their creator and admins.
 * - users and groups: seen by everybody, so that things can be shared; edited by admins.
 */
export interface SharedTable {
  readonly table: PgTable;
  readonly id: PgColumn;
  readonly ownerId: PgColumn;
  /** Link tables of listed users and groups, as `linkTable` of the schema makes them. */
  readonly users: MemberTable;
  readonly groups: MemberTable;
}

export type MemberTable = PgTable & { readonly objectId: PgColumn; readonly memberId: PgColumn };

export const isAdmin = (actor: Actor): boolean => actor.roles.includes('admin');

/** @throws BroadsheetError `forbidden` unless the actor has the role; admins have every role. */
export function requireRole(actor: Actor, role: Role): void {
  if (!isAdmin(actor) && !actor.roles.includes(role)) throw forbidden();
}

const NOBODY = sql`false`;

/** The condition on a shared table's rows that the actor sees them; undefined = all of them. For WHERE only. */
export function visibleTo(actor: Actor, shared: SharedTable): SQL | undefined {
  if (isAdmin(actor)) return undefined;
  if (actor.userId === null) return NOBODY;
  const linked = (members: MemberTable, member: SQL): SQL =>
    sql`exists (select 1 from ${members} where ${and(eq(members.objectId, shared.id), member)})`;
  return or(
    eq(shared.ownerId, actor.userId),
    linked(shared.users, eq(shared.users.memberId, actor.userId)),
    actor.groupIds.length > 0 ? linked(shared.groups, anyOf(shared.groups.memberId, actor.groupIds)) : undefined,
  );
}

/** Whether the actor may change a thing of this owner. */
export const mayEdit = (actor: Actor, ownerId: string | null): boolean =>
  isAdmin(actor) || (actor.userId !== null && actor.userId === ownerId);

/** @throws BroadsheetError `forbidden` */
export function requireEdit(actor: Actor, ownerId: string | null): void {
  if (!mayEdit(actor, ownerId)) throw forbidden();
}

/** @throws BroadsheetError `not_found` with the text given, or `forbidden` when it exists but the actor can't see it. */
export async function requireVisible(
  ctx: Ctx,
  shared: SharedTable,
  id: string,
  notFoundText = 'Not Found',
  also?: SQL,
): Promise<void> {
  const exists = ctx.db.select({ id: shared.id }).from(shared.table).where(eq(shared.id, id)).for('key share');
  if ((await exists).length === 0) throw notFound(notFoundText);
  const condition = visibleTo(ctx.actor, shared);
  if (condition === undefined) return;
  const seen = ctx.db
    .select({ id: shared.id })
    .from(shared.table)
    .where(and(eq(shared.id, id), also ? or(condition, also) : condition));
  if ((await seen).length === 0) throw forbidden();
}
