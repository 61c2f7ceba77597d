import { createRoute, z } from '@hono/zod-openapi';
import { deleteDocument } from '../../operations/archive/delete.ts';
import { getDocument } from '../../operations/archive/get.ts';
import { openDocumentFile } from '../../operations/archive/open-file.ts';
import { archiveResource } from '../../operations/archive/resource.ts';
import { searchDocuments } from '../../operations/archive/search.ts';
import { describeResource } from '../../operations/resources/describe.ts';
import { searchSchema } from '../../operations/resources/schemas.ts';
import { sendDocument } from '../send-document.ts';
import { type Family, jsonBody, jsonReply } from './family.ts';
import { idParam } from './schemas.ts';
import { toWire } from './to-wire.ts';

const tags = ['reports/archive'];
const path = '/reports/archive/{id}';
const time = z.string().openapi({ format: 'date-time' });

const documentModel = z
  .object({
    id: z.guid(),
    created_at: time,
    updated_at: time,
    name: z.string().openapi({ description: 'File name, made from the name mask' }),
    report_id: z.guid().nullable(),
    task_id: z.guid().nullable(),
    run_id: z.guid().nullable(),
    instance: z.guid(),
    state: z.string().nullable().openapi({ description: 'Of its run; null when that is gone' }),
    media_type: z.string(),
    size: z.number().int(),
    pages: z.number().int(),
    sha256: z.string(),
    manifest: z.record(z.string(), z.unknown()),
    report: z.looseObject({ id: z.guid() }).nullable(),
  })
  .openapi('Document');

const found = z.object({
  objects: z.array(documentModel.partial().extend({ _relations: z.object({}) })),
  total: z.number().int(),
});

/** The generated documents. Must be added before `/reports/{id}`, which would take `archive` for an id. */
export function addArchiveRoutes(family: Family): void {
  addReads(family);
  family.add(
    createRoute({
      method: 'get',
      path: `${path}/file`,
      tags,
      summary: 'The bytes of a document',
      request: { params: idParam },
      responses: {
        200: {
          description: 'The file',
          content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
        },
        304: { description: 'The caller has it already (If-None-Match)' },
      },
    }),
    async ({ ctx, params }, c) => sendDocument(c, await openDocumentFile({ ctx, input: params })),
  );
  family.add(
    createRoute({
      method: 'delete',
      path,
      tags,
      summary: 'Delete a document',
      request: { params: idParam },
      responses: { 200: { description: 'Deleted' } },
    }),
    async ({ ctx, params }, c) => {
      await deleteDocument({ ctx, input: params });
      return c.body(null, 200);
    },
  );
}

function addReads(family: Family): void {
  family.add(
    createRoute({
      method: 'post',
      path: '/reports/archive/search',
      tags,
      summary: 'Search generated documents',
      request: { body: jsonBody(searchSchema) },
      responses: { 200: jsonReply(found, 'Documents that the caller sees, newest first') },
    }),
    async ({ ctx, body }, c) => c.json(toWire(await searchDocuments({ ctx, input: body })), 200),
  );
  family.add(
    createRoute({
      method: 'get',
      path: '/reports/archive/_meta',
      tags,
      summary: 'Fields, filters and actions of documents',
      responses: { 200: jsonReply(z.looseObject({}), 'The description') },
    }),
    (_, c) =>
      c.json(
        describeResource(archiveResource, {
          actions: ['search'],
          instance_actions: ['get', 'delete', 'file'].map((action) => ({ action, params: {} })),
        }),
        200,
      ),
  );
  family.add(
    createRoute({
      method: 'get',
      path,
      tags,
      summary: 'A generated document, without its bytes',
      request: { params: idParam },
      responses: { 200: jsonReply(documentModel, 'The document') },
    }),
    async ({ ctx, params }, c) => c.json(toWire(await getDocument({ ctx, input: params })), 200),
  );
}
