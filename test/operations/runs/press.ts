import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import type { Channel, Outcome } from '../../../src/deliver/channel.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { createRun } from '../../../src/operations/runs/create-run.ts';
import type { PrintedReport, RunParts } from '../../../src/operations/runs/parts.ts';
import { readWhole } from '../../../src/store/blobs/blob-store.ts';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import type { Db } from '../../../src/store/database.ts';
import { reports, reportTasks } from '../../../src/store/schema/definitions.ts';
import { deliveries, runs, type WidgetOutcome } from '../../../src/store/schema/runs.ts';
import { FIXTURE_TIME } from '../../harness/context.ts';

export interface Press {
  print?: RunParts['print'];
  send?: Channel['send'];
  blobs?: RunParts['blobs'];
}

/** Parts whose printing and sending are given by the test: only the work of runs is under test, with the real ledger. */
export function partsOf(db: Db, press: Press = {}): RunParts {
  const blobs = press.blobs ?? postgresChunks;
  const email: Channel = {
    destination: 'test',
    send: async (letter, signal, handOver) => {
      await handOver();
      return press.send ? press.send(letter, signal, handOver) : sent;
    },
  };
  return {
    blobs,
    print: press.print ?? (async () => printed()),
    post: { channels: { email }, readDocument: (id, signal) => readWhole(postgresChunks, db, id, signal) },
  };
}

export const sent: Outcome = { state: 'SENT', response: '250 ok' };

export function printed({
  bytes = Buffer.from('%PDF-1.7 test'),
  name = 'report.pdf',
  ...more
}: Partial<PrintedReport> & { bytes?: Buffer; name?: string } = {}): PrintedReport {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const document = { kind: 'pdf', bytes, sha256, name, mediaType: 'application/pdf', pages: 1 } as const;
  return { files: [document], widgets: [], warnings: [], manifest: {}, ...more };
}

export const failedWidget: WidgetOutcome = { widget_id: 'w', name: 'w', state: 'failed', rows: 0, message: 'no table' };

/** A report and a task on it. */
export async function createTask(
  db: Db,
  task: Partial<typeof reportTasks.$inferInsert> & { instance: string },
): Promise<string> {
  const times = { createdAt: FIXTURE_TIME, updatedAt: FIXTURE_TIME };
  const [report] = await db
    .insert(reports)
    .values({ name: 'Test report', ownerId: task.ownerId ?? null, ...times })
    .returning({ id: reports.id });
  const [row] = await db
    .insert(reportTasks)
    .values({
      interval: '0 9 * * *',
      reportId: report?.id as string,
      timeZone: 'UTC',
      locale: 'en',
      recipients: { to: ['a@example.test'], cc: [], bcc: [] },
      ...task,
      ...times,
    })
    .returning({ id: reportTasks.id });
  return row?.id as string;
}

let minute = 0;

/** Fire a task, at an instant of its own unless told otherwise. */
export async function fire(
  ctx: Ctx,
  taskId: string,
  scheduledFor = new Date(FIXTURE_TIME.getTime() + minute++ * 60_000),
) {
  return createRun({ ctx, input: { taskId, scheduledFor, trigger: 'schedule' } });
}

export async function runOf(db: Db, id: string) {
  const [run] = await db.select().from(runs).where(eq(runs.id, id));
  if (!run) throw new Error('no such run');
  return run;
}

export const ledgerOf = (db: Db, runId: string) =>
  db.select().from(deliveries).where(eq(deliveries.runId, runId)).orderBy(deliveries.recipient);

/** Resolves never; rejects when the signal is aborted, as a query or a mail on its way does. */
export async function hang(signal: AbortSignal): Promise<never> {
  await sleep(3_600_000, undefined, { signal });
  throw new Error('unreachable');
}
