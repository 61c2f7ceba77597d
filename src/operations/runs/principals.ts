import { and, eq } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { groupUsers, users } from '../../store/schema/access.ts';
import { type dashboards, reports, type reportTasks } from '../../store/schema/definitions.ts';
import { anonymousActor } from '../access/authenticate.ts';
import type { Actor, Ctx } from '../context.ts';
import { visibleReports } from '../reports/resource.ts';
import type { Principal } from '../sources/rights.ts';

/** What a run prints, as it is stored. */
export interface RunDefinition {
  readonly task: typeof reportTasks.$inferSelect | null;
  readonly report: typeof reports.$inferSelect;
  readonly dashboard: typeof dashboards.$inferSelect | null;
}

/**
 * In whose names a run reads its sources. First whom it is made for: the task's owner, else the report's; deleted or
 * disabled, that owner has no rights left, and so has the run. Then whoever else decides what is asked and who gets to
 * see it: the report's owner (its dashboard, its readers) and the dashboard's (its widgets). Each of them must have the
 * rights, else a dashboard of one's own, on which somebody with more rights makes a report, would read what that
 * somebody may read. Where one of those is deleted, only admins can have changed the object since; a disabled one can
 * change nothing, so its rights count as they were.
 * @throws BroadsheetError `unprocessable` when the task's owner may no longer see the report.
 */
export async function principalsOf(ctx: Ctx, { task, report, dashboard }: RunDefinition): Promise<Principal[]> {
  const madeFor = task ? task.ownerId : report.ownerId;
  const actor = await actorOf(ctx, madeFor, { disabled: false });
  const principals: Principal[] = [{ actor, title: task ? 'the task’s owner' : 'the report’s owner' }];
  if (task && madeFor !== null && madeFor !== report.ownerId) await requireSeen(ctx, actor, report.id);
  const others = [
    { id: report.isSystem ? null : report.ownerId, title: 'the report’s owner' },
    { id: dashboard?.ownerId ?? null, title: 'the dashboard’s owner' },
  ];
  for (const { id, title } of others) {
    if (id !== null && id !== madeFor) principals.push({ actor: await actorOf(ctx, id, { disabled: true }), title });
  }
  return principals;
}

async function actorOf(ctx: Ctx, id: string | null, options: { disabled: boolean }): Promise<Actor> {
  if (id === null) return anonymousActor;
  const [user] = await ctx.db
    .select({ email: users.email, roles: users.roles })
    .from(users)
    .where(and(eq(users.id, id), options.disabled ? undefined : eq(users.disabled, false)));
  if (!user) return anonymousActor;
  const groups = await ctx.db.select({ groupId: groupUsers.groupId }).from(groupUsers).where(eq(groupUsers.userId, id));
  return { userId: id, ...user, groupIds: groups.map((group) => group.groupId) };
}

/** Who has a task on a report of somebody else's gets it as long as it is shared with them. */
async function requireSeen(ctx: Ctx, actor: Actor, reportId: string): Promise<void> {
  const seen = visibleReports(actor);
  if (!seen) return;
  const found = ctx.db
    .select({ id: reports.id })
    .from(reports)
    .where(and(eq(reports.id, reportId), seen));
  if ((await found).length === 0)
    throw new BroadsheetError('unprocessable', 'the task’s owner may no longer see the report');
}
