import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import { documentChunks, documents } from '../../../src/store/schema/runs.ts';
import { FIXTURE_TIME } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { blobStoreConformance } from './conformance.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function makeDocument(): Promise<string> {
  const id = randomUUID();
  await database.db.insert(documents).values({
    id,
    name: 'report.pdf',
    instance: randomUUID(),
    mediaType: 'application/pdf',
    size: 0,
    pages: 1,
    sha256: '',
    createdAt: FIXTURE_TIME,
    updatedAt: FIXTURE_TIME,
  });
  return id;
}

describe('documents in PostgreSQL', () => {
  blobStoreConformance(() => ({ store: postgresChunks, db: database.db, makeDocument }));

  test('a rolled back transaction leaves no bytes', async () => {
    const id = await makeDocument();
    const signal = new AbortController().signal;
    const work = database.db.transaction(async (tx) => {
      await postgresChunks.put(tx, id, randomBytes(600_000), signal);
      throw new Error('changed our mind');
    });
    await expect(work).rejects.toThrow('changed our mind');
    expect(await database.db.select().from(documentChunks).where(eq(documentChunks.documentId, id))).toEqual([]);
  });

  test('bytes go with their document', async () => {
    const id = await makeDocument();
    await postgresChunks.put(database.db, id, randomBytes(600_000), new AbortController().signal);
    await database.db.delete(documents).where(eq(documents.id, id));
    expect(await database.db.select().from(documentChunks).where(eq(documentChunks.documentId, id))).toEqual([]);
  });
});
