import { z } from 'zod';
import { OUTPUT_KINDS } from '../../print/output.ts';

/** What a report can become. */
export const formatWords = OUTPUT_KINDS;

/** One kind of file. */
export const formatSchema = z.enum(OUTPUT_KINDS);

/** Files to write, the document itself first; each kind once. */
export const outputKinds = z
  .array(formatSchema)
  .min(1)
  .max(OUTPUT_KINDS.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, 'a format is named twice');

/** The body of a generation on demand. Everything may be left out: as the report is defined, in the default zone. */
export const generateSchema = z.object({
  /** `[from, to]`, `[from]` or one named period: `["last month"]`. */
  period: z.array(z.string().max(100)).max(2).nullish(),
  time_zone: z.string().max(100).nullish(),
  locale: z.enum(['en', 'ru', 'zh']).nullish(),
  /** Default: what `Accept` asks for, else a PDF. */
  format: formatSchema.nullish(),
});

export type GenerateInput = z.output<typeof generateSchema>;

/** What an `Idempotency-Key` may look like: visible ASCII. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);
