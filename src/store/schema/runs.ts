import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { users } from './access.ts';
import { bytes, instant, modelColumns } from './columns.ts';
import { type FileKind, reports, reportTasks } from './definitions.ts';
import { taskInstances } from './tasks.ts';

/**
 * QUEUED (fired, not yet begun) → RUNNING → SUCCESSFUL | PARTIAL | HELD | FAILED | CANCELED. SKIPPED is born terminal:
 * a firing that the misfire or overlap policy dropped, kept as a row so that nothing is missed in silence.
 */
export type RunState = 'QUEUED' | 'RUNNING' | 'SUCCESSFUL' | 'PARTIAL' | 'HELD' | 'FAILED' | 'CANCELED' | 'SKIPPED';
export type RunTrigger = 'schedule' | 'catch_up' | 'manual' | 'on_demand' | 'command' | 'test';
export type WidgetState = 'ok' | 'empty' | 'truncated' | 'failed' | 'timed out';
export interface WidgetOutcome {
  widget_id: string;
  name: string;
  state: WidgetState;
  rows: number;
  message: string | null;
}
export interface RunParams {
  period?: string[];
  time_zone?: string;
  locale?: string;
  /** Instead of the task's: what to write, the document first. */
  outputs?: FileKind[];
  /** Instead of the task's recipients: a test-send goes to the caller only. */
  recipients?: { to: string[]; cc: string[]; bcc: string[] };
  /** Of a SKIPPED row: how many firings it stands for, the first and the last of them. */
  missed?: { count: number; from: string; to: string };
}

/** One firing of a report task, or one generation on demand. UNIQUE (task, scheduled_for) is promise 1. */
export const runs = pgTable(
  'runs',
  {
    ...modelColumns(),
    taskId: uuid('task_id').references(() => reportTasks.id, { onDelete: 'set null' }),
    reportId: uuid('report_id').references(() => reports.id, { onDelete: 'set null' }),
    instance: uuid('instance').notNull(),
    trigger: text('trigger').$type<RunTrigger>().notNull(),
    scheduledFor: instant('scheduled_for').notNull(),
    requestedBy: uuid('requested_by').references(() => users.id, { onDelete: 'set null' }),
    state: text('state').$type<RunState>().notNull(),
    /** Why it was skipped, held or canceled. */
    reason: text('reason'),
    params: jsonb('params').$type<RunParams>().notNull().default({}),
    taskInstanceId: bigint('task_instance_id', { mode: 'number' }).references(() => taskInstances.id, {
      onDelete: 'set null',
    }),
    widgets: jsonb('widgets').$type<WidgetOutcome[]>().notNull().default([]),
    warnings: jsonb('warnings').$type<{ code: string; message: string }[]>().notNull().default([]),
    /** Milliseconds per phase: query, print, archive, deliver. */
    timings: jsonb('timings').$type<Record<string, number>>().notNull().default({}),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    unique('runs_once').on(t.taskId, t.scheduledFor),
    index().on(t.taskId, t.state),
    index().on(t.reportId),
    index().on(t.taskInstanceId),
    index('runs_open').on(t.state).where(sql`state in ('QUEUED', 'RUNNING')`),
    index().on(t.finishedAt),
    check(
      'runs_state',
      sql`state in ('QUEUED', 'RUNNING', 'SUCCESSFUL', 'PARTIAL', 'HELD', 'FAILED', 'CANCELED', 'SKIPPED')`,
    ),
  ],
);

/**
 * `main`: what the run is there for. `further`: another format of the same. `preview`: the first page as a picture, for
 * the mail; not listed in the archive.
 */
export type DocumentRole = 'main' | 'further' | 'preview';

/** What a run printed: one row per kind of file, one of them the main one. The bytes lie in a blob store: `document_chunks` here, or an object store. */
export const documents = pgTable(
  'documents',
  {
    ...modelColumns(),
    /** File name with extension, made from the name mask, safe for any file system. */
    name: text('name').notNull(),
    runId: uuid('run_id').references(() => runs.id, { onDelete: 'set null' }),
    kind: text('kind').$type<FileKind>().notNull().default('pdf'),
    role: text('role').$type<DocumentRole>().notNull().default('main'),
    taskId: uuid('task_id'),
    reportId: uuid('report_id').references(() => reports.id, { onDelete: 'set null' }),
    ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'set null' }),
    instance: uuid('instance').notNull(),
    mediaType: text('media_type').notNull(),
    size: integer('size').notNull(),
    pages: integer('pages').notNull(),
    sha256: text('sha256').notNull(),
    /** Query hashes, row counts, period, zone, versions. */
    manifest: jsonb('manifest').$type<Record<string, unknown>>().notNull().default({}),
    /** Which blob store holds the bytes. */
    storage: text('storage').notNull().default('postgres'),
  },
  (t) => [
    unique('documents_once').on(t.runId, t.kind),
    uniqueIndex('documents_main').on(t.runId).where(sql`role = 'main'`),
    index().on(t.reportId, t.createdAt),
    index().on(t.taskId, t.createdAt),
    check('documents_kind', sql`kind in ('pdf', 'html', 'png', 'csv', 'xlsx')`),
    check('documents_role', sql`role in ('main', 'further', 'preview')`),
  ],
);

export const documentChunks = pgTable(
  'document_chunks',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    data: bytes('data').notNull(),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.position] })],
);

/**
 * PENDING → SENDING → SENT | REFUSED (the server said no for good) | UNCERTAIN (cut after DATA: may have arrived) |
 * RETRYING (4xx, hang, no connection: will be tried again) → SENDING … → FAILED (tries used up). CANCELED with its run.
 */
export type DeliveryState =
  | 'PENDING'
  | 'SENDING'
  | 'SENT'
  | 'RETRYING'
  | 'REFUSED'
  | 'UNCERTAIN'
  | 'FAILED'
  | 'CANCELED';

/** One document to one recipient. The ledger: its state is what happened, not what was hoped. */
export const deliveries = pgTable(
  'deliveries',
  {
    ...modelColumns(),
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    documentId: uuid('document_id').references(() => documents.id, { onDelete: 'set null' }),
    channel: text('channel').notNull(),
    recipient: text('recipient').notNull(),
    /** to, cc or bcc: what the recipient is in the mail's header. */
    role: text('role').$type<'to' | 'cc' | 'bcc'>().notNull(),
    state: text('state').$type<DeliveryState>().notNull(),
    /** Stable per (run, recipient): a mail sent twice is recognised by it. */
    messageId: text('message_id').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** The last answer of the server, or what went wrong. */
    response: text('response'),
    subtaskId: bigint('subtask_id', { mode: 'number' }),
    sentAt: instant('sent_at'),
  },
  (t) => [
    unique('deliveries_once').on(t.runId, t.channel, t.recipient),
    index().on(t.documentId),
    check(
      'deliveries_state',
      sql`state in ('PENDING', 'SENDING', 'SENT', 'RETRYING', 'REFUSED', 'UNCERTAIN', 'FAILED', 'CANCELED')`,
    ),
  ],
);

const day = customType<{ data: string; driverData: string }>({ dataType: () => 'date' });

/** Mails to owners and admins about runs that went wrong: once per task, cause and day. */
export const notices = pgTable(
  'notices',
  {
    taskId: uuid('task_id').notNull(),
    cause: text('cause').notNull(),
    day: day('day').notNull(),
    runId: uuid('run_id'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.taskId, t.cause, t.day] })],
);

/** On-demand generation by `Idempotency-Key`: the same key and body within 24 h give the same run's answer. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actorId: uuid('actor_id').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.key] })],
);
