import { only, type Shape, whole } from './resource.ts';

/** How a user looks inside another object. */
export const SHORT_USER = only('id', 'email', 'first_name', 'last_name', 'username');

/** How a group looks inside another object. */
export const SHORT_GROUP: Shape = {
  fields: [
    'id',
    'name',
    'parent_group',
    'realm_id',
    'email',
    'phone_number',
    'leader_id',
    'accept_risk',
    'visible_scan_schedules',
    'stop_scans',
    'edited_by',
  ],
  relations: { users: 'ids' },
};

/** A category inside a report: without its reports. */
export const SHORT_CATEGORY = only('id', 'created_at', 'updated_at', 'name', 'parent_id');

/** A task inside its report: five fields, where the recursion stops (cruddy.md §2.3). */
export const SHORT_TASK = only('id', 'created_at', 'updated_at', 'interval', 'instance');

/** A dashboard inside a report. */
export const WHOLE_DASHBOARD = whole({
  owner: SHORT_USER,
  users: SHORT_USER,
  groups: SHORT_GROUP,
  widgets: whole(),
});

/** A report inside its category: as in a task, without the category that holds it. */
export const CATEGORY_REPORT = whole({
  dashboard: WHOLE_DASHBOARD,
  owner: SHORT_USER,
  users: SHORT_USER,
  groups: SHORT_GROUP,
  task: SHORT_TASK,
});

/** A report inside a task. */
export const TASK_REPORT = whole({ category: SHORT_CATEGORY, ...CATEGORY_REPORT.relations, tasks: SHORT_TASK });
