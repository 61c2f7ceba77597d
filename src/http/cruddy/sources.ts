import { createRoute } from '@hono/zod-openapi';
import { createSource } from '../../operations/sources/create.ts';
import { deleteSource } from '../../operations/sources/delete.ts';
import { sourceResource } from '../../operations/sources/resource.ts';
import {
  createSourceSchema,
  sourceTestSchema,
  tryUrlSchema,
  updateSourceSchema,
} from '../../operations/sources/schemas.ts';
import { createSourceLooks, testSource, testUrl } from '../../operations/sources/test.ts';
import { updateSource } from '../../operations/sources/update.ts';
import { type Family, jsonBody, jsonReply } from './family.ts';
import { addNoun } from './resource-routes.ts';
import { idParam } from './schemas.ts';

/** Sources: the databases that series are read from. Ours, in the family's manner. */
export function addSourceRoutes(family: Family): void {
  const found = jsonReply(
    sourceTestSchema.openapi('SourceTest'),
    'What was found; a database that is not there is `ok: false`',
  );
  addNoun(family, {
    resource: sourceResource,
    path: '/sources',
    create: { schema: createSourceSchema, verb: createSource },
    update: { schema: updateSourceSchema, verb: updateSource },
    remove: deleteSource,
    actions: ['test'],
  });
  family.add(
    createRoute({
      method: 'post',
      path: '/sources/test',
      summary: 'Try a connection before a source is made of it',
      request: { body: jsonBody(tryUrlSchema) },
      responses: { 200: found },
    }),
    async ({ ctx, body }, c) => c.json(await testUrl({ ctx, input: body }), 200),
  );
  const looks = createSourceLooks();
  family.add(
    createRoute({
      method: 'post',
      path: '/sources/{id}/test',
      summary: 'Connect to a source as a report would',
      request: { params: idParam },
      responses: { 200: found },
    }),
    async ({ ctx, params }, c) => c.json(await testSource({ ctx, input: params, looks }), 200),
  );
}
