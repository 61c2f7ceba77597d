import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

export type TaskState = 'RUNNING' | 'FAILED' | 'SUCCESSFUL';
export type SubtaskState = 'PENDING' | 'READY' | 'RUNNING' | 'SUCCESSFUL' | 'FAILED' | 'CANCELING';
/** What was last asked of a task. ROLLBACK: its steps are being undone, or have been; there is no way back from it. */
export type TaskOperation = 'EXECUTE' | 'RETRY' | 'ROLLBACK';
/** Asked for by somebody, due by somebody's schedule, due by the service's own. */
export type TaskType = 'MANUAL' | 'SCHEDULED' | 'SYS_SCHEDULED';
/** What was last asked of a subtask, in OCP's words. */
export type SubtaskOperation = 'EXECUTE' | 'RETRY' | 'ROLLBACK' | 'SKIP' | 'ROLLBACK_SKIP' | 'CANCEL';
/** `bounded` steps count against the bound on runs at once of their queue; `free` ones only against a process's slots. */
export type Lane = 'bounded' | 'free';

const contextId = (key: 'cluster_id' | 'tenant_id' | 'host_id') =>
  bigint(key, { mode: 'number' }).generatedAlwaysAs(sql.raw(`(context->>'${key}')::bigint`));

/** An asynchronous operation as a DAG of subtasks. States and words are OCP's; ids are integers because OCP's are. */
export const taskInstances = pgTable(
  'task_instances',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith: 1001 }),
    name: text('name').notNull(),
    /** What kind of operation: `report-run`, later `workload-report`, `backup` … */
    kind: text('kind').notNull(),
    state: text('state').$type<TaskState>().notNull(),
    /** Queue (instance uuid) whose workers take its steps. */
    queue: text('queue').notNull(),
    creatorId: uuid('creator_id'),
    operation: text('operation').$type<TaskOperation>().notNull().default('EXECUTE'),
    type: text('type').$type<TaskType>().notNull().default('MANUAL'),
    /** Never to be rolled back, whatever its steps say. */
    prohibitRollback: boolean('prohibit_rollback').notNull().default(false),
    /** Host that took it in. */
    executor: text('executor'),
    context: jsonb('context').$type<Record<string, unknown>>().notNull().default({}),
    /** What it is about, as its context says: without foreign keys, because a task outlives it. */
    clusterId: contextId('cluster_id'),
    tenantId: contextId('tenant_id'),
    hostId: contextId('host_id'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    index().on(t.kind, t.state),
    index().on(t.finishedAt),
    index().on(t.state, t.id),
    index().on(t.clusterId, t.id),
    index().on(t.creatorId, t.id),
    check('task_instances_operation', sql`operation in ('EXECUTE', 'RETRY', 'ROLLBACK')`),
    check('task_instances_type', sql`type in ('MANUAL', 'SCHEDULED', 'SYS_SCHEDULED')`),
    check('task_instances_state', sql`state in ('RUNNING', 'FAILED', 'SUCCESSFUL')`),
  ],
);

export const subtasks = pgTable(
  'subtasks',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith: 1001 }),
    taskInstanceId: bigint('task_instance_id', { mode: 'number' })
      .notNull()
      .references(() => taskInstances.id, { onDelete: 'cascade' }),
    /** Unique within the task, 0 … n-1: a name, not an order. */
    seriesId: integer('series_id').notNull().default(0),
    name: text('name').notNull(),
    /** A key of the handlers' table given by the composition root. */
    handler: text('handler').notNull(),
    input: jsonb('input').$type<Record<string, unknown>>().notNull().default({}),
    state: text('state').$type<SubtaskState>().notNull(),
    /** How many parents are not yet SUCCESSFUL; 0 makes it READY. */
    pendingParents: integer('pending_parents').notNull().default(0),
    /** Fence: every claim raises it, and a result is taken only from the attempt that holds it. */
    attempt: integer('attempt').notNull().default(0),
    /** Tries left before the step's own failure is final; `max_attempts` is what a retry by hand sets it back to. */
    attemptsLeft: integer('attempts_left').notNull().default(1),
    maxAttempts: integer('max_attempts').notNull().default(1),
    /** How often it was run, or asked to be: 1, and one more with every retry. A lost worker does not count. */
    runTime: integer('run_time').notNull().default(1),
    /** Its own bound in seconds; 0 = its handler's alone. */
    timeoutSeconds: integer('timeout_seconds').notNull().default(0),
    /** Which of several steps alike that run side by side, from 0; -1 = there is only one. */
    parallelIdx: integer('parallel_idx').notNull().default(-1),
    /** Once it has begun, the task cannot be rolled back. */
    prohibitRollback: boolean('prohibit_rollback').notNull().default(false),
    /** Host that worked it last. */
    executor: text('executor'),
    lane: text('lane').$type<Lane>().notNull().default('free'),
    operation: text('operation').$type<SubtaskOperation>().notNull().default('EXECUTE'),
    /** A READY step that failed before is not worked again until then. */
    readyAt: instant('ready_at'),
    workerId: uuid('worker_id'),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    unique('subtasks_series').on(t.taskInstanceId, t.seriesId),
    check('subtasks_state', sql`state in ('PENDING', 'READY', 'RUNNING', 'SUCCESSFUL', 'FAILED', 'CANCELING')`),
  ],
);

export const subtaskEdges = pgTable(
  'subtask_edges',
  {
    parentId: bigint('parent_id', { mode: 'number' })
      .notNull()
      .references(() => subtasks.id, { onDelete: 'cascade' }),
    childId: bigint('child_id', { mode: 'number' })
      .notNull()
      .references(() => subtasks.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.parentId, t.childId] }), index().on(t.childId)],
);

export const subtaskLog = pgTable(
  'subtask_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    subtaskId: bigint('subtask_id', { mode: 'number' })
      .notNull()
      .references(() => subtasks.id, { onDelete: 'cascade' }),
    at: instant('at').notNull(),
    attempt: integer('attempt').notNull(),
    level: text('level').$type<'info' | 'warn' | 'error'>().notNull(),
    message: text('message').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index().on(t.subtaskId, t.id)],
);

/** Every claim of a step: who worked it, when it began, and what was asked of it. The heads of its log's chunks. */
export const subtaskAttempts = pgTable(
  'subtask_attempts',
  {
    subtaskId: bigint('subtask_id', { mode: 'number' })
      .notNull()
      .references(() => subtasks.id, { onDelete: 'cascade' }),
    attempt: integer('attempt').notNull(),
    operation: text('operation').$type<SubtaskOperation>().notNull(),
    executor: text('executor'),
    beganAt: instant('began_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.subtaskId, t.attempt] })],
);

/** The processes that work now, kept by their heartbeats: says which instances are served, and by whom. */
export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  /** Instance uuids it serves; `*` = all. */
  instances: text('instances').array().notNull(),
  startedAt: instant('started_at').notNull(),
  beatAt: instant('beat_at').notNull(),
});
