import { createRoute, type z } from '@hono/zod-openapi';
import type { Ctx } from '../../operations/context.ts';
import { describeResource } from '../../operations/resources/describe.ts';
import { getResource } from '../../operations/resources/get.ts';
import { massUpdate } from '../../operations/resources/mass-update.ts';
import type { Model, Resource } from '../../operations/resources/resource.ts';
import { type SearchInput, searchSchema } from '../../operations/resources/schemas.ts';
import { searchResource } from '../../operations/resources/search.ts';
import { type Family, jsonBody, jsonReply, optionalBody } from './family.ts';
import { idParam, massUpdateBody, metaBody, modelSchema, relationsQuery, searchReply } from './schemas.ts';
import { toWire } from './to-wire.ts';

type Verb<Input, Output> = (args: { ctx: Ctx; input: Input }) => Promise<Output>;
type Model_ = ReturnType<typeof modelSchema>;

/** A noun of the family: its description, its path, and what writes it. What is absent has no endpoint. */
export interface Noun<Create = never, Update extends { id: string } = never> {
  readonly resource: Resource;
  /** `/dashboards` */
  readonly path: string;
  readonly create?: { readonly schema: z.ZodType<Create>; readonly verb: Verb<Create, Model> };
  readonly update?: { readonly schema: z.ZodObject; readonly verb: Verb<Update, Model> };
  readonly remove?: Verb<{ id: string }, void>;
  /** Fields of create whose wrong types are answered by exactly `Bad Request`, as documented. */
  readonly plainBadRequest?: readonly string[];
  /** Further actions over one object that `_meta` names. */
  readonly actions?: readonly string[];
}

/**
 * The family's usual endpoints of a noun: `create`, `update`, `search`, `_meta`, `mass_update`, get and delete by id.
 * Call it before other routes of the same path that end in `{id}`.
 */
export function addNoun<Create, Update extends { id: string }>(family: Family, noun: Noun<Create, Update>): void {
  const model = modelSchema(noun.resource);
  addMeta(family, noun as unknown as Noun);
  addSearch(family, noun.resource, noun.path, model);
  addGet(family, noun.resource, noun.path, model);
  if (noun.create) addCreate(family, noun, noun.create, model);
  if (noun.update) addUpdate(family, noun, noun.update, model);
  if (noun.remove) addDelete(family, noun.path, noun.remove);
}

/** `GET <path>/_meta`. Call it before a route of the same path that ends in `{id}`. */
export function addMeta(
  family: Family,
  { resource, path, update, actions = [] }: Pick<Noun, 'resource' | 'path' | 'update' | 'actions'>,
): void {
  const meta = describeResource(resource, {
    actions: update ? ['mass_update'] : [],
    instance_actions: actions.map((action) => ({ action, params: {} })),
  });
  family.add(
    createRoute({
      method: 'get',
      path: `${path}/_meta`,
      summary: 'Fields, filters, relations and actions',
      responses: { 200: jsonReply(metaBody, 'What can be asked of it') },
    }),
    (_received, c) => c.json(meta, 200),
  );
}

/** `POST <path>/search` for any resource, with or without the other endpoints. */
export function addSearch(
  family: Family,
  resource: Resource,
  path: string,
  model: Model_ = modelSchema(resource),
): void {
  family.add(
    createRoute({
      method: 'post',
      path: `${path}/search`,
      summary: 'Search among what the caller may see',
      request: { body: optionalBody(searchSchema) },
      responses: { 200: jsonReply(searchReply(model), 'A page of the objects found, and how many there are') },
    }),
    async ({ ctx, body }, c) =>
      c.json(toWire(await searchResource({ ctx, resource, input: body as SearchInput })) as object, 200),
  );
}

function addGet(family: Family, resource: Resource, path: string, model: Model_ = modelSchema(resource)): void {
  family.add(
    createRoute({
      method: 'get',
      path: `${path}/{id}`,
      summary: 'Get one by its id',
      request: { params: idParam, query: relationsQuery },
      responses: { 200: jsonReply(model, 'The object') },
    }),
    async ({ ctx, params, query }, c) => {
      const input = { id: params.id, relations: query.relations };
      return c.json(toWire(await getResource({ ctx, resource, input })) as object, 200);
    },
  );
}

function addCreate<Create>(
  family: Family,
  noun: { path: string; plainBadRequest?: readonly string[] },
  create: { schema: z.ZodType<Create>; verb: Verb<Create, Model> },
  model: Model_,
): void {
  family.add(
    createRoute({
      method: 'post',
      path: `${noun.path}/create`,
      summary: 'Create',
      request: { body: jsonBody(create.schema) },
      responses: { 201: jsonReply(model, 'What was created') },
    }),
    async ({ ctx, body }, c) => c.json(toWire(await create.verb({ ctx, input: body as Create })) as object, 201),
    { plainBadRequest: noun.plainBadRequest ?? [] },
  );
}

function addUpdate<Update extends { id: string }>(
  family: Family,
  { path }: { path: string },
  { schema, verb }: { schema: z.ZodObject; verb: Verb<Update, Model> },
  model: Model_,
): void {
  family.add(
    createRoute({
      method: 'put',
      path: `${path}/update`,
      summary: 'Change the fields given; `_relations` replaces sets of links',
      request: { body: jsonBody(schema) },
      responses: { 200: jsonReply(model, 'The object as it is now; its relations null after `_relations`') },
    }),
    async ({ ctx, body }, c) => c.json(toWire(await verb({ ctx, input: body as unknown as Update })) as object, 200),
  );
  family.add(
    createRoute({
      method: 'post',
      path: `${path}/mass_update`,
      summary: 'Give many objects the same new values, all of them or none',
      request: { body: jsonBody(massUpdateBody(schema)) },
      responses: { 200: { description: 'Changed; the answer has no body' } },
    }),
    async ({ ctx, body }, c) => {
      const input = body as unknown as { ids: string[]; fields: Omit<Update, 'id'> };
      await massUpdate<Update>({ ctx, input, update: verb });
      return c.body(null, 200);
    },
  );
}

/** `DELETE <path>/{id}`: 200 with an empty body. */
function addDelete(family: Family, path: string, verb: Verb<{ id: string }, void>): void {
  family.add(
    createRoute({
      method: 'delete',
      path: `${path}/{id}`,
      summary: 'Delete',
      request: { params: idParam },
      responses: { 200: { description: 'Deleted; the answer has no body' } },
    }),
    async ({ ctx, params }, c) => {
      await verb({ ctx, input: { id: params.id } });
      return c.body(null, 200);
    },
  );
}
