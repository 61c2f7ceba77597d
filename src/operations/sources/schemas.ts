import { z } from 'zod';
import { linkIds, nameText, uuid } from '../resources/schemas.ts';

const MOST_QUERIES = 100;

/** `postgres://user:password@host:port/database`. It is sealed when stored and never answered. */
const url = z.string().min(1).max(2000);

const fields = {
  name: nameText,
  url,
  description: z.string().max(10_000).nullish(),
  /** Queries at once per process; null = the configured number. */
  max_queries: z.number().int().min(1).max(MOST_QUERIES).nullish(),
  user_ids: linkIds.nullish(),
  group_ids: linkIds.nullish(),
  _relations: z.object({ users: linkIds.nullish(), groups: linkIds.nullish() }).nullish(),
};

export const createSourceSchema = z.object(fields);
export const updateSourceSchema = z.object(fields).partial().extend({ id: uuid });
/** A connection to be tried before a source is made of it. */
export const tryUrlSchema = z.object({ url });

/** What a test of a connection found. */
export const sourceTestSchema = z.object({
  /** Reports can read it. */
  ok: z.boolean(),
  version: z.string().nullable(),
  login: z.string().nullable(),
  privileged: z.boolean().nullable(),
  /** What stands in the way, in sentences for people. */
  problems: z.array(z.string()),
});

export type CreateSourceInput = z.output<typeof createSourceSchema>;
export type UpdateSourceInput = z.output<typeof updateSourceSchema>;
export type SourceTest = z.output<typeof sourceTestSchema>;
