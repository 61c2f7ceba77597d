import type { SnapshotTrigger } from '../../store/schema/fleet.ts';
import { SHARED_QUEUE } from '../../tasks/jobs.ts';
import { submitTask } from '../../tasks/submit-task.ts';
import { audit } from '../audit.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { loadCluster } from '../fleet/internal.ts';
import { requireRoom } from '../runs/under-way.ts';
import { CAPTURE_SNAPSHOT, CAPTURE_TIMEOUT_SECONDS, SNAPSHOT_TASK } from './parts.ts';

/** A server that is restarting is back within a minute or two. */
const TRIES = { attempts: 4, timeoutSeconds: CAPTURE_TIMEOUT_SECONDS };

/**
 * Take a snapshot of a cluster now: a task that captures it. Who may write the cluster.
 * @throws BroadsheetError `not_found`, `forbidden`, or `rate_limited` for who has too many orders under way.
 */
export async function requestSnapshot({
  ctx,
  input: { clusterId },
}: {
  ctx: Ctx;
  input: { clusterId: number };
}): Promise<{ readonly taskId: number }> {
  const cluster = await loadCluster(ctx, clusterId, 'read_write');
  await requireRoom(ctx);
  const at = await ctx.clock.now();
  return withTransaction(ctx, async (inner) => {
    const taskId = await submitCapture(inner, { clusterId, name: cluster.name, trigger: 'manual', at });
    const detail = { task_id: taskId };
    await audit(inner, { action: 'snapshot.create', objectKind: 'cluster', objectId: String(clusterId), at, detail });
    return { taskId };
  });
}

export interface CaptureOrder {
  readonly clusterId: number;
  readonly name: string;
  readonly trigger: SnapshotTrigger;
  readonly at: Date;
}

/** Inside the caller's transaction. */
export async function submitCapture(ctx: Ctx, { clusterId, name, trigger, at }: CaptureOrder): Promise<number> {
  const input = { cluster_id: clusterId, trigger };
  const { taskId } = await submitTask(
    ctx.db,
    {
      name: `Capture snapshot of ${name}`,
      kind: SNAPSHOT_TASK,
      queue: SHARED_QUEUE,
      creatorId: ctx.actor.userId,
      type: trigger === 'manual' ? 'MANUAL' : 'SYS_SCHEDULED',
      context: input,
      steps: [{ key: 'capture', name: 'Capture snapshot', handler: CAPTURE_SNAPSHOT, input, ...TRIES }],
    },
    { at },
  );
  return taskId;
}
