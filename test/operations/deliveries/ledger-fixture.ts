import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { fixedClock } from '../../../src/clock.ts';
import type { Channel, Letter, Outcome } from '../../../src/deliver/channel.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { deliverOne } from '../../../src/operations/deliveries/deliver-one.ts';
import type { Post } from '../../../src/operations/deliveries/post.ts';
import { type PreparedDelivery, prepareDeliveries } from '../../../src/operations/deliveries/prepare.ts';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import type { Db } from '../../../src/store/database.ts';
import type { Recipients, reportTasks } from '../../../src/store/schema/definitions.ts';
import { deliveries, documents, runs } from '../../../src/store/schema/runs.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { createReportRow, createTaskRow, INSTANCE } from '../report-tasks/task-fixtures.ts';
import { postOf } from './post-of.ts';

export const NOW = new Date('2026-11-21T09:00:00Z');
const MANIFEST = { period: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' } };

export interface Given {
  recipients?: Partial<Recipients>;
  reportName?: string;
  bytes?: Buffer;
  name?: string;
  task?: Partial<typeof reportTasks.$inferInsert>;
  run?: Partial<typeof runs.$inferInsert>;
}

/** A run whose document was archived, with its ledger, as *Make document* leaves it. */
export async function archivedRun(ctx: Ctx, given: Given = {}) {
  const { db } = ctx;
  const reportId = await createReportRow(db, { name: given.reportName ?? 'Weekly sales' });
  const taskId = await createTaskRow(db, { after: NOW, reportId, ...given.task });
  const runId = randomUUID();
  const documentId = randomUUID();
  const times = { createdAt: NOW, updatedAt: NOW };
  await db.insert(runs).values({
    id: runId,
    taskId,
    reportId,
    instance: INSTANCE,
    trigger: 'schedule',
    scheduledFor: new Date('2026-11-21T08:59:00Z'),
    state: 'RUNNING',
    ...times,
    ...given.run,
  });
  const bytes = given.bytes ?? randomBytes(2_000);
  await insertDocument(db, { documentId, runId, taskId, reportId, bytes, name: given.name ?? 'Weekly sales.pdf' });
  const recipients = { to: [], cc: [], bcc: [], ...given.recipients };
  const prepared = await prepareDeliveries({ ctx, input: { runId, documentId, recipients, at: NOW } });
  return { runId, taskId, reportId, documentId, bytes, prepared };
}

interface Documented {
  documentId: string;
  runId: string;
  taskId: string;
  reportId: string;
  bytes: Buffer;
  name: string;
}

async function insertDocument(db: Db, given: Documented): Promise<void> {
  const { documentId, bytes, ...row } = given;
  await db.insert(documents).values({
    ...row,
    id: documentId,
    createdAt: NOW,
    updatedAt: NOW,
    instance: INSTANCE,
    mediaType: 'application/pdf',
    size: bytes.length,
    pages: 3,
    sha256: sha256(bytes),
    manifest: MANIFEST,
  });
  await postgresChunks.put(db, documentId, bytes, new AbortController().signal);
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A context at `NOW` with the settings given. */
export const ledgerCtx = (db: Db, settings: Record<string, string> = {}): Ctx =>
  testCtx({
    db,
    clock: fixedClock(NOW),
    config: testConfig({ MAIL_FROM: 'Reports <reports@mail.test>', ...settings }),
  });

type Send = (letter: Letter, signal: AbortSignal) => Promise<Outcome>;

/** A post whose channel takes every letter on its way and then ends as told: for what the ledger makes of it. */
export function postThatEnds(ctx: Ctx, send: Send): Post {
  const email: Channel = {
    destination: 'told',
    send: async (letter, signal, handOver) =>
      (await handOver()) ? send(letter, signal) : outcome('RETRYING', { response: 'taken by another' }),
  };
  return { ...postOf(ctx), channels: { email } };
}

/** A post whose channel ends every attempt as told before the letter could leave. */
export function postThatEndsBefore(ctx: Ctx, send: Send): Post {
  return { ...postOf(ctx), channels: { email: { destination: 'told', send } } };
}

export const outcome = (state: Outcome['state'], more: Partial<Outcome> = {}): Outcome => ({
  state,
  response: `told ${state}`,
  ...more,
});

export async function ledgerRow(db: Db, id: string) {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
  if (!row) throw new Error('no such delivery');
  return row;
}

/** Deliver to everybody, one after the other, each once. */
export async function deliverAll(ctx: Ctx, post: Post, prepared: readonly PreparedDelivery[]) {
  const results = [];
  for (const { id } of prepared) results.push(await deliverOne({ ctx, post, input: { deliveryId: id } }));
  return results;
}
