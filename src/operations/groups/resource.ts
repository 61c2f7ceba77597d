import { groups, groupUsers } from '../../store/schema/access.ts';
import { modelFields, type Resource } from '../resources/resource.ts';
import { SHORT_USER } from '../resources/shapes.ts';

export const groupResource: Resource = {
  name: 'groups',
  noun: 'group',
  table: groups,
  id: groups.id,
  fields: {
    ...modelFields(groups),
    name: { column: groups.name, type: 'string' },
    parent_group: { column: groups.parentGroup, type: 'string' },
    realm_id: { column: groups.realmId, type: 'string' },
    email: { column: groups.email, type: 'string' },
    phone_number: { column: groups.phoneNumber, type: 'string' },
    leader_id: { column: groups.leaderId, type: 'string' },
    accept_risk: { column: groups.acceptRisk, type: 'boolean' },
    visible_scan_schedules: { column: groups.visibleScanSchedules, type: 'boolean' },
    stop_scans: { column: groups.stopScans, type: 'boolean' },
    edited_by: { column: groups.editedBy, type: 'string' },
  },
  relations: {
    users: {
      kind: 'link',
      target: 'users',
      table: groupUsers,
      objectId: groupUsers.groupId,
      memberId: groupUsers.userId,
      shape: SHORT_USER,
      idsField: 'user_ids',
    },
  },
  visible: () => undefined,
};
