import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { silentLog } from '../../src/log.ts';
import type { Ctx } from '../../src/operations/context.ts';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import type { SnapshotRow } from '../../src/operations/snapshots/load-snapshots.ts';
import { requestSnapshot } from '../../src/operations/snapshots/request-snapshot.ts';
import { createSnapshotHandlers } from '../../src/operations/snapshots/snapshot-handlers.ts';
import { taskHooks } from '../../src/operations/tasks/task-hooks.ts';
import { createWorkloadHandlers } from '../../src/operations/workload/generate-step.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';
import { postgresChunks } from '../../src/store/blobs/postgres-chunks.ts';
import type { Database } from '../../src/store/database.ts';
import { snapshots } from '../../src/store/schema/fleet.ts';
import { taskInstances } from '../../src/store/schema/tasks.ts';
import { installJobs } from '../../src/tasks/boss.ts';
import { createWorker, type Worker } from '../../src/tasks/worker.ts';

/** A worker that takes snapshots and makes workload reports, drawing in this thread. `drawn`: between drawing and storing. */
export async function startClusterWorker(
  ctx: Ctx,
  database: Database,
  { drawn }: { readonly drawn?: () => Promise<void> } = {},
): Promise<Worker> {
  await installJobs(database.sql);
  const typesetter = createTypesetter({ fontDir: null });
  const tables = [
    createSnapshotHandlers(ctx),
    createWorkloadHandlers(ctx, {
      blobs: postgresChunks,
      draw: async (drawing, signal) => {
        const document = await drawDocument(drawing, { typesetter, signal });
        await drawn?.();
        return document;
      },
    }),
  ];
  const worker = createWorker({
    database,
    handlers: {
      steps: Object.assign({}, ...tables.map(({ steps }) => steps)),
      ...taskHooks(ctx),
      expandRun: () => Promise.resolve(null),
    },
    clock: database.clock,
    log: silentLog,
    metrics: ctx.metrics,
    instances: [randomUUID()],
    runsAtOnce: 2,
  });
  await worker.start();
  return worker;
}

const POLL_MS = 50;

/** Wait until a task has ended; its state. */
export async function taskEnd(database: Database, id: number, timeoutMs = 90_000): Promise<string> {
  for (const until = Date.now() + timeoutMs; Date.now() < until; ) {
    const [task] = await database.db.select().from(taskInstances).where(eq(taskInstances.id, id));
    if (task !== undefined && task.state !== 'RUNNING') return task.state;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`task ${id} did not end within ${timeoutMs} ms`);
}

/** Order a snapshot and wait for its task to end; the row that it left, failed or not. */
export async function takeSnapshot(ctx: Ctx, database: Database, clusterId: number): Promise<SnapshotRow> {
  const { taskId } = await requestSnapshot({ ctx, input: { clusterId } });
  await taskEnd(database, taskId);
  const rows = await database.db
    .select()
    .from(snapshots)
    .where(eq(snapshots.clusterId, clusterId))
    .orderBy(snapshots.id);
  const last = rows.at(-1);
  if (last === undefined) throw new Error('there is no snapshot');
  return last;
}
