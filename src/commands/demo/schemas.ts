import { z } from 'zod';

const widgetSchema = z.object({
  at: z.object({ page: z.number(), x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  name: z.string(),
  kind: z.string(),
  description: z.string().default(''),
  legend: z.string().optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
  mappings: z.record(z.string(), z.unknown()).default({}),
  sql: z.string().optional(),
  query: z.record(z.string(), z.unknown()).optional(),
});

/** A report of the demo, as `templates/demo/*.yaml` writes it. */
export const demoReportSchema = z.object({
  name: z.string(),
  period: z.array(z.string()),
  interval: z.string(),
  time_zone: z.string(),
  header: z.string(),
  footer: z.string(),
  widgets: z.array(widgetSchema),
});

export type DemoReport = z.output<typeof demoReportSchema>;
export type DemoWidget = z.output<typeof widgetSchema>;

/** What a create call answers, as far as the demo reads it. */
export const createdSchema = z.looseObject({ id: z.string() });

/** What a search answers, as far as the demo reads it. */
export const foundSchema = z.looseObject({ objects: z.array(createdSchema) });

/** What firing a task answers, as far as the demo reads it. */
export const startedSchema = z.looseObject({ run_id: z.string() });

/** What a run looks like, as far as the demo reads it. */
export const runSchema = z.looseObject({ id: z.string(), state: z.string(), document: createdSchema.nullable() });

export type DemoRun = z.output<typeof runSchema>;
