import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { clusters } from '../../store/schema/fleet.ts';
import { taskInstances } from '../../store/schema/tasks.ts';
import type { Ctx } from '../context.ts';
import { createCluster } from '../fleet/create-cluster.ts';
import { deleteCluster } from '../fleet/delete-cluster.ts';
import { requestSnapshot } from '../snapshots/request-snapshot.ts';

const CLUSTER = 'demo';
const SNAPSHOT_MS = 60_000;
const POLL_MS = 100;

/** Watch the demo's server as a cluster of its own, in place of an earlier demo's. @returns the cluster's id. */
export async function watchDemo({ ctx, input: { url } }: { ctx: Ctx; input: { url: string } }): Promise<number> {
  const [former] = await ctx.db.select({ id: clusters.id }).from(clusters).where(eq(clusters.name, CLUSTER));
  if (former !== undefined) await deleteCluster({ ctx, input: former });
  return (await createCluster({ ctx, input: { name: CLUSTER, kind: 'POSTGRESQL', url } })).id;
}

/** Take a snapshot and wait for it. @throws BroadsheetError `unavailable` when it failed, `timeout`. */
export async function takeDemoSnapshot(input: { ctx: Ctx; input: { clusterId: number } }): Promise<void> {
  const { db } = input.ctx;
  const { taskId } = await requestSnapshot(input);
  for (const until = performance.now() + SNAPSHOT_MS; performance.now() < until; await pause(POLL_MS)) {
    const [task] = await db
      .select({ state: taskInstances.state })
      .from(taskInstances)
      .where(eq(taskInstances.id, taskId));
    if (task?.state === 'SUCCESSFUL') return;
    if (task?.state !== 'RUNNING') throw new BroadsheetError('unavailable', 'the snapshot of the demo was not taken');
  }
  throw new BroadsheetError('timeout', `the snapshot of the demo was not taken within ${SNAPSHOT_MS / 1000} s`);
}
