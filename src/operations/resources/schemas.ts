import { z } from 'zod';

/** Stored JSON: whatever keys and words it holds pass through unchanged. */
export const jsonObject = z.record(z.string(), z.unknown());

export const uuid = z.guid();

const NAME_LENGTH = 255;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** A one-line text for people: no control characters, so that no header, log or file name breaks at it. */
export const line = (max = NAME_LENGTH) =>
  z
    .string()
    .max(max)
    .refine((text) => !CONTROL.test(text), 'control characters are not allowed');

export const nameText = line().refine((text) => text.trim() !== '', 'must not be empty');

/** An instant of the years 1–9999, which is what both ends can write: `2019-08-24T14:15:22Z`, any offset. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => !text.startsWith('0000') && !Number.isNaN(Date.parse(text)), 'not an instant')
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999, 'not an instant');

const MAX_LINKS = 1_000;

/** The ids that a link set is brought to. */
export const linkIds = z.array(uuid).max(MAX_LINKS);

/** `limit` beyond this is cut to it. */
const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 100;
const MAX_TERMS = 50;
const fieldNames = z.array(z.string().max(100)).max(200);

const filterSchema = z.object({
  field: z.string().max(100),
  type: z.enum(['equal', 'substr', 'intersection', 'range']),
  /** equal: a value or null; substr: a text; intersection: a list; range: `[from, to]` or `{from, to}`, both ends in. */
  value: z.unknown().optional(),
  negation: z.boolean().nullish(),
});

/** The body of a search. Everything may be left out or null: an empty body lists everything. */
export const searchSchema = z.object({
  include_fields: fieldNames.nullish(),
  exclude_fields: fieldNames.nullish(),
  filters: z.array(filterSchema).max(MAX_TERMS).nullish(),
  ordering: z
    .array(z.object({ field: z.string().max(100), direction: z.enum(['asc', 'desc']).nullish() }))
    .max(MAX_TERMS)
    .nullish(),
  virtual_search: z
    .object({
      value: z.string().max(1_000).nullish(),
      /** Whole values, case and all, instead of parts of them. */
      strict: z.boolean().nullish(),
    })
    .nullish(),
  relations: fieldNames.nullish(),
  _relations: fieldNames.nullish(),
  limit: z
    .number()
    .int()
    .min(0)
    .nullish()
    .transform((limit) => Math.min(limit ?? DEFAULT_LIMIT, MAX_LIMIT)),
  offset: z
    .number()
    .int()
    .min(0)
    .nullish()
    .transform((offset) => offset ?? 0),
});

export type SearchInput = z.output<typeof searchSchema>;
export type SearchFilter = z.output<typeof filterSchema>;
