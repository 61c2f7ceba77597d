import { BroadsheetError } from '../errors.ts';
import type { Snapshot } from '../rows/snapshot.ts';
import { type DeltaTable, deltaTable } from './delta-table.ts';
import { evictions, pairsOf, stampChanged } from './part-pairs.ts';
import { changedStamps, type Piece, partOf, pieceBetween, type RangeEvent, stampOf } from './pieces.ts';

/** A snapshot that should be there and could not be taken. */
export interface FailedSnapshot {
  readonly at: number;
  readonly reason: string;
}

/** A range of snapshots of one cluster, subtracted. */
export interface Range {
  readonly start: Snapshot;
  readonly end: Snapshot;
  /** Adjacent snapshots, in order of time. A long quiet range is one piece: nothing between its ends changes its sums. */
  readonly pieces: readonly Piece[];
  /** The same for what is drawn over time: quiet pieces beyond 48 are joined to steps of the same number of them. */
  readonly steps: readonly Piece[];
  /** Snapshots that the range was subtracted from. */
  readonly snapshots: number;
  /** Seconds that the counters cover: of the range without failovers, and of a crash only what came after it. */
  readonly seconds: number;
  readonly events: readonly RangeEvent[];
  /** The view over the range, all its scopes together; without rows where it was never read. Computed once. */
  table(view: string): DeltaTable;
}

/** Beyond this many pieces only the ends are subtracted, where nothing happened in between. */
const MOST_PIECES = 48;

/**
 * Subtract a range. The increase is the sum over adjacent snapshots, so that a reset costs one gap, not the range.
 * @param snapshots at least two, in order of time.
 * @throws BroadsheetError `unprocessable` when they are of different servers or major versions, or the clock went back.
 */
export function rangeOf(snapshots: readonly Snapshot[], failures: readonly FailedSnapshot[] = []): Range {
  const [start, end] = [snapshots[0], snapshots.at(-1)];
  if (start === undefined || end === undefined || snapshots.length < 2) {
    throw new BroadsheetError('unprocessable', 'a range needs two snapshots');
  }
  const whole = snapshots.slice(1).map((to, index) => pieceBetween(snapshots[index] ?? start, to));
  const events = [...whole.flatMap(eventsOf), ...failures.map(failureEvent)].sort((a, b) => a.at - b.at);
  const isEventful = events.some(({ kind }) => kind !== 'snapshot failed' && kind !== 'promotion');
  const isLong = whole.length > MOST_PIECES && !isEventful;
  const pieces = isLong ? [pieceBetween(start, end)] : whole;
  const tables = new Map<string, DeltaTable>();
  return {
    start,
    end,
    pieces,
    steps: isLong ? joinedPieces(whole) : whole,
    snapshots: snapshots.length,
    seconds: pieces.reduce((sum, piece) => sum + piece.seconds, 0),
    events,
    table: (view) => {
      const known = tables.get(view) ?? deltaTable(view, pairsOf(view, pieces));
      tables.set(view, known);
      return known;
    },
  };
}

/** At most 48 pieces, each of as many of the given ones as the others. */
function joinedPieces(whole: readonly Piece[]): readonly Piece[] {
  const length = Math.ceil(whole.length / MOST_PIECES);
  const firsts = whole.filter((_, index) => index % length === 0);
  return firsts.map(({ from, to }, index) =>
    pieceBetween(from, (whole[Math.min(whole.length, (index + 1) * length) - 1] ?? { to }).to),
  );
}

const failureEvent = ({ at, reason }: FailedSnapshot): RangeEvent => ({
  kind: 'snapshot failed',
  at,
  after: at,
  subject: null,
  detail: reason,
});

function eventsOf(piece: Piece): RangeEvent[] {
  const { from, to, kind, since } = piece;
  const after = from.identity.capturedAt;
  const events: RangeEvent[] = [];
  const note = (event: Pick<RangeEvent, 'kind' | 'at'> & Partial<RangeEvent>): void => {
    events.push({ subject: null, detail: null, after, ...event });
  };
  if (kind === 'crash') note({ kind, at: since ?? to.identity.capturedAt });
  if (kind === 'restart') note({ kind, at: to.identity.startedAt });
  if (kind === 'failover' || kind === 'promotion') note({ kind, at: to.identity.capturedAt });
  if (kind === 'crash' || kind === 'failover') return events;
  for (const { view, at } of changedStamps(from, to)) {
    note({ kind: 'view reset', at: at ?? to.identity.capturedAt, subject: view });
  }
  if (stampChanged(piece, 'stmt_info')) {
    const part = partOf(to, 'stmt_info');
    note({ kind: 'view reset', at: (part && stampOf(part)) ?? to.identity.capturedAt, subject: 'statements' });
  }
  events.push(...databaseResets(piece));
  const evicted = evictions(piece);
  if (evicted !== null && evicted > 0) note({ kind: 'evictions', at: to.identity.capturedAt, detail: String(evicted) });
  return events;
}

function databaseResets({ from, to }: Piece): RangeEvent[] {
  const [was, is] = [stampsByDatabase(from), stampsByDatabase(to)];
  return [...is].flatMap(([name, stamp]) => {
    const before = was.get(name);
    if (before === undefined || before === stamp) return [];
    const at = stamp ?? to.identity.capturedAt;
    return [{ kind: 'database reset' as const, at, after: from.identity.capturedAt, subject: name, detail: null }];
  });
}

function stampsByDatabase(snapshot: Snapshot): Map<string, number | null> {
  const part = partOf(snapshot, 'database');
  const [name, stamp] = ['datname', 'stats_reset'].map(
    (column) => part?.columns.findIndex((one) => one.name === column) ?? -1,
  );
  if (part === null || name === undefined || stamp === undefined || stamp < 0) return new Map();
  return new Map(
    part.rows.map((row) => [String(row[name] ?? ''), row[stamp] === null ? null : Number(row[stamp])] as const),
  );
}
