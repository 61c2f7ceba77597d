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

/** A row while the pieces of its range are added up. */
export interface GrowingRow {
  readonly key: string;
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

/** One view in one scope at both ends of a piece; null where it was not read. */
export interface PartPair {
  readonly piece: Piece;
  readonly from: SnapshotPart | null;
  readonly to: SnapshotPart | null;
  /** Whether the whole view was reset in between (rule `stampView`). */
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
}

/** Add what a row counted in one piece: which of the rules holds is decided here. */
export function addPiece(grown: GrowingRow, step: Step): void {
  const { pair, rule, columns, row, replaced } = step;
  grown.last = row;
  if (pair.piece.kind === 'failover' || pair.from === null) return;
  const fromScratch = (): void => add(grown.sums, columns, row, null);
  if (step.old === null) {
    if (replaced !== null && rule.carriesOver && !fell(columns, replaced, row)) {
      add(grown.sums, columns, row, replaced);
      return;
    }
    if (replaced !== null) grown.labels.add('recreated');
    if (rule.evictable && pair.wasEvicted && !isBornWithin(step)) grown.labels.add('at least');
    fromScratch();
    return;
  }
  if (isOtherObject(step, step.old)) {
    grown.labels.add('recreated');
    fromScratch();
    return;
  }
  noteChanges(grown, step, step.old);
  if (beganAnew(step, step.old)) {
    grown.labels.add(rule.evictable && !pair.wasReset ? 'at least' : 'reset');
    fromScratch();
    return;
  }
  add(grown.sums, columns, row, step.old);
}

/** Whether the counters of the row count from a moment within the piece. */
function beganAnew({ pair, rule, columns, row }: Step, old: Row): boolean {
  if (rule.stampView === undefined ? pair.piece.kind === 'crash' : pair.wasReset) return true;
  if (fell(columns, old, row)) return true;
  if (rule.evictable) {
    const { minimum, maximum, since } = rule.evictable;
    if (cell(columns, row, since) !== null) return cell(columns, row, since) !== cell(columns, old, since);
    const [min, wasMin] = [cell(columns, row, minimum), cell(columns, old, minimum)];
    const [max, wasMax] = [cell(columns, row, maximum), cell(columns, old, maximum)];
    return Number(min) > Number(wasMin) || Number(max) < Number(wasMax);
  }
  if (rule.stampOfObjects) return false;
  return columns.some(({ kind }, at) => kind === 'reset' && (row[at] ?? null) !== (old[at] ?? null));
}

function isBornWithin({ pair, rule, columns, row }: Step): boolean {
  const since = rule.evictable && cell(columns, row, rule.evictable.since);
  return typeof since === 'number' && since > pair.piece.from.identity.capturedAt;
}

/** An id used again: other name, other file, and counters that fell. */
function isOtherObject({ rule, columns, row }: Step, old: Row): boolean {
  if (rule.name === undefined || rule.file === undefined) return false;
  const isOtherName = nameOf(rule, columns, row) !== nameOf(rule, columns, old);
  const isOtherFile = cell(columns, row, rule.file) !== cell(columns, old, rule.file);
  return isOtherName && isOtherFile && fell(columns, old, row);
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

/** New rows that bear the name of one that is gone, with that one. */
export function recreations(
  rule: DeltaRule,
  columns: readonly PartColumn[],
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
): Map<string, Row> {
  if (rule.name === undefined) return new Map();
  const gone = new Map(
    [...before].filter(([key]) => !after.has(key)).map(([, row]) => [nameOf(rule, columns, row), row] as const),
  );
  return new Map(
    [...after].flatMap(([key, row]) => {
      const replaced = before.has(key) ? undefined : gone.get(nameOf(rule, columns, row));
      return replaced === undefined ? [] : [[key, replaced] as const];
    }),
  );
}

const cell = (columns: readonly PartColumn[], row: Row, name: string): Value =>
  row[columns.findIndex((column) => column.name === name)] ?? null;

const nameOf = (rule: DeltaRule, columns: readonly PartColumn[], row: Row): string =>
  (rule.name ?? []).map((name) => String(cell(columns, row, name) ?? '')).join('.');

/** One column that fell means that all of them began anew: columns of two lives are never mixed. */
const fell = (columns: readonly PartColumn[], old: Row, row: Row): boolean =>
  columns.some(({ kind }, at) => kind === 'counter' && minus(row[at] ?? null, old[at] ?? null) < 0);

function add(sums: Float64Array, columns: readonly PartColumn[], row: Row, old: Row | null): void {
  columns.forEach(({ kind }, at) => {
    const value = row[at] ?? null;
    if (kind !== 'counter' || value === null) return;
    const grown = minus(value, old?.[at] ?? null);
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
