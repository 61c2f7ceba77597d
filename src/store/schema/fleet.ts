import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { users } from './access.ts';
import { bytes, instant } from './columns.ts';
import { documents } from './runs.ts';
import { taskInstances } from './tasks.ts';

/** Ids of the fleet are integers because those of OceanBase Cloud Platform are. */
const fleetId = (startWith: number) =>
  bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith });

const stamps = () => ({ createdAt: instant('created_at').notNull(), updatedAt: instant('updated_at').notNull() });

export type ClusterKind = 'POSTGRESQL' | 'MYSQL' | 'OCEANBASE';
/** What the last look said: never looked, reached, not reached. */
export type ClusterStatus = 'UNKNOWN' | 'RUNNING' | 'UNAVAILABLE';

/** A database server (or cluster of them) that is watched. The connection URL is sealed; `url_masked` is what people see. */
export const clusters = pgTable(
  'clusters',
  {
    id: fleetId(1),
    ...stamps(),
    name: text('name').notNull().unique(),
    kind: text('kind').$type<ClusterKind>().notNull(),
    /** OceanBase's own cluster_id; for other kinds a number of ours, so that reports of OCP's shape have one. */
    obClusterId: bigint('ob_cluster_id', { mode: 'number' }).notNull(),
    urlSealed: bytes('url_sealed').notNull(),
    urlMasked: text('url_masked').notNull(),
    status: text('status').$type<ClusterStatus>().notNull().default('UNKNOWN'),
    version: text('version'),
    /** The server's own identity at the last look: a changed one is another server. */
    system: text('system'),
    creatorId: uuid('creator_id').references(() => users.id, { onDelete: 'set null' }),
    /** Cron of automatic snapshots, in UTC. */
    captureInterval: text('capture_interval').notNull().default('1 * * * *'),
    captureEnabled: boolean('capture_enabled').notNull().default(true),
    /** Whether sessions are sampled once a second while a working process runs. */
    samplingEnabled: boolean('sampling_enabled').notNull().default(true),
    nextCaptureAt: instant('next_capture_at'),
    /** The process that samples its sessions, and until when it has promised to. */
    samplerId: uuid('sampler_id'),
    samplerUntil: instant('sampler_until'),
  },
  (t) => [
    index('clusters_due').on(t.nextCaptureAt).where(sql`capture_enabled`),
    check('clusters_kind', sql`kind in ('POSTGRESQL', 'MYSQL', 'OCEANBASE')`),
    check('clusters_status', sql`status in ('UNKNOWN', 'RUNNING', 'UNAVAILABLE')`),
  ],
);

/** A tenant of a cluster; PostgreSQL: a database. */
export const tenants = pgTable(
  'tenants',
  {
    id: fleetId(1_000_001),
    ...stamps(),
    clusterId: bigint('cluster_id', { mode: 'number' })
      .notNull()
      .references(() => clusters.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The server's own number of it: OceanBase's tenant_id, PostgreSQL's oid of the database. */
    obTenantId: bigint('ob_tenant_id', { mode: 'number' }).notNull(),
    /** Set when it was no longer there at a look. */
    goneAt: instant('gone_at'),
  },
  (t) => [unique('tenants_once').on(t.clusterId, t.obTenantId)],
);

export type ClusterAccess = 'read' | 'read_write';

/** Who may see a cluster (`read`) or also make snapshots and reports of it (`read_write`). Admins may everything. */
export const clusterGrants = pgTable(
  'cluster_grants',
  {
    clusterId: bigint('cluster_id', { mode: 'number' })
      .notNull()
      .references(() => clusters.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    access: text('access').$type<ClusterAccess>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clusterId, t.userId] }),
    index().on(t.userId),
    check('cluster_grants_access', sql`access in ('read', 'read_write')`),
  ],
);

export type SnapshotTrigger = 'scheduled' | 'manual';
export type SnapshotState = 'ok' | 'partial' | 'failed';

/** The performance counters of a cluster at one moment; a capture that failed is a row too, never a hole in silence. */
export const snapshots = pgTable(
  'snapshots',
  {
    id: fleetId(1),
    clusterId: bigint('cluster_id', { mode: 'number' })
      .notNull()
      .references(() => clusters.id, { onDelete: 'cascade' }),
    /** By the watched server's clock; by ours where it could not be reached. */
    capturedAt: instant('captured_at').notNull(),
    /** By our clock. */
    createdAt: instant('created_at').notNull(),
    trigger: text('trigger').$type<SnapshotTrigger>().notNull(),
    state: text('state').$type<SnapshotState>().notNull(),
    engine: text('engine').notNull(),
    /** `ServerIdentity`; null of a failed one. */
    identity: jsonb('identity').$type<Record<string, unknown>>(),
    /** `MissingPart[]`. */
    missing: jsonb('missing').$type<Record<string, unknown>[]>().notNull().default([]),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    durationMs: integer('duration_ms').notNull().default(0),
    /** Bytes of its parts as stored. */
    bytes: integer('bytes').notNull().default(0),
  },
  (t) => [
    unique('snapshots_once').on(t.clusterId, t.capturedAt),
    index().on(t.clusterId, t.id),
    check('snapshots_state', sql`state in ('ok', 'partial', 'failed')`),
  ],
);

/**
 * One view of a snapshot, compressed. `base_id` null: the whole part; else what changed since the same part of that
 * snapshot, which is whole itself.
 */
export const snapshotParts = pgTable(
  'snapshot_parts',
  {
    snapshotId: bigint('snapshot_id', { mode: 'number' })
      .notNull()
      .references(() => snapshots.id, { onDelete: 'cascade' }),
    view: text('view').notNull(),
    scope: text('scope').notNull().default(''),
    baseId: bigint('base_id', { mode: 'number' }).references(() => snapshots.id),
    rows: integer('rows').notNull(),
    payload: bytes('payload').notNull(),
  },
  (t) => [primaryKey({ columns: [t.snapshotId, t.view, t.scope] }), index().on(t.baseId)],
);

/** A few dozen cluster-wide numbers of a snapshot, for trends: read without unpacking parts. */
export const snapshotMetrics = pgTable(
  'snapshot_metrics',
  {
    snapshotId: bigint('snapshot_id', { mode: 'number' })
      .notNull()
      .references(() => snapshots.id, { onDelete: 'cascade' }),
    metric: text('metric').notNull(),
    value: doublePrecision('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.snapshotId, t.metric] })],
);

/** Statements and index definitions, once per cluster; literals that may be secrets are masked before they get here. */
export const clusterTexts = pgTable(
  'cluster_texts',
  {
    clusterId: bigint('cluster_id', { mode: 'number' })
      .notNull()
      .references(() => clusters.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'sql' | 'index'>().notNull(),
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    text: text('text').notNull(),
    fullLength: integer('full_length').notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clusterId, t.kind, t.scope, t.key] })],
);

/** A minute of session samples of a cluster, compressed (`SampleMinute`). */
export const sessionSamples = pgTable(
  'session_samples',
  {
    clusterId: bigint('cluster_id', { mode: 'number' })
      .notNull()
      .references(() => clusters.id, { onDelete: 'cascade' }),
    minute: instant('minute').notNull(),
    payload: bytes('payload').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clusterId, t.minute] })],
);

export type WorkloadReportStatus = 'CREATING' | 'SUCCESSFUL' | 'FAILED';

/** A workload report of a range of two snapshots, in OCP's words. */
export const workloadReports = pgTable(
  'workload_reports',
  {
    id: fleetId(1),
    ...stamps(),
    clusterId: bigint('cluster_id', { mode: 'number' })
      .notNull()
      .references(() => clusters.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Null once retention has taken the snapshot. */
    startSnapshotId: bigint('start_snapshot_id', { mode: 'number' }).references(() => snapshots.id, {
      onDelete: 'set null',
    }),
    endSnapshotId: bigint('end_snapshot_id', { mode: 'number' }).references(() => snapshots.id, {
      onDelete: 'set null',
    }),
    beginAt: instant('begin_at').notNull(),
    endAt: instant('end_at').notNull(),
    status: text('status').$type<WorkloadReportStatus>().notNull(),
    /** A kept report keeps its snapshots, and is not removed by the nightly job. */
    kept: boolean('kept').notNull().default(false),
    taskInstanceId: bigint('task_instance_id', { mode: 'number' }).references(() => taskInstances.id, {
      onDelete: 'set null',
    }),
    creatorId: uuid('creator_id').references(() => users.id, { onDelete: 'set null' }),
    /** Its name at that time: the report outlives its user. */
    creatorName: text('creator_name').notNull(),
    htmlDocumentId: uuid('html_document_id').references(() => documents.id, { onDelete: 'set null' }),
    pdfDocumentId: uuid('pdf_document_id').references(() => documents.id, { onDelete: 'set null' }),
  },
  (t) => [
    index('workload_reports_newest').on(t.clusterId, t.id),
    index().on(t.taskInstanceId),
    index().on(t.startSnapshotId),
    index().on(t.endSnapshotId),
    check('workload_reports_status', sql`status in ('CREATING', 'SUCCESSFUL', 'FAILED')`),
  ],
);
