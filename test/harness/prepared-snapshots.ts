import { eq } from 'drizzle-orm';
import type { Capture } from '../../src/engines/watch.ts';
import type { Ctx } from '../../src/operations/context.ts';
import { storeCapture, takeIn } from '../../src/operations/snapshots/store-capture.ts';
import type { MissingPart, ServerText, SnapshotPart } from '../../src/rows/snapshot.ts';
import { clusters, snapshots } from '../../src/store/schema/fleet.ts';

/** Of a server that nobody has asked: what a test wants its counters to be. */
export interface PreparedSnapshot {
  readonly clusterId: number;
  /** When it was captured, by the server's clock. */
  readonly at: Date;
  /** Transactions since the server's counters began. */
  readonly commits: number;
  /** Rows that do not change: they make the part `tables` one that is stored as changes. */
  readonly tables?: number;
  readonly texts?: readonly ServerText[];
  /** Ids of statements, each with an index `16384 app_pkey` in the database `app`, that it has rows of. */
  readonly seenTexts?: readonly string[];
  readonly missing?: readonly MissingPart[];
}

const STARTED = Date.UTC(2026, 0, 1);

/** Store a snapshot as a capture would have left it, by the same code; its id. */
export async function prepareSnapshot(ctx: Ctx, prepared: PreparedSnapshot): Promise<number> {
  const { clusterId, at } = prepared;
  const [cluster] = await ctx.db.select().from(clusters).where(eq(clusters.id, clusterId));
  if (cluster === undefined) throw new Error(`there is no cluster ${clusterId}`);
  const stored = await storeCapture(ctx, {
    cluster,
    engine: 'postgres',
    capture: captureOf(prepared),
    durationMs: 1,
  });
  await ctx.db.transaction((tx) => takeIn({ ...ctx, db: tx }, { prepared: stored, trigger: 'scheduled', at }));
  const [row] = await ctx.db.select({ id: snapshots.id }).from(snapshots).where(eq(snapshots.capturedAt, at));
  if (row === undefined) throw new Error('the snapshot was not stored');
  return row.id;
}

function captureOf({ at, commits, tables = 0, texts = [], seenTexts = [], missing = [] }: PreparedSnapshot): Capture {
  const parts: SnapshotPart[] = [
    {
      view: 'database',
      scope: '',
      columns: [
        { name: 'datid', kind: 'key', unit: null },
        { name: 'datname', kind: 'text', unit: null },
        { name: 'xact_commit', kind: 'counter', unit: 'count' },
        { name: 'xact_rollback', kind: 'counter', unit: 'count' },
        { name: 'stats_reset', kind: 'reset', unit: null },
      ],
      rows: [[5, 'app', commits, 0, STARTED]],
    },
    {
      view: 'tables',
      scope: 'app',
      columns: [
        { name: 'relid', kind: 'key', unit: null },
        { name: 'relname', kind: 'text', unit: null },
        { name: 'seq_scan', kind: 'counter', unit: 'count' },
      ],
      rows: Array.from({ length: tables }, (_, index) => [index, `table_${index}`, index === 0 ? commits : 1]),
    },
    {
      view: 'statements',
      scope: '',
      columns: [{ name: 'queryid', kind: 'key', unit: null }],
      rows: seenTexts.map((id) => [id]),
    },
    {
      view: 'indexes',
      scope: 'app',
      columns: [
        { name: 'indexrelid', kind: 'key', unit: null },
        { name: 'indexrelname', kind: 'text', unit: null },
      ],
      rows: seenTexts.length > 0 ? [[16_384, 'app_pkey']] : [],
    },
  ];
  return {
    identity: {
      system: 'prepared',
      node: '127.0.0.1:5432',
      capturedAt: at.getTime(),
      startedAt: STARTED,
      version: '18.1',
      major: 18,
      timeline: 1,
      inRecovery: false,
    },
    parts,
    missing,
    tenants: [{ number: 5, name: 'app' }],
    texts,
    statementsSent: 1,
  };
}
