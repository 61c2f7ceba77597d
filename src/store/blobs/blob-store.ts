import type { Db } from '../database.ts';

/**
 * Keeps the bytes of documents. One file a kind, all with these keys, all passing `test/store/blobs/conformance.ts`.
 * A stored blob never changes: it is put once, read whole or in part, and deleted.
 */
export interface BlobStore {
  /** What `documents.storage` says of a document whose bytes lie here. */
  readonly kind: string;
  /**
   * Store the bytes of document `id`, whose row exists already. A store inside PostgreSQL writes in the transaction
   * `db`; one outside has the bytes safe when this resolves, and they are orphans if the transaction then fails.
   * Putting the same id again replaces what was there, so that a retried step may simply repeat itself.
   */
  put(db: Db, id: string, content: Buffer, signal: AbortSignal): Promise<void>;
  /**
   * The bytes in order, in pieces of bounded size, each read when it is asked for.
   * @throws BroadsheetError `not_found` for an unknown id, `unavailable` when the blob is deleted while it is read.
   */
  read(db: Db, id: string, signal: AbortSignal): AsyncIterable<Buffer>;
  /** Forget the bytes; an unknown id is no error. */
  delete(db: Db, id: string, signal: AbortSignal): Promise<void>;
}

/** The whole blob at once: for mails, which are built in memory anyway. */
export async function readWhole(store: BlobStore, db: Db, id: string, signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of store.read(db, id, signal)) pieces.push(piece);
  return Buffer.concat(pieces);
}
