import { and, eq, sql } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../../errors.ts';
import type { Db } from '../database.ts';
import { documentChunks } from '../schema/runs.ts';
import type { BlobStore } from './blob-store.ts';

/** Bytes per row of `document_chunks`: small enough to stay bounded in memory, large enough for few round trips. */
const CHUNK_BYTES = 256 * 1024;

/** Documents inside our own PostgreSQL, cut into rows: they commit with their run and are in its backups. */
export const postgresChunks: BlobStore = {
  kind: 'postgres',
  put: async (db, id, content, signal) => {
    await db.delete(documentChunks).where(eq(documentChunks.documentId, id));
    const count = Math.max(1, Math.ceil(content.length / CHUNK_BYTES));
    for (let position = 0; position < count; position += 1) {
      signal.throwIfAborted();
      const data = content.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES);
      await db.insert(documentChunks).values({ documentId: id, position, data });
    }
  },
  read: readChunks,
  delete: async (db, id, signal) => {
    signal.throwIfAborted();
    await db.delete(documentChunks).where(eq(documentChunks.documentId, id));
  },
};

/** One statement a piece, so that a slow reader holds neither a transaction nor the document in memory. */
async function* readChunks(db: Db, id: string, signal: AbortSignal): AsyncIterable<Buffer> {
  signal.throwIfAborted();
  const [found] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(documentChunks)
    .where(eq(documentChunks.documentId, id));
  const count = found?.count ?? 0;
  if (count === 0) throw notFound('document has no content');
  for (let position = 0; position < count; position += 1) {
    signal.throwIfAborted();
    const [chunk] = await db
      .select({ data: documentChunks.data })
      .from(documentChunks)
      .where(and(eq(documentChunks.documentId, id), eq(documentChunks.position, position)));
    if (!chunk) throw new BroadsheetError('unavailable', 'the document was deleted while it was read');
    yield chunk.data;
  }
}
