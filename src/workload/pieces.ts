import { BroadsheetError } from '../errors.ts';
import type { Value } from '../rows/rows.ts';
import type { Snapshot, SnapshotPart } from '../rows/snapshot.ts';

/**
 * What happened between two adjacent snapshots: how counters are to be subtracted, and what the report says.
 *
 * `normal` and `promotion` (the same server became primary) and `restart` (clean: statistics were kept): end − start.
 * `crash`: statistics began anew at `since`: what counts is what the end shows. `failover` (another server answers): nothing
 * can be subtracted.
 */
export type PieceKind = 'normal' | 'restart' | 'crash' | 'failover' | 'promotion';

export interface Piece {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly kind: PieceKind;
  /** Epoch milliseconds since which the counters of a crashed server count. */
  readonly since: number | null;
  /** Seconds that the counters of this piece cover; 0 across a failover. */
  readonly seconds: number;
}

/** Something the report must say about its range. Instants are epoch milliseconds of the server's clock. */
export interface RangeEvent {
  readonly kind:
    | 'restart'
    | 'crash'
    | 'failover'
    | 'promotion'
    | 'view reset'
    | 'database reset'
    | 'evictions'
    | 'snapshot failed';
  readonly at: number;
  /** View or database, where the event is one of them. */
  readonly subject: string | null;
  /** The latest instant before it that is known: a restart happened between the two. */
  readonly after: number;
  /** How many entries were evicted, or why a snapshot failed. */
  readonly detail: string | null;
}

/** Views whose counters are reset one by one or with a database: their stamps say nothing of a crash. */
const OWN_LIFE: readonly string[] = ['database', 'statements', 'stmt_info', 'slot_stats', 'subscription_stats'];
/** Stamps of one crash are written together. */
const CRASH_SPREAD_MS = 5000;
const CRASH_VIEWS = 3;

/**
 * Compare two adjacent snapshots. The rules and their numbers are those of the statistics of PostgreSQL 13 to 18 as observed
 * under restarts, crashes, resets and promotions; other engines give the same identity and stamps.
 * @throws BroadsheetError `unprocessable` when they are of different servers or major versions, or the clock went back.
 */
export function pieceBetween(from: Snapshot, to: Snapshot): Piece {
  const [a, b] = [from.identity, to.identity];
  if (a.system !== b.system || a.major !== b.major) {
    throw new BroadsheetError('unprocessable', 'the two snapshots are of different servers or major versions');
  }
  if (b.capturedAt <= a.capturedAt) {
    throw new BroadsheetError('unprocessable', 'the clock of the server went back between the two snapshots');
  }
  const stamps = changedStamps(from, to);
  const isFailover =
    a.node !== b.node || b.startedAt < a.startedAt || stamps.some(({ at }) => at !== null && at <= a.capturedAt);
  if (isFailover) return { from, to, kind: 'failover', since: null, seconds: 0 };
  const since = crashStamp(from, to, stamps);
  if (since !== null) return { from, to, kind: 'crash', since, seconds: Math.max(0, (b.capturedAt - since) / 1000) };
  const seconds = (b.capturedAt - a.capturedAt) / 1000;
  const isPromotion = a.inRecovery && !b.inRecovery && a.startedAt === b.startedAt;
  const kind = a.startedAt !== b.startedAt ? 'restart' : isPromotion ? 'promotion' : 'normal';
  return { from, to, kind, since: null, seconds };
}

export const partOf = (snapshot: Snapshot, view: string, scope = ''): SnapshotPart | null =>
  snapshot.parts.find((part) => part.view === view && part.scope === scope) ?? null;

export interface ChangedStamp {
  readonly view: string;
  readonly at: number | null;
}

/** Server-wide views whose reset stamp differs, with the new one; of a view with a stamp per row the earliest counts. */
export function changedStamps(from: Snapshot, to: Snapshot): readonly ChangedStamp[] {
  return to.parts.flatMap((part) => {
    if (part.scope !== '' || OWN_LIFE.includes(part.view)) return [];
    const before = from.parts.find(({ view, scope }) => view === part.view && scope === '');
    const [was, is] = [before && stampOf(before), stampOf(part)];
    return was === undefined || is === undefined || was === is ? [] : [{ view: part.view, at: is }];
  });
}

/** Undefined for a view without stamps; null while it was never reset. */
export function stampOf(part: SnapshotPart): number | null | undefined {
  const at = part.columns.findIndex(({ kind }) => kind === 'reset');
  if (at < 0 || part.rows.length === 0) return undefined;
  const stamps = part.rows.map((row) => row[at] ?? null);
  return stamps.includes(null) ? null : Math.min(...stamps.map(Number));
}

/**
 * A crash resets all shared statistics within seconds and the databases' with them. A reset of all shared statistics by
 * hand looks the same but for the databases.
 */
function crashStamp(from: Snapshot, to: Snapshot, stamps: readonly ChangedStamp[]): number | null {
  const fresh = stamps.flatMap(({ at }) => (at !== null && at > from.identity.capturedAt ? [at] : []));
  const isTogether = fresh.length >= CRASH_VIEWS && Math.max(...fresh) - Math.min(...fresh) <= CRASH_SPREAD_MS;
  const fell = databasesFell(from, to);
  const since = Math.max(...fresh);
  if (isTogether && (fell || databasesForgot(from, to) || statementsLost(from, to, since))) return since;
  const isRestarted = from.identity.startedAt !== to.identity.startedAt;
  return isRestarted && fell ? to.identity.startedAt : null;
}

interface DatabaseFacts {
  readonly stamp: Value;
  readonly counters: readonly number[];
}

function databasesOf(snapshot: Snapshot): ReadonlyMap<Value, DatabaseFacts> {
  const part = partOf(snapshot, 'database');
  if (part === null) return new Map();
  const place = (name: string): number => part.columns.findIndex((column) => column.name === name);
  const [id, stamp] = [place('datid'), place('stats_reset')];
  return new Map(
    part.rows.map((row) => [
      row[id] ?? null,
      {
        stamp: row[stamp] ?? null,
        counters: part.columns.flatMap(({ kind }, at) => (kind === 'counter' ? [Number(row[at] ?? 0)] : [])),
      },
    ]),
  );
}

/** Whether a database that nobody reset has counted less than before. */
function databasesFell(from: Snapshot, to: Snapshot): boolean {
  const before = databasesOf(from);
  return [...databasesOf(to)].some(([id, { counters, stamp }]) => {
    const was = before.get(id);
    return was !== undefined && was.stamp === stamp && counters.some((value, at) => value < (was.counters[at] ?? 0));
  });
}

/** Whether databases that had a stamp have none any more, or all of them have one newer than the first snapshot. */
function databasesForgot(from: Snapshot, to: Snapshot): boolean {
  const [was, is] = [databasesOf(from), databasesOf(to)];
  if ([...is].some(([id, { stamp }]) => stamp === null && (was.get(id)?.stamp ?? null) !== null)) return true;
  const stamps = [...is.values()].map(({ stamp }) => stamp);
  return stamps.length > 0 && stamps.every((stamp) => stamp !== null && Number(stamp) > from.identity.capturedAt);
}

/** Whether the statements were lost at the same moment: nobody resets everything by hand within seconds. */
function statementsLost(from: Snapshot, to: Snapshot, since: number): boolean {
  const [was, is] = [partOf(from, 'stmt_info'), partOf(to, 'stmt_info')];
  const [before, after] = [was && stampOf(was), is && stampOf(is)];
  const isSame = typeof after === 'number' && Math.abs(after - since) <= CRASH_SPREAD_MS;
  return was !== null && before !== after && isSame;
}
