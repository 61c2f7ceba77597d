import { createRoute } from '@hono/zod-openapi';
import { copyDashboard } from '../../operations/dashboards/copy.ts';
import { createDashboard } from '../../operations/dashboards/create.ts';
import { deleteDashboard } from '../../operations/dashboards/delete.ts';
import { dashboardResource } from '../../operations/dashboards/resource.ts';
import { createDashboardSchema, updateDashboardSchema } from '../../operations/dashboards/schemas.ts';
import { updateDashboard } from '../../operations/dashboards/update.ts';
import { createCategory } from '../../operations/report-categories/create.ts';
import { deleteCategory } from '../../operations/report-categories/delete.ts';
import { categoryResource } from '../../operations/report-categories/resource.ts';
import { createCategorySchema, updateCategorySchema } from '../../operations/report-categories/schemas.ts';
import { updateCategory } from '../../operations/report-categories/update.ts';
import { createReport } from '../../operations/reports/create.ts';
import { deleteReport } from '../../operations/reports/delete.ts';
import { reportResource } from '../../operations/reports/resource.ts';
import { createReportSchema, updateReportSchema } from '../../operations/reports/schemas.ts';
import { updateReport } from '../../operations/reports/update.ts';
import { createWidget } from '../../operations/widgets/create.ts';
import { deleteWidget } from '../../operations/widgets/delete.ts';
import { widgetResource } from '../../operations/widgets/resource.ts';
import { createWidgetSchema, updateWidgetSchema } from '../../operations/widgets/schemas.ts';
import { updateWidget } from '../../operations/widgets/update.ts';
import { type Family, jsonReply } from './family.ts';
import { addNoun } from './resource-routes.ts';
import { errorBody, idParam, modelSchema } from './schemas.ts';
import { toWire } from './to-wire.ts';

/** Dashboards, widgets, categories and reports. */
export function addDefinitionRoutes(family: Family): void {
  addNoun(family, {
    resource: dashboardResource,
    path: '/dashboards',
    create: { schema: createDashboardSchema, verb: createDashboard },
    update: { schema: updateDashboardSchema, verb: updateDashboard },
    remove: deleteDashboard,
    actions: ['copy'],
  });
  addCopy(family);
  addNoun(family, {
    resource: widgetResource,
    path: '/widgets',
    create: { schema: createWidgetSchema, verb: createWidget },
    update: { schema: updateWidgetSchema, verb: updateWidget },
    remove: deleteWidget,
  });
  addNoun(family, {
    resource: categoryResource,
    path: '/report_category',
    create: { schema: createCategorySchema, verb: createCategory },
    update: { schema: updateCategorySchema, verb: updateCategory },
    remove: deleteCategory,
  });
  addNoun(family, {
    resource: reportResource,
    path: '/reports',
    create: { schema: createReportSchema, verb: createReport },
    update: { schema: updateReportSchema, verb: updateReport },
    remove: deleteReport,
    actions: ['generate'],
  });
}

function addCopy(family: Family): void {
  family.add(
    createRoute({
      method: 'post',
      path: '/dashboards/{id}/copy',
      summary: 'Copy a dashboard that the caller sees; the copy is the caller’s',
      request: { params: idParam },
      responses: {
        201: jsonReply(modelSchema(dashboardResource), 'The copy'),
        409: jsonReply(errorBody, 'It has 50 copies already'),
      },
    }),
    async ({ ctx, params }, c) => c.json(toWire(await copyDashboard({ ctx, input: params })) as object, 201),
  );
}
