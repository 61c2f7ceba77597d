import { and, eq, not } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { badRequest } from '../../errors.ts';
import { groups, users } from '../../store/schema/access.ts';
import type { MemberTable } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { anyOf } from './any-of.ts';

/** Which users and groups a write links: absent or null leaves a set as it is, a list brings it to exactly that. */
export interface MemberSets {
  readonly users: readonly string[] | null | undefined;
  readonly groups: readonly string[] | null | undefined;
}

/** Bring an object's listed users and groups to the sets given. Call it inside the write's transaction. */
export async function shareWith(
  ctx: Ctx,
  shared: { readonly users: MemberTable; readonly groups: MemberTable },
  objectId: string,
  sets: MemberSets,
): Promise<void> {
  if (sets.users) await replaceLinks(ctx, linksOf(shared.users), { table: users, id: users.id }, objectId, sets.users);
  if (sets.groups)
    await replaceLinks(ctx, linksOf(shared.groups), { table: groups, id: groups.id }, objectId, sets.groups);
}

const linksOf = (table: MemberTable): LinkTable => ({ table, objectId: table.objectId, memberId: table.memberId });

/** A table of links: which of its two columns is the object whose set is brought about, which its members. */
export interface LinkTable {
  readonly table: PgTable;
  readonly objectId: PgColumn;
  readonly memberId: PgColumn;
}

/**
 * Bring the members linked to an object to exactly `ids`. The members are locked against deletion meanwhile.
 * @throws BroadsheetError `bad_request` when one of them does not exist.
 */
export async function replaceLinks(
  ctx: Ctx,
  links: LinkTable,
  members: { readonly table: PgTable; readonly id: PgColumn },
  objectId: string,
  given: readonly string[],
): Promise<void> {
  const ids = [...new Set(given.map((id) => id.toLowerCase()))].sort();
  const known = await ctx.db
    .select({ id: members.id })
    .from(members.table)
    .where(anyOf(members.id, ids))
    .orderBy(members.id)
    .for('key share');
  const found = new Set(known.map((row) => row.id as string));
  const unknown = ids.find((id) => !found.has(id));
  if (unknown !== undefined) throw badRequest(`Bad Request: _relations: nothing has the id ${unknown}`);
  await ctx.db.delete(links.table).where(and(eq(links.objectId, objectId), not(anyOf(links.memberId, ids))));
  if (ids.length === 0) return;
  const [objectKey, memberKey] = [keyOf(links.table, links.objectId), keyOf(links.table, links.memberId)];
  await ctx.db
    .insert(links.table)
    .values(ids.map((id) => ({ [objectKey]: objectId, [memberKey]: id })) as never)
    .onConflictDoNothing();
}

/** The property of a table under which a column stands: inserts go by it. */
function keyOf(table: PgTable, column: PgColumn): string {
  const entry = Object.entries(table).find(([, value]) => value === column);
  if (!entry) throw new TypeError('the column is not of the table');
  return entry[0];
}
