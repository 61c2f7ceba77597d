import { groupUsers, users } from '../../store/schema/access.ts';
import { modelFields, only, type Resource } from '../resources/resource.ts';

export const userResource: Resource = {
  name: 'users',
  noun: 'user',
  table: users,
  id: users.id,
  fields: {
    ...modelFields(users),
    email: { column: users.email, type: 'string' },
    first_name: { column: users.firstName, type: 'string' },
    last_name: { column: users.lastName, type: 'string' },
    username: { column: users.username, type: 'string' },
    roles: { column: users.roles, type: 'strings' },
    disabled: { column: users.disabled, type: 'boolean' },
  },
  relations: {
    groups: {
      kind: 'link',
      target: 'groups',
      table: groupUsers,
      objectId: groupUsers.userId,
      memberId: groupUsers.groupId,
      shape: only('id', 'name'),
      idsField: 'group_ids',
    },
  },
  visible: () => undefined,
};
