import { and, asc, eq, ne, sql } from 'drizzle-orm';
import { deliveries, documents } from '../../store/schema/runs.ts';
import { subtasks } from '../../store/schema/tasks.ts';
import { readTaskLog } from '../../tasks/step-log.ts';
import type { Ctx } from '../context.ts';
import { getResource } from '../resources/get.ts';
import type { Model } from '../resources/resource.ts';
import { requireVisibleRun } from './internal.ts';
import { runResource } from './resource.ts';

/** Lines of a log that are shown at most. */
const LOG_LIMIT = 5_000;

/**
 * A run with its document, all files it became, its deliveries and its steps.
 * @throws BroadsheetError `not_found` or `forbidden`.
 */
export async function getRun({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<Model> {
  const model = await getResource({ ctx, resource: runResource, input });
  const taskInstanceId = model.task_instance_id as number | null;
  const [files, ledger, steps] = await Promise.all([
    ctx.db
      .select(documentFields)
      .from(documents)
      .where(and(eq(documents.runId, input.id), ne(documents.role, 'preview')))
      .orderBy(sql`${documents.role} = 'main' desc`, asc(documents.kind)),
    ctx.db
      .select(deliveryFields)
      .from(deliveries)
      .where(eq(deliveries.runId, input.id))
      .orderBy(asc(deliveries.recipient)),
    taskInstanceId === null
      ? []
      : ctx.db
          .select(stepFields)
          .from(subtasks)
          .where(eq(subtasks.taskInstanceId, taskInstanceId))
          .orderBy(asc(subtasks.id)),
  ]);
  const document = files.find(({ role }) => role === 'main') ?? null;
  return { ...model, document, documents: files, deliveries: ledger, steps };
}

/**
 * What the run's steps have noted, oldest first.
 * @throws BroadsheetError `not_found` or `forbidden`.
 */
export async function getRunLog({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<Model[]> {
  const run = await requireVisibleRun(ctx, input.id);
  if (run.taskInstanceId === null) return [];
  const lines = await readTaskLog(ctx.db, run.taskInstanceId, LOG_LIMIT);
  return lines.map(({ subtaskId, ...line }) => ({ ...line, step_id: subtaskId }));
}

const documentFields = {
  id: documents.id,
  name: documents.name,
  kind: documents.kind,
  role: documents.role,
  media_type: documents.mediaType,
  size: documents.size,
  pages: documents.pages,
  sha256: documents.sha256,
};

const deliveryFields = {
  id: deliveries.id,
  channel: deliveries.channel,
  recipient: deliveries.recipient,
  role: deliveries.role,
  state: deliveries.state,
  message_id: deliveries.messageId,
  attempts: deliveries.attempts,
  response: deliveries.response,
  sent_at: deliveries.sentAt,
};

const stepFields = {
  id: subtasks.id,
  name: subtasks.name,
  state: subtasks.state,
  operation: subtasks.operation,
  attempt: subtasks.attempt,
  error: subtasks.error,
  ready_at: subtasks.readyAt,
  started_at: subtasks.startedAt,
  finished_at: subtasks.finishedAt,
};
