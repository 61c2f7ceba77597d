import { and, asc, count, desc, eq, ilike, inArray } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../../errors.ts';
import { type WorkloadReportStatus, workloadReports } from '../../store/schema/fleet.ts';
import { documents } from '../../store/schema/runs.ts';
import { type DocumentFile, fileOf } from '../archive/open-file.ts';
import { removeFiles } from '../archive/remove-files.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { type ClusterRow, loadCluster } from '../fleet/internal.ts';
import type { Page, PageInput } from '../fleet/list-clusters.ts';
import type { WorkloadReportRow } from './create-report.ts';

export interface ListedReport {
  readonly report: WorkloadReportRow;
  /** Bytes of the HTML; null while there is none. */
  readonly size: number | null;
}

export interface ListWorkloadReportsInput extends PageInput {
  readonly clusterId: number;
  /** Parts of the report's and its creator's name, in any case. */
  readonly name?: string | undefined;
  readonly creator?: string | undefined;
  readonly status?: readonly WorkloadReportStatus[] | undefined;
  readonly sort?: { readonly by: keyof typeof SORTABLE; readonly descending: boolean } | undefined;
}

const SORTABLE = {
  id: workloadReports.id,
  name: workloadReports.name,
  beginReportTime: workloadReports.beginAt,
  endReportTime: workloadReports.endAt,
  generateTime: workloadReports.createdAt,
} as const;

export const sortableReportColumns = Object.keys(SORTABLE) as (keyof typeof SORTABLE)[];

const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

/**
 * The newest first: clients read the first page only, and look for their report's name. Who may write the cluster, as in OCP.
 * @throws BroadsheetError `not_found` for an unknown cluster, or `forbidden`.
 */
export async function listWorkloadReports({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListWorkloadReportsInput;
}): Promise<Page<ListedReport> & { readonly cluster: ClusterRow }> {
  const cluster = await loadCluster(ctx, input.clusterId, 'read_write');
  const { name, creator, status } = input;
  const where = and(
    eq(workloadReports.clusterId, input.clusterId),
    name === undefined ? undefined : ilike(workloadReports.name, containing(name)),
    creator === undefined ? undefined : ilike(workloadReports.creatorName, containing(creator)),
    status === undefined ? undefined : inArray(workloadReports.status, [...status]),
  );
  const { by, descending } = input.sort ?? { by: 'id', descending: true };
  const order = [(descending ? desc : asc)(SORTABLE[by]), desc(workloadReports.id)];
  // The ids alone are skipped over in the index; what they stand for is read of one page only.
  const page = ctx.db
    .select({ id: workloadReports.id })
    .from(workloadReports)
    .where(where)
    .orderBy(...order)
    .limit(input.size)
    .offset((input.page - 1) * input.size)
    .as('page');
  const [items, [total]] = await Promise.all([
    ctx.db
      .select({ report: workloadReports, size: documents.size })
      .from(page)
      .innerJoin(workloadReports, eq(workloadReports.id, page.id))
      .leftJoin(documents, eq(documents.id, workloadReports.htmlDocumentId))
      .orderBy(...order),
    ctx.db.select({ count: count() }).from(workloadReports).where(where),
  ]);
  return { cluster, items, total: total?.count ?? 0 };
}

const reportNotFound = (id: number): BroadsheetError =>
  notFound(`workload report ${id} not found`, { rule: 'report_not_found', id });

export interface OneReport {
  readonly clusterId: number;
  readonly reportId: number;
}

/** @throws BroadsheetError `not_found` for an unknown cluster or report, or `forbidden`. */
async function loadReport(ctx: Ctx, { clusterId, reportId }: OneReport): Promise<WorkloadReportRow> {
  await loadCluster(ctx, clusterId, 'read_write');
  const [row] = await ctx.db
    .select()
    .from(workloadReports)
    .where(and(eq(workloadReports.id, reportId), eq(workloadReports.clusterId, clusterId)));
  if (row === undefined) throw reportNotFound(reportId);
  return row;
}

/**
 * The file of a report that is made.
 * @throws BroadsheetError `not_found`, `forbidden`; `conflict` with `detail.taskInstanceId` while it is CREATING or after it FAILED.
 */
export async function openWorkloadReport({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: OneReport & { readonly format: 'html' | 'pdf' };
}): Promise<DocumentFile> {
  const report = await loadReport(ctx, input);
  const documentId = input.format === 'html' ? report.htmlDocumentId : report.pdfDocumentId;
  if (report.status !== 'SUCCESSFUL' || documentId === null) {
    const { status, taskInstanceId } = report;
    const detail = { rule: 'report_not_ready', reportStatus: status, taskInstanceId };
    throw new BroadsheetError('conflict', `the report is ${status}`, detail);
  }
  return fileOf(ctx, documentId);
}

/**
 * Remove a report and its files. A task that is still making it ends without storing anything.
 * @throws BroadsheetError `not_found`, or `forbidden`.
 */
export async function deleteWorkloadReport({ ctx, input }: { ctx: Ctx; input: OneReport }): Promise<void> {
  const { id, clusterId } = await loadReport(ctx, input);
  const at = await ctx.clock.now();
  await withTransaction(ctx, async (inner) => {
    // Its files as they are now: the step that makes them may have stored some since the report was looked up.
    const [gone] = await inner.db.delete(workloadReports).where(eq(workloadReports.id, id)).returning();
    if (gone === undefined) throw reportNotFound(id);
    await removeFiles(inner, [gone.htmlDocumentId, gone.pdfDocumentId]);
    const detail = { cluster_id: clusterId, name: gone.name };
    await audit(inner, {
      action: 'workload_report.delete',
      objectKind: 'workload_report',
      objectId: String(id),
      at,
      detail,
    });
  });
}

/**
 * Keep a report and its snapshots beyond their time, or no longer.
 * @throws BroadsheetError `not_found`, or `forbidden`.
 */
export async function keepWorkloadReport({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: OneReport & { readonly kept: boolean };
}): Promise<WorkloadReportRow> {
  const report = await loadReport(ctx, input);
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const [row] = await inner.db
      .update(workloadReports)
      .set({ kept: input.kept, updatedAt: at })
      .where(eq(workloadReports.id, report.id))
      .returning();
    if (row === undefined) throw reportNotFound(report.id);
    const detail = { kept: input.kept };
    await audit(inner, {
      action: 'workload_report.keep',
      objectKind: 'workload_report',
      objectId: String(row.id),
      at,
      detail,
    });
    return row;
  });
}
