import { z } from 'zod';

const MOST_WIDGETS = 100_000;
const span = z.looseObject({ from: z.string(), to: z.string() });
const words = z.record(z.string(), z.string());

/** A manifest as `diff` reads it, of this version or an earlier one: what is not here is not compared. */
export const manifestSchema = z.looseObject({
  format: z.string().regex(/^broadsheet-manifest\/1$/),
  report: z.looseObject({ id: z.string(), name: z.string(), definition_sha256: z.string().optional() }),
  made_for: z.string(),
  time_zone: z.string(),
  locale: z.string(),
  period: span,
  widgets: z
    .array(
      z.looseObject({
        id: z.string(),
        name: z.string(),
        kind: z.string(),
        state: z.string(),
        rows: z.number(),
        period: span.optional(),
        definition_sha256: z.string().optional(),
        series: z.array(
          z.looseObject({
            name: z.string(),
            source: z.string(),
            query_sha256: z.string(),
            rows: z.number(),
            rows_sha256: z.string().optional(),
            truncated_by: z.string().optional(),
            limit: z.number().optional(),
          }),
        ),
      }),
    )
    .max(MOST_WIDGETS),
  files: z.array(z.looseObject({ kind: z.string(), sha256: z.string() })).default([]),
  versions: words,
});

export type ManifestRead = z.output<typeof manifestSchema>;
