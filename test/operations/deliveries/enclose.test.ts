import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Letter } from '../../../src/deliver/channel.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { loadDelivery } from '../../../src/operations/deliveries/load-delivery.ts';
import { type DeliverableRow, writeLetter } from '../../../src/operations/deliveries/write-letter.ts';
import { readWhole } from '../../../src/store/blobs/blob-store.ts';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import { documents } from '../../../src/store/schema/runs.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { archivedRun, ledgerCtx, NOW, sha256 } from './ledger-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const signal = new AbortController().signal;

/** A run with a PDF of 2 000 bytes and these files beside it. */
async function runWith(
  ctx: Ctx,
  files: readonly { kind: 'csv' | 'xlsx' | 'png'; role: 'further' | 'preview'; size: number }[],
) {
  const run = await archivedRun(ctx, { recipients: { to: ['a@box.test'] } });
  const [main] = await ctx.db.select().from(documents).where(eq(documents.id, run.documentId));
  if (!main) throw new Error('no document');
  for (const { kind, role, size } of files) {
    const bytes = randomBytes(size);
    const id = randomUUID();
    const row = {
      ...main,
      id,
      kind,
      role,
      name: `Weekly.${kind}`,
      mediaType: `x/${kind}`,
      size,
      sha256: sha256(bytes),
    };
    await ctx.db.insert(documents).values(row);
    await postgresChunks.put(ctx.db, id, bytes, signal);
  }
  return run;
}

async function letterOf(ctx: Ctx, deliveryId: string, withoutDocument = false): Promise<Letter> {
  const row = (await loadDelivery(ctx, deliveryId)) as DeliverableRow;
  const post = {
    channels: { email: { destination: '', send: () => Promise.reject(new Error('not sent here')) } },
    readDocument: (id: string) => readWhole(postgresChunks, ctx.db, id, signal),
  };
  return writeLetter({ ctx, post, row, at: NOW, withoutDocument });
}

const FILES = [
  { kind: 'csv', role: 'further', size: 5_000 },
  { kind: 'xlsx', role: 'further', size: 700 },
  { kind: 'png', role: 'preview', size: 400 },
] as const;

describe('the files of a letter', () => {
  it('are the document, its further formats and the picture, where there is room for all', async () => {
    const ctx = ledgerCtx(database.db);
    const { prepared } = await runWith(ctx, FILES);
    const letter = await letterOf(ctx, prepared[0]?.id ?? '');
    expect(letter.attachments.map(({ name }) => name)).toEqual(['Weekly sales.pdf', 'Weekly.csv', 'Weekly.xlsx']);
    expect(letter.picture).toMatchObject({ name: 'Weekly.png', mediaType: 'x/png' });
    expect(letter.html).toContain(`cid:${letter.picture?.cid}`);
    expect(letter.text).toContain('Also attached: Weekly.csv, Weekly.xlsx');
    expect(await letterOf(ctx, prepared[0]?.id ?? '')).toEqual(letter);
  });

  it('what has no room is linked by name; without PUBLIC_URL its id stands there', async () => {
    for (const settings of [{ PUBLIC_URL: 'https://r.example' }, {}] as Record<string, string>[]) {
      const ctx = ledgerCtx(database.db, { ATTACHMENT_LIMIT_BYTES: '3000', ...settings });
      const { prepared, runId } = await runWith(ctx, FILES);
      const letter = await letterOf(ctx, prepared[0]?.id ?? '');
      expect(letter.attachments.map(({ name }) => name)).toEqual(['Weekly sales.pdf', 'Weekly.xlsx']);
      // 2 000 and 700 bytes leave 300 for a picture of 400.
      expect(letter.picture).toBeNull();
      expect(letter.html).not.toContain('cid:');
      const left = (await ctx.db.select().from(documents).where(eq(documents.runId, runId))).find(
        ({ kind }) => kind === 'csv',
      );
      const place = settings.PUBLIC_URL ? `https://r.example/links/documents/${left?.id}?` : left?.id;
      expect(letter.text).toContain(`- Weekly.csv (5 kB): ${place}`);
    }
  });

  it('are none at all for a relay that finds the letter too large, and each is linked', async () => {
    const ctx = ledgerCtx(database.db, { PUBLIC_URL: 'https://r.example' });
    const { prepared } = await runWith(ctx, FILES);
    const letter = await letterOf(ctx, prepared[0]?.id ?? '', true);
    expect({ attachments: letter.attachments, picture: letter.picture }).toEqual({ attachments: [], picture: null });
    expect(letter.text.match(/https:\/\/r\.example\/links\/documents\//g)).toHaveLength(3);
  });
});
