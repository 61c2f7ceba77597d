import { audit } from '../audit.ts';
import type { Ctx } from '../context.ts';
import { reread } from '../resources/get.ts';
import { shareWith } from '../resources/links.ts';
import type { Model } from '../resources/resource.ts';
import { dashboardResource, sharedDashboards } from './resource.ts';
import type { CreateDashboardInput, UpdateDashboardInput } from './schemas.ts';

/** The common end of create and update: who it is shared with, audit row, answer. */
export async function finishDashboard(
  ctx: Ctx,
  id: string,
  input: CreateDashboardInput | UpdateDashboardInput,
  action: string,
  at: Date,
): Promise<Model> {
  await shareWith(ctx, sharedDashboards, id, {
    users: input._relations?.users ?? input.user_ids,
    groups: input._relations?.groups ?? input.group_ids,
  });
  const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
  await audit(ctx, { action, objectKind: 'dashboard', objectId: id, at, detail });
  return reread(ctx, dashboardResource, id, { bare: Boolean(input._relations) });
}
