import { randomUUID } from 'node:crypto';
import { nextRunAt } from '../../../src/period/cron.ts';
import type { Db } from '../../../src/store/database.ts';
import { reports, reportTasks } from '../../../src/store/schema/definitions.ts';
import { FIXTURE_TIME } from '../../harness/context.ts';

export const INSTANCE = '868cf2e9-bd6d-4bac-96ba-2b08120d8cf9';

export async function createReportRow(db: Db, values: Partial<typeof reports.$inferInsert> = {}): Promise<string> {
  const [row] = await db
    .insert(reports)
    .values({ name: 'Weekly', createdAt: FIXTURE_TIME, updatedAt: FIXTURE_TIME, ...values })
    .returning({ id: reports.id });
  if (!row) throw new Error('no report was made');
  return row.id;
}

/** A task row as create leaves it: `next_run_at` is the first fire after `after`. */
export async function createTaskRow(
  db: Db,
  given: Partial<typeof reportTasks.$inferInsert> & { after: Date },
): Promise<string> {
  const { after, ...values } = given;
  const row = {
    interval: '0 9 * * *',
    instance: INSTANCE,
    timeZone: 'UTC',
    locale: 'en',
    overlapPolicy: 'parallel' as const,
    createdAt: FIXTURE_TIME,
    updatedAt: FIXTURE_TIME,
    ...values,
    id: values.id ?? randomUUID(),
    reportId: values.reportId ?? (await createReportRow(db)),
  };
  const schedule = { ...row, enabled: row.enabled ?? true, startAt: row.startAt ?? null, endAt: row.endAt ?? null };
  await db.insert(reportTasks).values({ nextRunAt: nextRunAt(schedule, after), ...row });
  return row.id;
}
