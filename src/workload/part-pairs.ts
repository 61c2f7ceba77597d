import type { Snapshot, SnapshotPart } from '../rows/snapshot.ts';
import type { PartPair } from './delta-row.ts';
import { DELTA_RULES } from './delta-rules.ts';
import { type Piece, partOf, stampOf } from './pieces.ts';

/**
 * What is to be subtracted of a view: in each scope the parts at both ends of each piece. A part that could not be read
 * between two that were costs nothing: its pieces are one.
 */
export function pairsOf(view: string, pieces: readonly Piece[]): Map<string, readonly PartPair[]> {
  const snapshots = [...pieces.map(({ from }) => from), ...pieces.slice(-1).map(({ to }) => to)];
  const scopes = new Set(
    snapshots.flatMap(({ parts }) => parts.filter((part) => part.view === view).map(({ scope }) => scope)),
  );
  return new Map([...scopes].map((scope) => [scope, pairsOfScope(view, scope, pieces)]));
}

function pairsOfScope(view: string, scope: string, pieces: readonly Piece[]): readonly PartPair[] {
  const pairs: PartPair[] = [];
  let open: Piece[] = [];
  for (const [index, piece] of pieces.entries()) {
    open.push(piece);
    const isLast = index === pieces.length - 1;
    if (!isLast && isUnread(piece.to, view, scope)) continue;
    pairs.push(pairOf(view, scope, open));
    open = [];
  }
  return pairs;
}

/** Whether the view was there and could not be read. One of a database that is not there has nothing to be read. */
const isUnread = (snapshot: Snapshot, view: string, scope: string): boolean =>
  partOf(snapshot, view, scope) === null &&
  (scope === '' ||
    snapshot.missing.some((one) => one.scope === scope && (one.view === view || one.view === 'database')));

function pairOf(view: string, scope: string, pieces: readonly Piece[]): PartPair {
  const [first, last] = [pieces[0]?.from, pieces.at(-1)?.to];
  const [from, to] = [first, last].map((snapshot) => (snapshot ? partOf(snapshot, view, scope) : null));
  const absent = (other: SnapshotPart | null | undefined, snapshot: Snapshot | undefined): SnapshotPart | null =>
    other && snapshot && !isUnread(snapshot, view, scope) ? { ...other, rows: [] } : null;
  const kinds = pieces.map(({ kind }) => kind);
  return {
    kind: (['failover', 'crash', 'restart', 'promotion'] as const).find((kind) => kinds.includes(kind)) ?? 'normal',
    since: first?.identity.capturedAt ?? 0,
    from: from ?? absent(to, first),
    to: to ?? absent(from, last),
    wasReset: pieces.some((piece) => beganAnew(piece, view, scope)),
    wasEvicted: view === 'statements' && pieces.some((piece) => (evictions(piece) ?? 0) > 0),
  };
}

/** Whether all counters of the view began anew: by a crash, by a reset of its own, or with its database. */
function beganAnew(piece: Piece, view: string, scope: string): boolean {
  const { stampView } = DELTA_RULES[view] ?? {};
  if (stampView === undefined) return piece.kind === 'crash' || (scope !== '' && databaseBeganAnew(piece, scope));
  if (partOf(piece.to, stampView) !== null) return stampChanged(piece, stampView);
  // Without stamps: a crash of one session loses the statements, one of the whole server may keep them; rows tell then.
  return piece.kind === 'crash' && piece.from.identity.startedAt === piece.to.identity.startedAt;
}

export function stampChanged({ from, to }: Piece, view: string): boolean {
  const [a, b] = [partOf(from, view), partOf(to, view)];
  return a !== null && b !== null && stampOf(a) !== stampOf(b);
}

/**
 * Entries of pg_stat_statements that were thrown out, in passes of some percent of all; null where that cannot be told or
 * counting began anew. Servers that do not count it: some are gone while the view is nearly full.
 */
export function evictions(piece: Piece): number | null {
  const [was, is] = [piece.from, piece.to].map((snapshot) => {
    const part = partOf(snapshot, 'stmt_info');
    const at = part?.columns.findIndex(({ name }) => name === 'dealloc') ?? -1;
    return part === null || at < 0 ? null : Number(part.rows[0]?.[at] ?? 0);
  });
  if (typeof was === 'number' && typeof is === 'number') return is >= was ? is - was : null;
  return partOf(piece.to, 'stmt_info') === null && vanishedWhileFull(piece) ? 1 : null;
}

const NEARLY_FULL = 0.95;

function vanishedWhileFull({ from, to }: Piece): boolean {
  const [before, after, settings] = [partOf(from, 'statements'), partOf(to, 'statements'), partOf(to, 'settings')];
  if (before === null || after === null) return false;
  const [name, value] = ['name', 'setting'].map((key) => settings?.columns.findIndex((one) => one.name === key) ?? -1);
  const most = settings?.rows.find((row) => row[name ?? -1] === 'pg_stat_statements.max')?.[value ?? -1];
  if (most === undefined || after.rows.length < NEARLY_FULL * Number(most)) return false;
  const keys = keysOf(after);
  return [...keysOf(before)].some((key) => !keys.has(key));
}

const keysOf = (part: SnapshotPart): ReadonlySet<string> =>
  new Set(part.rows.map((row) => JSON.stringify(row.filter((_, at) => part.columns[at]?.kind === 'key'))));

/** A database that was made again under its name, or whose counters fell with a new stamp: its objects' did as well. */
function databaseBeganAnew({ from, to }: Piece, name: string): boolean {
  const [was, is] = [databaseRow(from, name), databaseRow(to, name)];
  if (was === null || is === null) return false;
  if (was.get('datid') !== is.get('datid')) return true;
  const columns = partOf(to, 'database')?.columns ?? [];
  return (
    was.get('stats_reset') !== is.get('stats_reset') &&
    columns.some((column) => column.kind === 'counter' && Number(is.get(column.name)) < Number(was.get(column.name)))
  );
}

function databaseRow(snapshot: Snapshot, database: string): ReadonlyMap<string, unknown> | null {
  const part = partOf(snapshot, 'database');
  const at = part?.columns.findIndex(({ name }) => name === 'datname') ?? -1;
  const row = part?.rows.find((one) => one[at] === database);
  return row === undefined ? null : new Map(part?.columns.map(({ name }, index) => [name, row[index] ?? null]));
}
