import { groupUsers, users } from '../../store/schema/access.ts';
import { audit } from '../audit.ts';
import type { Ctx } from '../context.ts';
import { reread } from '../resources/get.ts';
import { replaceLinks } from '../resources/links.ts';
import type { Model } from '../resources/resource.ts';
import { groupResource } from './resource.ts';
import type { CreateGroupInput, UpdateGroupInput } from './schemas.ts';

const members = { table: groupUsers, objectId: groupUsers.groupId, memberId: groupUsers.userId };

/** The columns that a write names, besides the name itself. */
export const groupColumns = (input: CreateGroupInput | UpdateGroupInput) => ({
  parentGroup: input.parent_group,
  realmId: input.realm_id,
  email: input.email,
  phoneNumber: input.phone_number,
  leaderId: input.leader_id,
  acceptRisk: input.accept_risk,
  visibleScanSchedules: input.visible_scan_schedules,
  stopScans: input.stop_scans,
  editedBy: input.edited_by,
});

/** The common end of create and update: members, audit row, answer. */
export async function finishGroup(
  ctx: Ctx,
  id: string,
  input: CreateGroupInput | UpdateGroupInput,
  action: string,
  at: Date,
): Promise<Model> {
  const linked = input._relations?.users ?? input.user_ids;
  if (linked) await replaceLinks(ctx, members, { table: users, id: users.id }, id, linked);
  const detail = { fields: Object.keys(input).filter((name) => name !== 'id') };
  await audit(ctx, { action, objectKind: 'group', objectId: id, at, detail });
  return reread(ctx, groupResource, id, { bare: Boolean(input._relations) });
}
