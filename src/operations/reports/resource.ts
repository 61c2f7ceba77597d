import { eq, or } from 'drizzle-orm';
import { reportGroups, reports, reportTasks, reportUsers } from '../../store/schema/definitions.ts';
import { type SharedTable, visibleTo } from '../access/rights.ts';
import type { Actor } from '../context.ts';
import { modelFields, type Resource, whole } from '../resources/resource.ts';
import { SHORT_CATEGORY, SHORT_GROUP, SHORT_TASK, SHORT_USER, WHOLE_DASHBOARD } from '../resources/shapes.ts';

export const sharedReports: SharedTable = {
  table: reports,
  id: reports.id,
  ownerId: reports.ownerId,
  users: reportUsers,
  groups: reportGroups,
};

/** Reports the actor sees: its own, shared and system ones. For WHERE over `reports` only. */
export function visibleReports(actor: Actor) {
  const seen = visibleTo(actor, sharedReports);
  return seen && or(seen, eq(reports.isSystem, true));
}

export const reportResource: Resource = {
  name: 'reports',
  noun: 'report',
  table: reports,
  id: reports.id,
  fields: {
    ...modelFields(reports),
    name: { column: reports.name, type: 'string' },
    config: { column: reports.config, type: 'json' },
    settings: { column: reports.settings, type: 'json' },
    is_system: { column: reports.isSystem, type: 'boolean' },
    dashboard_id: { column: reports.dashboardId, type: 'uuid' },
    category_id: { column: reports.categoryId, type: 'uuid' },
    task_id: { column: reports.taskId, type: 'uuid' },
    owner_id: { column: reports.ownerId, type: 'uuid', hidden: true },
  },
  relations: {
    category: { kind: 'one', target: 'report_category', key: 'category_id', shape: SHORT_CATEGORY },
    dashboard: { kind: 'one', target: 'dashboards', key: 'dashboard_id', shape: WHOLE_DASHBOARD },
    owner: { kind: 'one', target: 'users', key: 'owner_id', shape: SHORT_USER },
    users: {
      kind: 'link',
      target: 'users',
      table: reportUsers,
      objectId: reportUsers.objectId,
      memberId: reportUsers.memberId,
      shape: SHORT_USER,
    },
    groups: {
      kind: 'link',
      target: 'groups',
      table: reportGroups,
      objectId: reportGroups.objectId,
      memberId: reportGroups.memberId,
      shape: SHORT_GROUP,
    },
    task: { kind: 'one', target: 'report_tasks', key: 'task_id', shape: SHORT_TASK },
    tasks: { kind: 'many', target: 'report_tasks', key: reportTasks.reportId, shape: whole() },
  },
  visible: visibleReports,
};
