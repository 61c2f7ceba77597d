import type { Value } from '../rows/rows.ts';
import type { PartColumn, SnapshotPart } from '../rows/snapshot.ts';
import type { DeltaRule } from './delta-rules.ts';
import type { Piece } from './pieces.ts';

export type Row = readonly Value[];

/**
 * What is to be known of a row beside its numbers. `new`: not there at the start. `gone`: not there at the end. `reset`:
 * counters began anew, so that its numbers are those since then. `at least`: a part of its work was lost to eviction.
 * `recreated`: dropped and made again under its name. `renamed`, `rewritten`: the same object with another name or file.
 */
export type RowLabel = 'new' | 'gone' | 'reset' | 'at least' | 'recreated' | 'renamed' | 'rewritten';

/** Counters that began anew within the range are no evidence of what the range did. */
export const isWhole = ({ labels }: { readonly labels: ReadonlySet<RowLabel> }): boolean =>
  !labels.has('reset') && !labels.has('at least');

/** A row while the pieces of its range are added up. */
export interface GrowingRow {
  key: string;
  readonly scope: string;
  readonly first: Row;
  last: Row;
  readonly isAtStart: boolean;
  isAtEnd: boolean;
  readonly labels: Set<RowLabel>;
  was: string | null;
  /** By column; NaN where nothing was counted. */
  readonly sums: Float64Array;
}

/**
 * One view in one scope at both ends of a piece, or of several in the middle of which it could not be read. Null where it
 * could not be read at the range's end or start; without rows where its database was not there.
 */
export interface PartPair {
  readonly kind: Piece['kind'];
  /** When the snapshot at the start was taken. */
  readonly since: number;
  readonly from: SnapshotPart | null;
  readonly to: SnapshotPart | null;
  /** Whether all of its counters began anew in between. */
  readonly wasReset: boolean;
  /** Whether entries were evicted in between. */
  readonly wasEvicted: boolean;
}

/** A row at both ends of a piece. */
export interface Step {
  readonly pair: PartPair;
  readonly rule: DeltaRule;
  readonly columns: readonly PartColumn[];
  readonly old: Row | null;
  readonly row: Row;
  /** The row of another key that had this one's name before. */
  readonly replaced: Row | null;
  /** Whether that row goes on counting in this one. */
  readonly carriesOver: boolean;
}

/** Add what a row counted in one piece: which of the rules holds is decided here. */
export function addPiece(grown: GrowingRow, step: Step): void {
  const { pair, rule, row, replaced } = step;
  grown.last = row;
  if (pair.kind === 'failover' || pair.from === null) return;
  if (step.old === null) {
    if (replaced !== null && !step.carriesOver) grown.labels.add('recreated');
    if (rule.evictable && pair.wasEvicted && !isBornWithin(step)) grown.labels.add('at least');
    add(grown.sums, step, step.carriesOver ? replaced : null);
    return;
  }
  if (isOtherObject(step, step.old)) {
    grown.labels.add('recreated');
    // It may be the same one after all, renamed, rewritten and reset at once.
    add(grown.sums, step, pair.wasReset ? null : outlivingReset(step, step.old));
    return;
  }
  noteChanges(grown, step, step.old);
  if (beganAnew(step, step.old)) {
    grown.labels.add(rule.evictable && !pair.wasReset ? 'at least' : 'reset');
    add(grown.sums, step, pair.wasReset ? null : outlivingReset(step, step.old));
    return;
  }
  add(grown.sums, step, step.old);
}

/** What a row's own reset leaves: counters added up over parts, as a table's index scans over its indexes. */
const outlivingReset = ({ rule: { mayFall = [] }, columns }: Step, old: Row): Row =>
  old.map((value, at) => (mayFall.includes(columns[at]?.name ?? '') ? value : null));

/** Whether the counters of the row count from a moment within the piece. */
function beganAnew({ pair, rule, columns, row }: Step, old: Row): boolean {
  if (pair.wasReset || fell(rule, columns, old, row)) return true;
  if (rule.evictable) {
    const { minimum, maximum, since } = rule.evictable;
    if (cell(columns, row, since) !== null) return cell(columns, row, since) !== cell(columns, old, since);
    const [min, wasMin] = [cell(columns, row, minimum), cell(columns, old, minimum)];
    const [max, wasMax] = [cell(columns, row, maximum), cell(columns, old, maximum)];
    // An entry that was planned and never executed has neither.
    const isUnused = Number(wasMin) === 0 && Number(wasMax) === 0;
    return !isUnused && (Number(min) > Number(wasMin) || Number(max) < Number(wasMax));
  }
  if (rule.stampOfObjects) return false;
  return columns.some(({ kind }, at) => kind === 'reset' && (row[at] ?? null) !== (old[at] ?? null));
}

function isBornWithin({ pair, rule, columns, row }: Step): boolean {
  const since = rule.evictable && cell(columns, row, rule.evictable.since);
  return typeof since === 'number' && since > pair.since;
}

/** An id used again: other name, other file, and counters that fell. */
function isOtherObject({ rule, columns, row }: Step, old: Row): boolean {
  if (rule.name === undefined || rule.file === undefined) return false;
  const isOtherName = nameOf(rule, columns, row) !== nameOf(rule, columns, old);
  const isOtherFile = cell(columns, row, rule.file) !== cell(columns, old, rule.file);
  return isOtherName && isOtherFile && fell(rule, columns, old, row);
}

function noteChanges(grown: GrowingRow, { rule, columns, row }: Step, old: Row): void {
  if (rule.name !== undefined && nameOf(rule, columns, row) !== nameOf(rule, columns, old)) {
    grown.labels.add('renamed');
    grown.was ??= nameOf(rule, columns, old);
  }
  if (rule.file !== undefined && cell(columns, row, rule.file) !== cell(columns, old, rule.file)) {
    grown.labels.add('rewritten');
  }
}

/** A row that bears the name of one that is gone. */
export interface Recreation {
  readonly key: string;
  readonly row: Row;
  /** The same object under a new id: its counters go on. */
  readonly carriesOver: boolean;
}

/** New rows that bear the name of one that is gone, with that one; by the new row's key. */
export function recreations(
  rule: DeltaRule,
  columns: readonly PartColumn[],
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
): Map<string, Recreation> {
  if (rule.name === undefined) return new Map();
  const gone = new Map(
    [...before].filter(([key]) => !after.has(key)).map((entry) => [nameOf(rule, columns, entry[1]), entry] as const),
  );
  return new Map(
    [...after].flatMap(([key, row]) => {
      const replaced = before.has(key) ? undefined : gone.get(nameOf(rule, columns, row));
      if (replaced === undefined) return [];
      const carriesOver = belongsTogether(rule, columns, replaced[1], row) && !fell(rule, columns, replaced[1], row);
      return [[key, { key: replaced[0], row: replaced[1], carriesOver }] as const];
    }),
  );
}

function belongsTogether(
  { carriesOverIn: owner }: DeltaRule,
  columns: readonly PartColumn[],
  old: Row,
  row: Row,
): boolean {
  return owner !== undefined && cell(columns, old, owner) === cell(columns, row, owner);
}

const cell = (columns: readonly PartColumn[], row: Row, name: string): Value =>
  row[columns.findIndex((column) => column.name === name)] ?? null;

const nameOf = (rule: DeltaRule, columns: readonly PartColumn[], row: Row): string =>
  (rule.name ?? []).map((name) => String(cell(columns, row, name) ?? '')).join('.');

/** One column that fell means that all of them began anew: columns of two lives are never mixed. */
const fell = ({ mayFall = [] }: DeltaRule, columns: readonly PartColumn[], old: Row, row: Row): boolean =>
  columns.some(
    ({ kind, name }, at) =>
      kind === 'counter' && !mayFall.includes(name) && minus(row[at] ?? null, old[at] ?? null) < 0,
  );

function add(sums: Float64Array, { columns, row }: Step, old: Row | null): void {
  columns.forEach(({ kind }, at) => {
    const value = row[at] ?? null;
    if (kind !== 'counter' || value === null) return;
    const grown = Math.max(0, minus(value, old?.[at] ?? null));
    sums[at] = (Number.isNaN(sums[at]) ? 0 : (sums[at] ?? 0)) + grown;
  });
}

/** Difference of two counters; digits that doubles would lose are subtracted before they become one. Null counts as 0. */
function minus(a: Value, b: Value): number {
  if (typeof a === 'string' || typeof b === 'string') {
    const [left, right] = [String(a ?? 0), String(b ?? 0)];
    if (/^-?\d+$/.test(left) && /^-?\d+$/.test(right)) return Number(BigInt(left) - BigInt(right));
  }
  return Number(a ?? 0) - Number(b ?? 0);
}
