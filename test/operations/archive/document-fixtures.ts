import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import type { Db } from '../../../src/store/database.ts';
import { documents, runs } from '../../../src/store/schema/runs.ts';
import { INSTANCE } from '../report-tasks/task-fixtures.ts';

export interface Made {
  readonly id: string;
  readonly runId: string;
  readonly bytes: Buffer;
}

/** A finished run with its document, bytes and all, as of `at`. */
export async function createDocument(
  db: Db,
  given: {
    reportId: string;
    at: Date;
    taskId?: string;
    name?: string;
    bytes?: Buffer;
    ownerId?: string;
    state?: 'PARTIAL';
  },
): Promise<Made> {
  const { at, reportId, taskId = null, bytes = randomBytes(1000) } = given;
  const [id, runId] = [randomUUID(), randomUUID()];
  const times = { createdAt: at, updatedAt: at };
  await db.insert(runs).values({
    ...times,
    id: runId,
    taskId,
    reportId,
    instance: INSTANCE,
    trigger: 'schedule',
    scheduledFor: at,
    state: given.state ?? 'SUCCESSFUL',
    finishedAt: at,
  });
  await db.insert(documents).values({
    ...times,
    id,
    runId,
    taskId,
    reportId,
    ownerId: given.ownerId ?? null,
    instance: INSTANCE,
    name: given.name ?? 'report.pdf',
    mediaType: 'application/pdf',
    size: bytes.length,
    pages: 3,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  await postgresChunks.put(db, id, bytes, new AbortController().signal);
  return { id, runId, bytes };
}
