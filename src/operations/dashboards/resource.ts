import { dashboardGroups, dashboards, dashboardUsers, widgets } from '../../store/schema/definitions.ts';
import { type SharedTable, visibleTo } from '../access/rights.ts';
import { modelFields, type Resource, whole } from '../resources/resource.ts';
import { SHORT_GROUP, SHORT_USER } from '../resources/shapes.ts';

export const sharedDashboards: SharedTable = {
  table: dashboards,
  id: dashboards.id,
  ownerId: dashboards.ownerId,
  users: dashboardUsers,
  groups: dashboardGroups,
};

export const dashboardResource: Resource = {
  name: 'dashboards',
  noun: 'dashboard',
  table: dashboards,
  id: dashboards.id,
  fields: {
    ...modelFields(dashboards),
    trace_id: { column: dashboards.traceId, type: 'string' },
    name: { column: dashboards.name, type: 'string' },
    config: { column: dashboards.config, type: 'json' },
    owner_id: { column: dashboards.ownerId, type: 'uuid', hidden: true },
  },
  relations: {
    owner: { kind: 'one', target: 'users', key: 'owner_id', shape: SHORT_USER },
    users: {
      kind: 'link',
      target: 'users',
      table: dashboardUsers,
      objectId: dashboardUsers.objectId,
      memberId: dashboardUsers.memberId,
      shape: SHORT_USER,
      idsField: 'user_ids',
    },
    groups: {
      kind: 'link',
      target: 'groups',
      table: dashboardGroups,
      objectId: dashboardGroups.objectId,
      memberId: dashboardGroups.memberId,
      shape: SHORT_GROUP,
      idsField: 'group_ids',
    },
    widgets: { kind: 'many', target: 'widgets', key: widgets.dashboardId, shape: whole() },
  },
  visible: (actor) => visibleTo(actor, sharedDashboards),
};
