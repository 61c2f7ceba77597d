import { eq } from 'drizzle-orm';
import { BroadsheetError, notFound } from '../../errors.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import { postgresChunks } from '../../store/blobs/postgres-chunks.ts';
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

/** The blob stores by the word in `documents.storage`. */
const STORES: Readonly<Record<string, BlobStore>> = { [postgresChunks.kind]: postgresChunks };

/** @throws BroadsheetError `unavailable` when this version knows no such storage. */
export function blobStoreOf(kind: string): BlobStore {
  const store = STORES[kind];
  if (!store) throw new BroadsheetError('unavailable', `documents in storage ${kind} can't be reached`);
  return store;
}

/**
 * The file of a document that the actor sees.
 * @throws BroadsheetError `not_found` "document not found", `forbidden`.
 */
export async function openDocumentFile({ ctx, input }: { ctx: Ctx; input: { id: string } }): Promise<DocumentFile> {
  await getResource({ ctx, resource: archiveResource, input: { id: input.id, relations: [] } });
  return fileOf(ctx, input.id);
}

/** The file of a document, for a caller whose right is checked already. */
export async function fileOf(ctx: Ctx, id: string): Promise<DocumentFile> {
  const [row] = await ctx.db.select().from(documents).where(eq(documents.id, id));
  if (!row) throw notFound('document not found');
  const store = blobStoreOf(row.storage);
  const { name, mediaType, size, sha256 } = row;
  return { id, name, mediaType, size, sha256, read: (signal) => store.read(ctx.db, id, signal) };
}
