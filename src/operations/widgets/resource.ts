import { sql } from 'drizzle-orm';
import { dashboards, widgets } from '../../store/schema/definitions.ts';
import { visibleTo } from '../access/rights.ts';
import { sharedDashboards } from '../dashboards/resource.ts';
import { modelFields, type Resource } from '../resources/resource.ts';

export const widgetResource: Resource = {
  name: 'widgets',
  noun: 'widget',
  table: widgets,
  id: widgets.id,
  fields: {
    ...modelFields(widgets),
    name: { column: widgets.name, type: 'string' },
    config: { column: widgets.config, type: 'json' },
    settings: { column: widgets.settings, type: 'json' },
    dashboard_id: { column: widgets.dashboardId, type: 'uuid' },
  },
  relations: {},
  visible: (actor) => {
    const seen = visibleTo(actor, sharedDashboards);
    return (
      seen && sql`exists (select 1 from ${dashboards} where ${dashboards.id} = ${widgets.dashboardId} and (${seen}))`
    );
  },
};
