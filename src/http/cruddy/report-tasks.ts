import { createReportTask } from '../../operations/report-tasks/create.ts';
import { deleteReportTask } from '../../operations/report-tasks/delete.ts';
import { taskResource } from '../../operations/report-tasks/resource.ts';
import { createTaskSchema, updateTaskSchema } from '../../operations/report-tasks/schemas.ts';
import { updateReportTask } from '../../operations/report-tasks/update.ts';
import type { Family } from './family.ts';
import { addNoun } from './resource-routes.ts';

/** Report tasks as definitions; running, pausing and the like are in `report-task-actions.ts`. */
export function addReportTaskRoutes(family: Family): void {
  addNoun(family, {
    resource: taskResource,
    path: '/report_tasks',
    create: { schema: createTaskSchema, verb: createReportTask },
    update: { schema: updateTaskSchema, verb: updateReportTask },
    remove: deleteReportTask,
    plainBadRequest: ['interval', 'instance', 'report_id'],
    actions: ['run', 'pause', 'resume', 'test-send', 'next_runs'],
  });
}
