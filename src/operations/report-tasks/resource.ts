import { eq, or, sql } from 'drizzle-orm';
import type { Locale } from '../../definition/definition.ts';
import { intervalInWords } from '../../period/interval-words.ts';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import type { Actor } from '../context.ts';
import { visibleReports } from '../reports/resource.ts';
import { modelFields, type Resource } from '../resources/resource.ts';
import { SHORT_USER, TASK_REPORT } from '../resources/shapes.ts';

/** Tasks the actor sees: its own, and those of the reports it sees. */
function visibleTasks(actor: Actor) {
  const seen = visibleReports(actor);
  if (!seen) return undefined;
  const ofSeenReport = sql`exists (select 1 from ${reports} where ${reports.id} = ${reportTasks.reportId} and (${seen}))`;
  return actor.userId === null ? ofSeenReport : or(eq(reportTasks.ownerId, actor.userId), ofSeenReport);
}

/** The cruddy v2 task (interval, instance, report) and our additions to it. */
export const taskResource: Resource = {
  name: 'report_tasks',
  noun: 'report task',
  table: reportTasks,
  id: reportTasks.id,
  fields: {
    ...modelFields(reportTasks),
    interval: { column: reportTasks.interval, type: 'string' },
    instance: { column: reportTasks.instance, type: 'uuid' },
    report_id: { column: reportTasks.reportId, type: 'uuid' },
    time_zone: { column: reportTasks.timeZone, type: 'string' },
    locale: { column: reportTasks.locale, type: 'string' },
    enabled: { column: reportTasks.enabled, type: 'boolean' },
    start_at: { column: reportTasks.startAt, type: 'date' },
    end_at: { column: reportTasks.endAt, type: 'date' },
    misfire_policy: { column: reportTasks.misfirePolicy, type: 'string' },
    overlap_policy: { column: reportTasks.overlapPolicy, type: 'string' },
    on_partial: { column: reportTasks.onPartial, type: 'string' },
    outputs: { column: reportTasks.outputs, type: 'list' },
    mail_preview: { column: reportTasks.mailPreview, type: 'boolean' },
    recipients: { column: reportTasks.recipients, type: 'json' },
    reply_to: { column: reportTasks.replyTo, type: 'string' },
    subject: { column: reportTasks.subject, type: 'string' },
    message: { column: reportTasks.message, type: 'string' },
    next_run_at: { column: reportTasks.nextRunAt, type: 'date' },
    unserved_since: { column: reportTasks.unservedSince, type: 'date' },
    owner_id: { column: reportTasks.ownerId, type: 'uuid', hidden: true },
  },
  relations: {
    report: { kind: 'one', target: 'reports', key: 'report_id', shape: TASK_REPORT, scoped: true },
    owner: { kind: 'one', target: 'users', key: 'owner_id', shape: SHORT_USER },
  },
  visible: visibleTasks,
  derived: {
    interval_in_words: {
      type: 'string',
      of: (row) => intervalInWords(String(row.interval), row.locale as Locale),
    },
    unserved: { type: 'boolean', of: (row) => row.unserved_since !== null },
  },
};
