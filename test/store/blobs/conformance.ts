import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type BlobStore, readWhole } from '../../../src/store/blobs/blob-store.ts';
import type { Db } from '../../../src/store/database.ts';

export interface BlobFixture {
  readonly store: BlobStore;
  readonly db: Db;
  /** Makes the row of a document and gives its id. */
  makeDocument(): Promise<string>;
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** What every blob store must do. Call it inside a `describe`. */
export function blobStoreConformance(fixture: () => BlobFixture): void {
  const signal = new AbortController().signal;

  test.each([0, 1, 262_143, 262_144, 262_145, 3_000_000])('gives back %i bytes as they were put', async (size) => {
    const { store, db, makeDocument } = fixture();
    const id = await makeDocument();
    const content = randomBytes(size);
    await store.put(db, id, content, signal);
    const back = await readWhole(store, db, id, signal);
    expect(back.length).toBe(size);
    expect(digest(back)).toBe(digest(content));
  });

  test('reads in pieces of at most a mebibyte', async () => {
    const { store, db, makeDocument } = fixture();
    const id = await makeDocument();
    await store.put(db, id, randomBytes(2_500_000), signal);
    const sizes: number[] = [];
    for await (const piece of store.read(db, id, signal)) sizes.push(piece.length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
  });

  test('putting again replaces, also with something shorter', async () => {
    const { store, db, makeDocument } = fixture();
    const id = await makeDocument();
    await store.put(db, id, randomBytes(700_000), signal);
    await store.put(db, id, Buffer.from('short'), signal);
    expect((await readWhole(store, db, id, signal)).toString()).toBe('short');
  });

  test('keeps documents apart', async () => {
    const { store, db, makeDocument } = fixture();
    const [one, two] = [await makeDocument(), await makeDocument()];
    await store.put(db, one, Buffer.from('one'), signal);
    await store.put(db, two, Buffer.from('two'), signal);
    await store.delete(db, one, signal);
    expect((await readWhole(store, db, two, signal)).toString()).toBe('two');
  });

  test('an unknown and a deleted id are not found, and deleting twice is no error', async () => {
    const { store, db, makeDocument } = fixture();
    const id = await makeDocument();
    await expect(readWhole(store, db, id, signal)).rejects.toMatchObject({ code: 'not_found' });
    await store.put(db, id, Buffer.from('x'), signal);
    await store.delete(db, id, signal);
    await store.delete(db, id, signal);
    await expect(readWhole(store, db, id, signal)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a blob deleted while it is read ends in an error, not in a short document', async () => {
    const { store, db, makeDocument } = fixture();
    const id = await makeDocument();
    await store.put(db, id, randomBytes(3_000_000), signal);
    const read = async (): Promise<void> => {
      for await (const _ of store.read(db, id, signal)) await store.delete(db, id, signal);
    };
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('an aborted signal ends a read', async () => {
    const { store, db, makeDocument } = fixture();
    const id = await makeDocument();
    await store.put(db, id, randomBytes(3_000_000), signal);
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of store.read(db, id, controller.signal)) controller.abort();
    };
    await expect(read()).rejects.toThrow(/abort/i);
  });
}
