import { and, asc, eq, inArray, ne } from 'drizzle-orm';
import { notFound } from '../../errors.ts';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { deliveries, documents, runs } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';

/** Above this, each recipient's copy names only that recipient: long lists of addresses help nobody. */
const NAMED_RECIPIENTS = 100;

/** A delivery with all that its letter is made of. The document, task and report may be gone by now. */
export async function loadDelivery(ctx: Ctx, deliveryId: string) {
  const [row] = await ctx.db
    .select({ delivery: deliveries, run: runs, document: documents, task: reportTasks, reportName: reports.name })
    .from(deliveries)
    .innerJoin(runs, eq(runs.id, deliveries.runId))
    .leftJoin(documents, eq(documents.id, deliveries.documentId))
    .leftJoin(reportTasks, eq(reportTasks.id, runs.taskId))
    .leftJoin(reports, eq(reports.id, runs.reportId))
    .where(eq(deliveries.id, deliveryId));
  if (!row) throw notFound('delivery not found');
  return row;
}

export type LoadedDelivery = Awaited<ReturnType<typeof loadDelivery>>;

/** Who is named in the headers of every copy: the run's `to` and `cc`, never `bcc`. Empty when there are too many. */
export async function namedRecipients(ctx: Ctx, runId: string): Promise<{ recipient: string; role: string }[]> {
  const rows = await ctx.db
    .select({ recipient: deliveries.recipient, role: deliveries.role })
    .from(deliveries)
    .where(and(eq(deliveries.runId, runId), inArray(deliveries.role, ['to', 'cc'])))
    .orderBy(asc(deliveries.recipient))
    .limit(NAMED_RECIPIENTS + 1);
  return rows.length > NAMED_RECIPIENTS ? [] : rows;
}

/** What the run wrote besides its main document: further formats by their kind, and the mail's picture. */
export async function otherFiles(ctx: Ctx, runId: string): Promise<(typeof documents.$inferSelect)[]> {
  return ctx.db
    .select()
    .from(documents)
    .where(and(eq(documents.runId, runId), ne(documents.role, 'main')))
    .orderBy(asc(documents.kind));
}
