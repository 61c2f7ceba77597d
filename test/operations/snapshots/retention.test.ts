import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import { keepRetention } from '../../../src/operations/archive/keep-retention.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { loadSnapshot } from '../../../src/operations/snapshots/load-snapshots.ts';
import { keepWorkloadReport } from '../../../src/operations/workload/reports.ts';
import type { ServerText } from '../../../src/rows/snapshot.ts';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import { clusterTexts, sessionSamples, snapshots, workloadReports } from '../../../src/store/schema/fleet.ts';
import { documentChunks, documents } from '../../../src/store/schema/runs.ts';
import { SHARED_QUEUE } from '../../../src/tasks/jobs.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { prepareSnapshot } from '../../harness/prepared-snapshots.ts';

const NOW = new Date('2026-06-01T03:17:00Z');
const ago = (days: number, hours = 0): Date => new Date(NOW.getTime() - (days * 24 + hours) * 3_600_000);
const clock = fixedClock(NOW);
let database: TestDatabase;
let ctx: Ctx;
let clusterId: number;

beforeAll(async () => {
  database = await testDatabase();
  const settings = { SNAPSHOT_RETENTION_DAYS: '30', SAMPLE_RETENTION_DAYS: '7', DOCUMENT_RETENTION_DAYS: '90' };
  ctx = testCtx({ db: database.db, clock, config: testConfig(settings) });
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql`truncate clusters, documents cascade`;
  const input = { name: 'main', kind: 'POSTGRESQL' as const, url: 'postgres://m@127.0.0.1:1/app' };
  clusterId = (await createCluster({ ctx, input })).id;
});

const snapshot = (at: Date, commits = 1, texts: readonly ServerText[] = [], seenTexts: readonly string[] = ['7']) =>
  prepareSnapshot(ctx, { clusterId, at, commits, tables: 50, texts, seenTexts });
const left = async (): Promise<number[]> =>
  (await database.db.select({ id: snapshots.id }).from(snapshots).orderBy(snapshots.id)).map(({ id }) => id);

async function report(given: { start: number; end: number; at: Date; kept?: boolean }) {
  const [htmlDocumentId, pdfDocumentId] = [randomUUID(), randomUUID()];
  const times = { createdAt: given.at, updatedAt: given.at };
  for (const [id, kind] of [
    [htmlDocumentId, 'html'],
    [pdfDocumentId, 'pdf'],
  ] as const) {
    const facts = { name: kind, kind, mediaType: 'x/y', size: 3, pages: 1, sha256: '', instance: SHARED_QUEUE };
    await database.db.insert(documents).values({ id, ...times, ...facts });
    await postgresChunks.put(database.db, id, Buffer.from('abc'), ctx.signal);
  }
  const [row] = await database.db
    .insert(workloadReports)
    .values({
      ...times,
      clusterId,
      name: 'report',
      startSnapshotId: given.start,
      endSnapshotId: given.end,
      beginAt: given.at,
      endAt: given.at,
      status: 'SUCCESSFUL',
      kept: given.kept ?? false,
      creatorName: 'admin',
      htmlDocumentId,
      pdfDocumentId,
    })
    .returning({ id: workloadReports.id });
  return row?.id ?? 0;
}

describe('the nightly job', () => {
  test('removes snapshots past their time, but not one that younger ones are stored against', async () => {
    const oldBase = await snapshot(ago(32));
    await snapshot(ago(31, 20), 2);
    const base = await snapshot(ago(30, 12));
    const young = [await snapshot(ago(29, 23), 3), await snapshot(ago(29, 2), 4)];
    expect(await keepRetention({ ctx })).toMatchObject({ snapshots: 1 });
    expect(await left()).toEqual([oldBase, base, ...young]);
    expect(await keepRetention({ ctx })).toMatchObject({ snapshots: 1 });
    expect(await left()).toEqual([base, ...young]);
    const { parts } = await loadSnapshot(ctx, clusterId, young[0] ?? 0);
    expect(parts.find(({ view }) => view === 'tables')?.rows).toHaveLength(50);
    clock.set(ago(-2));
    expect(await keepRetention({ ctx })).toMatchObject({ snapshots: 2 });
    clock.set(ago(-3));
    expect(await keepRetention({ ctx })).toMatchObject({ snapshots: 1 });
    expect(await left()).toEqual([]);
    clock.set(NOW);
  });

  test('leaves a kept report everything it was made of; of another the report stays when its snapshots go', async () => {
    const before = await snapshot(ago(53));
    const range = [await snapshot(ago(50)), await snapshot(ago(49, 12), 2), await snapshot(ago(49), 3)];
    const after = await snapshot(ago(45), 4);
    const kept = await report({ start: range[0] ?? 0, end: range[2] ?? 0, at: ago(49) });
    const other = await report({ start: before, end: after, at: ago(45) });
    await keepWorkloadReport({ ctx, input: { clusterId, reportId: kept, kept: true } });
    for (let night = 0; night < 2; night += 1) await keepRetention({ ctx });
    expect(await left()).toEqual(range);
    const rows = await database.db.select().from(workloadReports).where(eq(workloadReports.id, other));
    expect(rows).toMatchObject([{ startSnapshotId: null, endSnapshotId: null, status: 'SUCCESSFUL' }]);
    await keepWorkloadReport({ ctx, input: { clusterId, reportId: kept, kept: false } });
    for (let night = 0; night < 2; night += 1) await keepRetention({ ctx });
    expect(await left()).toEqual([]);
  });

  test('removes reports past their time with both files, and never those that are kept', async () => {
    const [start, end] = [await snapshot(ago(2)), await snapshot(ago(1), 2)];
    const ids = [
      await report({ start, end, at: ago(91) }),
      await report({ start, end, at: ago(91), kept: true }),
      await report({ start, end, at: ago(89) }),
    ];
    expect(await keepRetention({ ctx })).toMatchObject({ workloadReports: 1, documents: 0 });
    const rows = await database.db.select({ id: workloadReports.id }).from(workloadReports);
    expect(rows.map(({ id }) => id).sort()).toEqual(ids.slice(1).sort());
    expect(await database.db.select({ id: documents.id }).from(documents)).toHaveLength(4);
    expect(await database.db.select({ id: documentChunks.documentId }).from(documentChunks)).toHaveLength(4);
  });

  test('removes samples and texts that nothing needs any more', async () => {
    const payload = Buffer.from('x');
    const minutes = [ago(8), ago(7, 1), ago(6, 23)].map((minute) => ({ clusterId, minute, payload }));
    await database.db.insert(sessionSamples).values(minutes);
    const text = (key: string, at: Date) => {
      const kind = 'sql' as const;
      return { clusterId, kind, scope: '', key, text: key, fullLength: 1, firstSeenAt: ago(90), lastSeenAt: at };
    };
    await database.db.insert(clusterTexts).values([text('old', ago(31)), text('young', ago(29))]);
    expect(await keepRetention({ ctx })).toMatchObject({ samples: 2, texts: 1 });
    expect((await database.db.select().from(clusterTexts)).map(({ key }) => key)).toEqual(['young']);
  });

  test('removes texts with the last snapshot that can have seen them, of statements and of indexes', async () => {
    const texts = [
      { kind: 'sql', scope: '', key: '7', text: 'select 7', fullLength: 8 },
      { kind: 'index', scope: 'app', key: '16384 app_pkey', text: 'create index', fullLength: 12 },
    ] as const;
    const first = await snapshot(ago(50), 1, texts);
    const second = await snapshot(ago(49), 2);
    // Seen again by the second one, not by the third; another cluster's snapshots prove nothing.
    await snapshot(ago(40), 3, [], []);
    const input = { name: 'other', kind: 'POSTGRESQL' as const, url: 'postgres://m@127.0.0.1:1/app' };
    await prepareSnapshot(ctx, { clusterId: (await createCluster({ ctx, input })).id, at: ago(29), commits: 1 });
    const seen = await database.db.select().from(clusterTexts).orderBy(clusterTexts.kind);
    expect(seen.map(({ kind, lastSeenAt }) => [kind, lastSeenAt])).toEqual([
      ['index', ago(49)],
      ['sql', ago(49)],
    ]);
    const kept = await report({ start: first, end: second, at: ago(49), kept: true });
    for (let night = 0; night < 3; night += 1) await keepRetention({ ctx });
    expect(await left()).toHaveLength(3);
    expect(await database.db.select().from(clusterTexts)).toHaveLength(2);
    await keepWorkloadReport({ ctx, input: { clusterId, reportId: kept, kept: false } });
    for (let night = 0; night < 3; night += 1) await keepRetention({ ctx });
    expect(await left()).toHaveLength(1);
    expect(await database.db.select().from(clusterTexts)).toEqual([]);
  });
});
