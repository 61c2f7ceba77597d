import { dashboardResource } from '../dashboards/resource.ts';
import { groupResource } from '../groups/resource.ts';
import { categoryResource } from '../report-categories/resource.ts';
import { taskResource } from '../report-tasks/resource.ts';
import { reportResource } from '../reports/resource.ts';
import { userResource } from '../users/resource.ts';
import { widgetResource } from '../widgets/resource.ts';
import type { Resource, ResourceName } from './resource.ts';

const RESOURCES: Readonly<Record<ResourceName, Resource>> = {
  users: userResource,
  groups: groupResource,
  dashboards: dashboardResource,
  widgets: widgetResource,
  report_category: categoryResource,
  reports: reportResource,
  report_tasks: taskResource,
};

export const resourceOf = (name: ResourceName): Resource => RESOURCES[name];
