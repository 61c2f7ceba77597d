import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant, modelColumns } from './columns.ts';

/** What a user may do beyond owning things: `admin` everything, `sql` raw SQL series, `sources` creating sources. */
export type Role = 'admin' | 'sql' | 'sources';

export const users = pgTable('users', {
  ...modelColumns(),
  /** For APIs whose users are numbers (OCP's `creator.id`): never changes, and is never given again. OCP's own two are 100 and 200. */
  number: bigint('number', { mode: 'number' }).notNull().unique().generatedAlwaysAsIdentity({ startWith: 1001 }),
  username: text('username').notNull().unique(),
  email: text('email').notNull(),
  firstName: text('first_name').notNull().default(''),
  lastName: text('last_name').notNull().default(''),
  roles: text('roles').$type<Role>().array().notNull().default([]),
  disabled: boolean('disabled').notNull().default(false),
  /** scrypt, with its parameters and salt; null = no login by password. */
  passwordHash: text('password_hash'),
});

/** A group of users, with the fields of the cruddy v2 group model. */
export const groups = pgTable('groups', {
  ...modelColumns(),
  name: text('name').notNull(),
  parentGroup: text('parent_group').notNull().default(''),
  realmId: text('realm_id').notNull().default(''),
  email: text('email').notNull().default(''),
  phoneNumber: text('phone_number').notNull().default(''),
  leaderId: text('leader_id').notNull().default(''),
  acceptRisk: boolean('accept_risk').notNull().default(false),
  visibleScanSchedules: boolean('visible_scan_schedules').notNull().default(false),
  stopScans: boolean('stop_scans').notNull().default(false),
  editedBy: text('edited_by').notNull().default(''),
});

export const groupUsers = pgTable(
  'group_users',
  {
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.userId] }), index().on(t.userId)],
);

/** An API key: `personal` acts as its user, `service` (no user) as any user. Only the SHA-256 of the key is kept. */
export const apiKeys = pgTable('api_keys', {
  ...modelColumns(),
  name: text('name').notNull(),
  userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
  keyHash: bytes('key_hash').notNull().unique(),
  revokedAt: instant('revoked_at'),
});

/** A key pair that signs requests in OCP's way. The secret is sealed, not hashed: a signature is checked by making it. */
export const accessKeys = pgTable(
  'access_keys',
  {
    ...modelColumns(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessKey: text('access_key').notNull().unique(),
    secretSealed: bytes('secret_sealed').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [index().on(t.userId)],
);

/** Failed logins in a row, by user name or address: what throttling counts. */
export const loginFailures = pgTable('login_failures', {
  /** `user:<name>` or `address:<ip>`. */
  key: text('key').primaryKey(),
  failures: integer('failures').notNull(),
  lastAt: instant('last_at').notNull(),
});

/** One row per write, in the transaction of the write. `action` is `noun.verb`. Never holds secrets. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    /** The acting user; null for the service itself. No foreign key: the row outlives its user. */
    actorId: uuid('actor_id'),
    action: text('action').notNull(),
    objectKind: text('object_kind').notNull(),
    objectId: text('object_id').notNull(),
    traceId: text('trace_id'),
    requestId: text('request_id'),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index().on(t.objectKind, t.objectId), index().on(t.at)],
);
