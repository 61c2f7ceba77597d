import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';

/** An instant: timestamptz with microseconds in PostgreSQL, a Date (milliseconds) here. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 6, mode: 'date' });

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** `id`, `created_at`, `updated_at`: what every cruddy v2 model begins with. Instants are set by the verbs' clock. */
export const modelColumns = () => ({
  id: uuid('id').primaryKey().defaultRandom(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
