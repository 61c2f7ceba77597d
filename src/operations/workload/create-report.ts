import { and, eq, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { badRequest, forbidden, notFound } from '../../errors.ts';
import { nextId } from '../../store/reserve-ids.ts';
import { users } from '../../store/schema/access.ts';
import { clusterGrants, clusters, snapshots, workloadReports } from '../../store/schema/fleet.ts';
import { writeTogether } from '../../store/write-together.ts';
import type { NewTask } from '../../tasks/handlers.ts';
import { SHARED_QUEUE } from '../../tasks/jobs.ts';
import { taskWrites } from '../../tasks/submit-task.ts';
import { auditWrite } from '../audit.ts';
import type { Ctx } from '../context.ts';
import { type ClusterRow, checkGrant, clusterNotFound, grantOf } from '../fleet/internal.ts';
import { ordersUnderWay, refuseTooMany } from '../runs/under-way.ts';
import { LONGEST_RANGE_MS, OLDEST_START_MS } from '../snapshots/parts.ts';
import { GENERATE_WORKLOAD, STORE_WORKLOAD, WORKLOAD_TASK } from './parts.ts';

export type WorkloadReportRow = typeof workloadReports.$inferSelect;

export interface CreateWorkloadReportInput {
  readonly clusterId: number;
  readonly startSnapshotId: number;
  readonly endSnapshotId: number;
  readonly name: string;
}

/** What a report says of its cluster. */
export type ReportedCluster = Pick<ClusterRow, 'id' | 'name' | 'obClusterId'>;

interface Ends {
  readonly id: number;
  readonly capturedAt: Date;
}

const LONGEST_NAME = 256;

/**
 * Order the workload report of a range of two snapshots: the row is CREATING, its task is submitted, nothing is made yet.
 * Who may write the cluster.
 * @throws BroadsheetError `not_found`, `forbidden`; `bad_request` with `detail.rule` name | name_length | order | too_long | too_old;
 * `rate_limited` for who has too many orders under way.
 */
export async function createWorkloadReport({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CreateWorkloadReportInput;
}): Promise<{ readonly cluster: ReportedCluster; readonly report: WorkloadReportRow }> {
  const [order, at] = await Promise.all([orderOf(ctx, input), ctx.clock.now()]);
  const { cluster, id, ids, creatorName } = order;
  checkName(input.name);
  const start = known(order.start, input.startSnapshotId);
  const end = known(order.end, input.endSnapshotId);
  checkRange(start, end, at);
  refuseTooMany(ctx, order.underWay);
  const task = await taskWrites(ctx.db, taskOf(ctx, cluster.id, id), { at, ids });
  const report: WorkloadReportRow = {
    id,
    taskInstanceId: task.taskId,
    clusterId: cluster.id,
    name: input.name,
    startSnapshotId: start.id,
    endSnapshotId: end.id,
    beginAt: start.capturedAt,
    endAt: end.capturedAt,
    status: 'CREATING',
    kept: false,
    creatorId: ctx.actor.userId,
    creatorName,
    htmlDocumentId: null,
    pdfDocumentId: null,
    createdAt: at,
    updatedAt: at,
  };
  const entry = {
    action: 'workload_report.create',
    objectKind: 'workload_report',
    objectId: String(id),
    at,
    detail: { cluster_id: cluster.id, name: input.name, task_id: task.taskId },
  };
  // Task, step, job, report and audit row are one statement: all of them or none, in one round trip.
  const inserted = ctx.db.insert(workloadReports).overridingSystemValue().values(report);
  await writeTogether(ctx.db, [...task.writes, inserted.getSQL(), auditWrite(ctx, entry).getSQL()], task.signals);
  return { cluster, report };
}

function taskOf(ctx: Ctx, clusterId: number, reportId: number): NewTask {
  const input = { report_id: reportId };
  return {
    name: 'Generate workload report',
    kind: WORKLOAD_TASK,
    queue: SHARED_QUEUE,
    creatorId: ctx.actor.userId,
    context: { ...input, cluster_id: clusterId },
    steps: [
      {
        key: 'generate',
        name: 'Generate report',
        handler: GENERATE_WORKLOAD,
        input,
        attempts: 2,
        timeoutSeconds: Math.ceil(ctx.config.RUN_TIMEOUT_MS / 1000),
        lane: 'bounded',
      },
      {
        key: 'store',
        name: 'Store workload report',
        handler: STORE_WORKLOAD,
        input,
        attempts: 3,
        dependsOn: ['generate'],
      },
    ],
  };
}

function checkName(name: string): void {
  if (name === '' || name !== name.trim()) {
    throw badRequest('name: not empty, and without spaces before and after it', { rule: 'name' });
  }
  if (name.length > LONGEST_NAME) {
    throw badRequest(`name: at most ${LONGEST_NAME} characters`, { rule: 'name_length', most: LONGEST_NAME });
  }
}

function checkRange(start: Ends, end: Ends, now: Date): void {
  const length = end.capturedAt.getTime() - start.capturedAt.getTime();
  if (length <= 0) throw badRequest('the end snapshot must be after the start snapshot', { rule: 'order' });
  if (length > LONGEST_RANGE_MS) throw badRequest('the range is longer than 24 hours', { rule: 'too_long' });
  if (now.getTime() - start.capturedAt.getTime() > OLDEST_START_MS) {
    throw badRequest('the start snapshot is older than 30 days', { rule: 'too_old' });
  }
}

const startSnapshot = alias(snapshots, 'start_snapshot');
const endSnapshot = alias(snapshots, 'end_snapshot');

/**
 * What an order is about, and the ids of what it makes, in one question.
 * @throws BroadsheetError `not_found` for an unknown cluster, or `forbidden`.
 */
async function orderOf(ctx: Ctx, input: CreateWorkloadReportInput) {
  const { userId } = ctx.actor;
  const [row] = await ctx.db
    .select({
      cluster: { id: clusters.id, name: clusters.name, obClusterId: clusters.obClusterId },
      granted: clusterGrants.access,
      start: { id: startSnapshot.id, capturedAt: startSnapshot.capturedAt },
      end: { id: endSnapshot.id, capturedAt: endSnapshot.capturedAt },
      creatorName: users.username,
      underWay: ordersUnderWay(ctx),
      id: nextId('workload_reports'),
      taskId: nextId('task_instances'),
      generateId: nextId('subtasks'),
      storeId: nextId('subtasks'),
    })
    .from(clusters)
    .leftJoin(clusterGrants, grantOf(ctx, input.clusterId))
    .leftJoin(users, userId === null ? sql`false` : eq(users.id, userId))
    .leftJoin(startSnapshot, snapshotOf(startSnapshot, input.startSnapshotId))
    .leftJoin(endSnapshot, snapshotOf(endSnapshot, input.endSnapshotId))
    .where(eq(clusters.id, input.clusterId));
  if (row === undefined) throw clusterNotFound(input.clusterId);
  checkGrant(ctx, row.granted, 'read_write');
  if (row.creatorName === null && userId !== null) throw forbidden();
  const { taskId, generateId, storeId, ...order } = row;
  return { ...order, creatorName: row.creatorName ?? 'system', ids: { taskId, subtaskIds: [generateId, storeId] } };
}

/** A snapshot of the cluster that can be reported on. */
const snapshotOf = (table: typeof startSnapshot | typeof endSnapshot, id: number) =>
  and(eq(table.id, id), eq(table.clusterId, clusters.id), ne(table.state, 'failed'));

/** @throws BroadsheetError `not_found`, also for a snapshot of another cluster and one that failed. */
function known(snapshot: Ends | null, id: number): Ends {
  if (snapshot === null) throw notFound(`snapshot ${id} not found`, { rule: 'snapshot_not_found', id });
  return snapshot;
}
