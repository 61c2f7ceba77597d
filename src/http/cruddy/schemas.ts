import { z } from '@hono/zod-openapi';
import type { FieldType, Resource } from '../../operations/resources/resource.ts';

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

/** `relations`: absent = all, empty = none, else those named, comma-separated or repeated. */
export const relationsQuery = z.object({
  relations: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((given) => (given === undefined ? undefined : [given].flat().flatMap(commaSeparated)))
    .openapi({ type: 'string', description: 'Relations to load: absent = all, empty = none, else those named' }),
});

const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

const MAX_MASS = 100;

/** The body of a mass update: the same new values for all of the objects, or for none. Links can't be given. */
export function massUpdateBody(update: z.ZodObject) {
  const { id: _id, _relations: _links, ...fields } = update.shape;
  return z.object({ ids: z.array(z.guid()).min(1).max(MAX_MASS), fields: z.object(fields) });
}

export const metaBody = z.object({
  fields: z.array(z.object({ name: z.string(), type: z.string(), filters: z.array(z.string()) })),
  actions: z.array(z.string()),
  instance_actions: z.array(z.object({ action: z.string(), params: z.record(z.string(), z.unknown()) })),
  relations: z.array(z.string()),
});

const time = () => z.string().openapi({ format: 'date-time', example: '2023-12-20T00:00:01.652000Z' });

const FIELD_SCHEMAS: Readonly<Record<FieldType, () => z.ZodType>> = {
  uuid: () => z.guid().openapi({ format: 'uuid' }),
  string: () => z.string(),
  date: time,
  boolean: () => z.boolean(),
  integer: () => z.number().int(),
  strings: () => z.array(z.string()),
  json: () => z.record(z.string(), z.unknown()),
  list: () => z.array(z.unknown()),
};

/** What a resource looks like in answers: its fields, and its relations where they are loaded, else null. */
export function modelSchema(resource: Resource) {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, field] of Object.entries({ ...resource.fields, ...resource.derived })) {
    const hidden = 'hidden' in field && field.hidden === true;
    if (!hidden) shape[name] = name === 'id' ? FIELD_SCHEMAS.uuid() : FIELD_SCHEMAS[field.type]().nullable();
  }
  for (const [name, relation] of Object.entries(resource.relations)) {
    const related = z.record(z.string(), z.unknown());
    shape[name] = (relation.kind === 'one' ? related : z.array(related)).nullable();
    if (relation.kind === 'link' && relation.idsField) shape[relation.idsField] = z.array(z.guid()).nullable();
  }
  return z.object(shape).openapi(resource.name);
}

export const searchReply = <S extends z.ZodType>(model: S) =>
  z.object({ objects: z.array(model), total: z.number().int() });
