import { createRoute } from '@hono/zod-openapi';
import { deleteDocument } from '../../operations/archive/delete.ts';
import { openDocumentFile } from '../../operations/archive/open-file.ts';
import { archiveResource } from '../../operations/archive/resource.ts';
import { sendDocument } from '../send-document.ts';
import { documentContent, formatQuery } from './document-formats.ts';
import type { Family } from './family.ts';
import { addNoun } from './resource-routes.ts';
import { idParam } from './schemas.ts';

/** The generated documents. Must be added before `/reports/{id}`, which would take `archive` for an id. */
export function addArchiveRoutes(family: Family): void {
  addNoun(family, { resource: archiveResource, path: '/reports/archive', remove: deleteDocument, actions: ['file'] });
  family.add(
    createRoute({
      method: 'get',
      path: '/reports/archive/{id}/file',
      summary: 'The bytes of a document',
      description: 'With `format`, another file that the same run has written.',
      request: { params: idParam, query: formatQuery },
      responses: {
        200: {
          description: 'The file',
          content: documentContent,
        },
        304: { description: 'The caller has it already (If-None-Match)' },
      },
    }),
    async ({ ctx, params, query }, c) =>
      sendDocument(c, await openDocumentFile({ ctx, input: { ...params, ...query } })),
  );
}
