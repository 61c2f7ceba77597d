import { z } from '@hono/zod-openapi';

/** `{id}` of a path. Any uuid-shaped text: the family checks the format, not the version. */
export const idParam = z.object({
  id: z.guid().openapi({ param: { name: 'id', in: 'path' }, format: 'uuid' }),
});

export const errorBody = z
  .object({ error: z.string(), error_code: z.number().int() })
  .openapi('Error', { example: { error: 'Bad Request', error_code: 400 } });

export const blockedBody = z
  .object({
    error: z.string(),
    error_code: z.number().int(),
    relations: z.record(z.string(), z.array(z.looseObject({ id: z.string() }))),
  })
  .openapi('BlockedError');

export const userHeader = z.object({
  'Pgr-User-ID': z.guid().openapi({ description: 'The user who acts', format: 'uuid' }),
});
