import { and, eq, inArray, ne } from 'drizzle-orm';
import { BroadsheetError, badRequest, notFound } from '../../errors.ts';
import { nextReportId } from '../../store/next-report-id.ts';
import { users } from '../../store/schema/access.ts';
import { snapshots, workloadReports } from '../../store/schema/fleet.ts';
import { SHARED_QUEUE } from '../../tasks/jobs.ts';
import { submitTask } from '../../tasks/submit-task.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { type ClusterRow, loadCluster } from '../fleet/internal.ts';
import type { SnapshotRow } from '../snapshots/load-snapshots.ts';
import { GENERATE_WORKLOAD, WORKLOAD_TASK } from './parts.ts';

export type WorkloadReportRow = typeof workloadReports.$inferSelect;

export interface CreateWorkloadReportInput {
  readonly clusterId: number;
  readonly startSnapshotId: number;
  readonly endSnapshotId: number;
  readonly name: string;
}

/** OCP's rules: reports are of the last 30 days, and of a day at most. */
const LONGEST_MS = 24 * 3_600_000;
const OLDEST_MS = 30 * LONGEST_MS;
/** Captures are not taken to the second: a day of hourly snapshots may be a little longer than one. */
const TOLERANCE_MS = 5 * 60_000;
const LONGEST_NAME = 256;

/**
 * Order the workload report of a range of two snapshots: the row is CREATING, its task is submitted, nothing is made yet.
 * Who may write the cluster.
 * @throws BroadsheetError `not_found`, `forbidden`; `bad_request` with `detail.rule` name | name_length | order | too_long | too_old.
 */
export async function createWorkloadReport({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CreateWorkloadReportInput;
}): Promise<{ readonly cluster: ClusterRow; readonly report: WorkloadReportRow }> {
  const ids = [input.startSnapshotId, input.endSnapshotId];
  // Asked together: what is wrong is told in the order of the checks below.
  const [cluster, at, known, creatorName, id] = await Promise.all([
    loadCluster(ctx, input.clusterId, 'read_write'),
    ctx.clock.now(),
    snapshotRows(ctx, input.clusterId, ids),
    actorName(ctx),
    nextReportId(ctx.db),
  ]);
  checkName(input.name);
  const [start, end] = [oneOf(known, input.startSnapshotId), oneOf(known, input.endSnapshotId)];
  checkRange(start, end, at);
  return withTransaction(ctx, async (inner) => {
    const taskInstanceId = await submit(inner, cluster, id, at);
    const detail = { cluster_id: cluster.id, name: input.name, task_id: taskInstanceId };
    const [[row]] = await Promise.all([
      inner.db
        .insert(workloadReports)
        .overridingSystemValue()
        .values({
          id,
          taskInstanceId,
          clusterId: cluster.id,
          name: input.name,
          startSnapshotId: start.id,
          endSnapshotId: end.id,
          beginAt: start.capturedAt,
          endAt: end.capturedAt,
          status: 'CREATING',
          creatorId: ctx.actor.userId,
          creatorName,
          createdAt: at,
          updatedAt: at,
        })
        .returning(),
      audit(inner, {
        action: 'workload_report.create',
        objectKind: 'workload_report',
        objectId: String(id),
        at,
        detail,
      }),
    ]);
    if (row === undefined) throw new Error('an insert returned no row');
    return { cluster, report: row };
  });
}

async function submit(ctx: Ctx, cluster: ClusterRow, reportId: number, at: Date): Promise<number> {
  const input = { report_id: reportId };
  const { taskId } = await submitTask(
    ctx.db,
    {
      name: 'Generate workload report',
      kind: WORKLOAD_TASK,
      queue: SHARED_QUEUE,
      creatorId: ctx.actor.userId,
      context: { ...input, cluster_id: cluster.id },
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
      ],
    },
    { at },
  );
  return taskId;
}

function checkName(name: string): void {
  if (name === '' || name !== name.trim()) {
    throw badRequest('name: not empty, and without spaces before and after it', { rule: 'name' });
  }
  if (name.length > LONGEST_NAME) {
    throw badRequest(`name: at most ${LONGEST_NAME} characters`, { rule: 'name_length', most: LONGEST_NAME });
  }
}

function checkRange(start: SnapshotRow, end: SnapshotRow, now: Date): void {
  const length = end.capturedAt.getTime() - start.capturedAt.getTime();
  if (length <= 0) throw badRequest('the end snapshot must be after the start snapshot', { rule: 'order' });
  if (length > LONGEST_MS + TOLERANCE_MS) throw badRequest('the range is longer than 24 hours', { rule: 'too_long' });
  if (now.getTime() - start.capturedAt.getTime() > OLDEST_MS) {
    throw badRequest('the start snapshot is older than 30 days', { rule: 'too_old' });
  }
}

const snapshotRows = (ctx: Ctx, clusterId: number, ids: number[]): Promise<SnapshotRow[]> =>
  ctx.db
    .select()
    .from(snapshots)
    .where(and(inArray(snapshots.id, ids), eq(snapshots.clusterId, clusterId), ne(snapshots.state, 'failed')));

/** @throws BroadsheetError `not_found`, also for a snapshot of another cluster and one that failed. */
function oneOf(rows: readonly SnapshotRow[], id: number): SnapshotRow {
  const row = rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw notFound(`snapshot ${id} not found`, { rule: 'snapshot_not_found', id });
  return row;
}

async function actorName(ctx: Ctx): Promise<string> {
  if (ctx.actor.userId === null) return 'system';
  const [user] = await ctx.db.select({ name: users.username }).from(users).where(eq(users.id, ctx.actor.userId));
  if (user === undefined) throw new BroadsheetError('forbidden', 'Forbidden');
  return user.name;
}
