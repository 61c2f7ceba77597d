import { z } from 'zod';

/** The body of a generation on demand. Everything may be left out: as the report is defined, in the default zone. */
export const generateSchema = z.object({
  /** `[from, to]`, `[from]` or one named period: `["last month"]`. */
  period: z.array(z.string().max(100)).max(2).nullish(),
  time_zone: z.string().max(100).nullish(),
  locale: z.enum(['en', 'ru', 'zh']).nullish(),
});

export type GenerateInput = z.output<typeof generateSchema>;

/** What an `Idempotency-Key` may look like: visible ASCII. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);
