import { eq, or, sql } from 'drizzle-orm';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { runs } from '../../store/schema/runs.ts';
import type { Actor } from '../context.ts';
import { visibleReports } from '../reports/resource.ts';
import { modelFields, only, type Resource } from '../resources/resource.ts';
import { SHORT_TASK, SHORT_USER } from '../resources/shapes.ts';

/** Runs the actor sees: those it asked for, those of its own tasks, and those of the reports it sees. */
export function visibleRuns(actor: Actor) {
  const seen = visibleReports(actor);
  if (!seen) return undefined;
  const ofReport = sql`exists (select 1 from ${reports} where ${reports.id} = ${runs.reportId} and (${seen}))`;
  if (actor.userId === null) return ofReport;
  const ofTask = sql`exists (select 1 from ${reportTasks}
    where ${reportTasks.id} = ${runs.taskId} and ${reportTasks.ownerId} = ${actor.userId})`;
  return or(eq(runs.requestedBy, actor.userId), ofTask, ofReport);
}

/** A run as the API shows it. Ours: cruddy v2 has no runs, so its words are our own, its conventions the family's. */
export const runResource: Resource = {
  name: 'runs',
  noun: 'run',
  table: runs,
  id: runs.id,
  fields: {
    ...modelFields(runs),
    task_id: { column: runs.taskId, type: 'uuid' },
    report_id: { column: runs.reportId, type: 'uuid' },
    instance: { column: runs.instance, type: 'uuid' },
    trigger: { column: runs.trigger, type: 'string' },
    scheduled_for: { column: runs.scheduledFor, type: 'date' },
    requested_by: { column: runs.requestedBy, type: 'uuid' },
    state: { column: runs.state, type: 'string' },
    reason: { column: runs.reason, type: 'string' },
    params: { column: runs.params, type: 'json' },
    task_instance_id: { column: runs.taskInstanceId, type: 'integer' },
    widgets: { column: runs.widgets, type: 'list' },
    warnings: { column: runs.warnings, type: 'list' },
    timings: { column: runs.timings, type: 'json' },
    error: { column: runs.error, type: 'json' },
    started_at: { column: runs.startedAt, type: 'date' },
    finished_at: { column: runs.finishedAt, type: 'date' },
  },
  relations: {
    report: { kind: 'one', target: 'reports', key: 'report_id', shape: only('id', 'name') },
    task: { kind: 'one', target: 'report_tasks', key: 'task_id', shape: SHORT_TASK },
    requester: { kind: 'one', target: 'users', key: 'requested_by', shape: SHORT_USER },
  },
  visible: visibleRuns,
};
