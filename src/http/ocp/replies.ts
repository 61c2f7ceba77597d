import { z } from '@hono/zod-openapi';

const facts = {
  duration: z.number().int().openapi({ description: 'Milliseconds' }),
  server: z.string(),
  status: z.number().int(),
  timestamp: z.string().openapi({ example: '2023-01-12T19:44:41.739+08:00' }),
  traceId: z.string().openapi({ example: '547b73e3e435415a' }),
};

/** An answer in OCP's envelope, for `createRoute`. */
export const ocpReply = <S extends z.ZodType>(data: S, description: string) => ({
  description,
  content: { 'application/json': { schema: z.object({ data, successful: z.literal(true), ...facts }) } },
});

/** The answer of an operation without a result. */
export const voidReply = (description: string) => ({
  description,
  content: { 'application/json': { schema: z.object({ successful: z.literal(true), ...facts }) } },
});

/** All of a list at once. */
export const listOf = <S extends z.ZodType>(item: S) => z.object({ contents: z.array(item) });

/** A page of a list. */
export const pageModel = <S extends z.ZodType>(item: S) =>
  z.object({
    contents: z.array(item),
    page: z.object({
      totalElements: z.number().int(),
      totalPages: z.number().int(),
      number: z.number().int().openapi({ description: 'From 1' }),
      size: z.number().int(),
    }),
  });

export const errorEnvelope = z
  .object({
    successful: z.literal(false),
    error: z.looseObject({
      code: z.number().int(),
      message: z.string(),
      taskInstanceId: z.number().int().optional(),
      subErrors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    }),
    ...facts,
  })
  .openapi('OcpError');

/** A JSON body, for `createRoute`. */
export const ocpBody = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});
