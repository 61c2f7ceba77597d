import { and, eq, ne } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../../errors.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import { postgresChunks } from '../../store/blobs/postgres-chunks.ts';
import type { FileKind } from '../../store/schema/definitions.ts';
import { documents } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { getResource } from '../resources/get.ts';
import { archiveResource } from './resource.ts';

/** A document's file: what its headers say, and its bytes, read piece by piece when they are asked for. */
export interface DocumentFile {
  readonly id: string;
  /** File name with extension, safe for any file system, in any language. */
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  readonly read: (signal: AbortSignal) => AsyncIterable<Buffer>;
}

/** Of documents whose run is gone. */
const NO_RUN = '00000000-0000-0000-0000-000000000000';

/** The blob stores by the word in `documents.storage`. */
const STORES: Readonly<Record<string, BlobStore>> = { [postgresChunks.kind]: postgresChunks };

/** @throws BroadsheetError `unavailable` when this version knows no such storage. */
export function blobStoreOf(kind: string): BlobStore {
  const store = STORES[kind];
  if (!store) throw new BroadsheetError('unavailable', `documents in storage ${kind} can't be reached`);
  return store;
}

export interface OpenFileInput {
  readonly id: string;
  /** Instead of the document's own: another format that the same run has written. */
  readonly format?: FileKind | undefined;
}

/**
 * The file of a document that the actor sees.
 * @throws BroadsheetError `not_found` "document not found", or when its run wrote no such format; `forbidden`.
 */
export async function openDocumentFile({ ctx, input }: { ctx: Ctx; input: OpenFileInput }): Promise<DocumentFile> {
  const model = await getResource({ ctx, resource: archiveResource, input: { id: input.id, relations: [] } });
  if (input.format === undefined || input.format === model.kind) return fileOf(ctx, input.id);
  const sibling = and(
    eq(documents.runId, String(model.run_id ?? NO_RUN)),
    eq(documents.kind, input.format),
    ne(documents.role, 'preview'),
  );
  const [found] = await ctx.db.select({ id: documents.id }).from(documents).where(sibling);
  if (!found) throw notFound(`document not found: its run has written no ${input.format} file`);
  return fileOf(ctx, found.id);
}

/** The file of a document, for a caller whose right is checked already. */
export async function fileOf(ctx: Ctx, id: string): Promise<DocumentFile> {
  const [row] = await ctx.db.select().from(documents).where(eq(documents.id, id));
  if (!row) throw notFound('document not found');
  const store = blobStoreOf(row.storage);
  const { name, mediaType, size, sha256 } = row;
  return { id, name, mediaType, size, sha256, read: (signal) => store.read(ctx.db, id, signal) };
}
