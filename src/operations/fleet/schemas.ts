import { z } from 'zod';

const interval = z
  .string()
  .min(1)
  .max(200)
  .describe('Cron of automatic snapshots, five fields, UTC; default `1 * * * *`');

export const createClusterSchema = z.strictObject({
  name: z.string().trim().min(1).max(128),
  kind: z.enum(['POSTGRESQL', 'MYSQL', 'OCEANBASE']),
  url: z
    .string()
    .min(1)
    .max(4000)
    .describe('How to reach it, with the login that watches it; kept sealed, shown masked'),
  obClusterId: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().describe("The server's own cluster id"),
  captureInterval: interval.optional(),
  captureEnabled: z.boolean().optional(),
  samplingEnabled: z.boolean().optional(),
});
export type CreateClusterInput = z.infer<typeof createClusterSchema>;

export const updateClusterSchema = createClusterSchema.omit({ kind: true }).partial();
export type UpdateClusterInput = z.infer<typeof updateClusterSchema>;

export const grantSchema = z.strictObject({ userId: z.guid(), access: z.enum(['read', 'read_write']).nullable() });
export type GrantInput = z.infer<typeof grantSchema>;
