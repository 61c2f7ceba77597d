import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { groups, users } from './access.ts';
import { bytes, instant, modelColumns } from './columns.ts';

type Json = Record<string, unknown>;

/** A named database that series are read from. The connection URL is sealed; `url_masked` is what people see. */
export const sources = pgTable('sources', {
  ...modelColumns(),
  name: text('name').notNull().unique(),
  /** A key of the engines' table: `postgres`, later `mysql`, `oceanbase`, `clickhouse`. */
  kind: text('kind').notNull(),
  urlSealed: bytes('url_sealed').notNull(),
  urlMasked: text('url_masked').notNull(),
  description: text('description').notNull().default(''),
  ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'set null' }),
  /** Queries at once per process; null = the configured default. */
  maxQueries: integer('max_queries'),
});

export const reportCategories = pgTable('report_categories', {
  ...modelColumns(),
  name: text('name').notNull(),
  parentId: uuid('parent_id').references((): AnyPgColumn => reportCategories.id, { onDelete: 'restrict' }),
  /** Not part of the cruddy v2 model: who besides an admin may rename, move and delete it. */
  ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'set null' }),
});

export const dashboards = pgTable('dashboards', {
  ...modelColumns(),
  name: text('name').notNull(),
  config: jsonb('config').$type<Json>().notNull().default({}),
  traceId: text('trace_id'),
  ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'set null' }),
});

export const widgets = pgTable(
  'widgets',
  {
    ...modelColumns(),
    name: text('name').notNull(),
    config: jsonb('config').$type<Json>().notNull().default({}),
    settings: jsonb('settings').$type<Json>().notNull().default({}),
    dashboardId: uuid('dashboard_id')
      .notNull()
      .references(() => dashboards.id, { onDelete: 'cascade' }),
  },
  (t) => [index().on(t.dashboardId)],
);

export const reports = pgTable(
  'reports',
  {
    ...modelColumns(),
    name: text('name').notNull(),
    config: jsonb('config').$type<Json>().notNull().default({}),
    settings: jsonb('settings').$type<Json>().notNull().default({}),
    isSystem: boolean('is_system').notNull().default(false),
    dashboardId: uuid('dashboard_id').references(() => dashboards.id, { onDelete: 'restrict' }),
    categoryId: uuid('category_id').references(() => reportCategories.id, { onDelete: 'restrict' }),
    ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'set null' }),
    /** The report's task as cruddy v2 knows it: the one created last without `additional`. */
    taskId: uuid('task_id').references((): AnyPgColumn => reportTasks.id, { onDelete: 'set null' }),
  },
  (t) => [index().on(t.dashboardId), index().on(t.categoryId)],
);

export type MisfirePolicy = 'skip' | 'once' | 'all';
export type OverlapPolicy = 'skip' | 'queue' | 'parallel';
export type PartialPolicy = 'send' | 'hold';
/** Kinds of file that a report can become, as they stand in `documents.kind`. */
export type FileKind = 'pdf' | 'html' | 'png' | 'csv' | 'xlsx';
export interface Recipients {
  to: string[];
  cc: string[];
  bcc: string[];
}

/** A schedule: which report, when, on which instance, to whom. */
export const reportTasks = pgTable(
  'report_tasks',
  {
    ...modelColumns(),
    /** Cron, five fields. */
    interval: text('interval').notNull(),
    instance: uuid('instance').notNull(),
    reportId: uuid('report_id')
      .notNull()
      .references(() => reports.id, { onDelete: 'cascade' }),
    ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'set null' }),
    timeZone: text('time_zone').notNull(),
    locale: text('locale').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    startAt: instant('start_at'),
    endAt: instant('end_at'),
    misfirePolicy: text('misfire_policy').$type<MisfirePolicy>().notNull().default('once'),
    overlapPolicy: text('overlap_policy').$type<OverlapPolicy>().notNull().default('queue'),
    onPartial: text('on_partial').$type<PartialPolicy>().notNull().default('send'),
    recipients: jsonb('recipients').$type<Recipients>().notNull().default({ to: [], cc: [], bcc: [] }),
    /** What its runs write; the first is the document itself. */
    outputs: jsonb('outputs').$type<FileKind[]>().notNull().default(['pdf']),
    /** Show the first page as a picture in the mail. */
    mailPreview: boolean('mail_preview').notNull().default(true),
    replyTo: text('reply_to'),
    subject: text('subject'),
    message: text('message'),
    /** The next fire time; null = paused, ended or exhausted, and the tick passes it by. */
    nextRunAt: instant('next_run_at'),
    /** Since when this due task has waited for an instance that nobody serves. */
    unservedSince: instant('unserved_since'),
  },
  (t) => [
    index('report_tasks_due').on(t.nextRunAt).where(sql`next_run_at is not null`),
    index('report_tasks_unserved').on(t.unservedSince).where(sql`unserved_since is not null`),
    index().on(t.reportId),
    check('report_tasks_misfire_policy', sql`misfire_policy in ('skip', 'once', 'all')`),
    check('report_tasks_overlap_policy', sql`overlap_policy in ('skip', 'queue', 'parallel')`),
    check('report_tasks_on_partial', sql`on_partial in ('send', 'hold')`),
  ],
);

const linkTable = (
  table: string,
  column: string,
  object: () => AnyPgColumn,
  member: 'user_id' | 'group_id',
  target: () => AnyPgColumn,
) =>
  pgTable(
    table,
    {
      objectId: uuid(column).notNull().references(object, { onDelete: 'cascade' }),
      memberId: uuid(member).notNull().references(target, { onDelete: 'cascade' }),
    },
    (t) => [primaryKey({ columns: [t.objectId, t.memberId] }), index().on(t.memberId)],
  );

/** Who besides the owner may use an object: listed users and the members of listed groups. */
export const dashboardUsers = linkTable(
  'dashboard_users',
  'dashboard_id',
  () => dashboards.id,
  'user_id',
  () => users.id,
);
export const dashboardGroups = linkTable(
  'dashboard_groups',
  'dashboard_id',
  () => dashboards.id,
  'group_id',
  () => groups.id,
);
export const reportUsers = linkTable(
  'report_users',
  'report_id',
  () => reports.id,
  'user_id',
  () => users.id,
);
export const reportGroups = linkTable(
  'report_groups',
  'report_id',
  () => reports.id,
  'group_id',
  () => groups.id,
);
export const sourceUsers = linkTable(
  'source_users',
  'source_id',
  () => sources.id,
  'user_id',
  () => users.id,
);
export const sourceGroups = linkTable(
  'source_groups',
  'source_id',
  () => sources.id,
  'group_id',
  () => groups.id,
);
