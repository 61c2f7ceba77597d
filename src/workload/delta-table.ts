import type { Value } from '../rows/rows.ts';
import type { PartColumn, SnapshotPart } from '../rows/snapshot.ts';
import { keyFunction } from '../rows/snapshot-codec.ts';
import {
  addPiece,
  type GrowingRow,
  type PartPair,
  type Recreation,
  type Row,
  type RowLabel,
  recreations,
} from './delta-row.ts';
import { DELTA_RULES } from './delta-rules.ts';

export interface DeltaRow {
  readonly key: string;
  /** Database or tenant the row was read in. */
  readonly scope: string;
  /** The first and the last that was seen of it in the range, in the columns of the table. */
  readonly first: Row;
  readonly last: Row;
  /** False where the start (or the end) snapshot does not have it. */
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
  readonly labels: ReadonlySet<RowLabel>;
  /** Its name before, where it was renamed. */
  readonly was: string | null;
}

/** A view over a range: every counter's increase, every gauge's start and end. */
export interface DeltaTable {
  readonly view: string;
  readonly columns: readonly PartColumn[];
  readonly rows: readonly DeltaRow[];
  /** Increase of a counter over the range; null where the server does not count it. Never negative. */
  delta(row: DeltaRow, column: string): number | null;
  first(row: DeltaRow, column: string): Value;
  last(row: DeltaRow, column: string): Value;
  has(column: string): boolean;
}

/** @param scopes of each scope the pairs of all pieces, in order of time. */
export function deltaTable(view: string, scopes: ReadonlyMap<string, readonly PartPair[]>): DeltaTable {
  const columns = columnsOf(scopes);
  const index = new Map(columns.map(({ name }, at) => [name, at]));
  const grown = [...scopes].flatMap(([scope, pairs]) => grow(view, scope, pairs, columns));
  const rows = new Map<DeltaRow, Float64Array>(grown.map((row) => [row, row.sums]));
  const value = (row: Row, column: string): Value => row[index.get(column) ?? -1] ?? null;
  return {
    view,
    columns,
    rows: grown,
    delta: (row, column) => {
      const sum = rows.get(row)?.[index.get(column) ?? -1];
      return sum === undefined || Number.isNaN(sum) ? null : sum;
    },
    first: (row, column) => value(row.first, column),
    last: (row, column) => value(row.last, column),
    has: (column) => index.has(column),
  };
}

/** The columns of the newest part, and those that only older ones have: an upgrade may drop and add some. */
function columnsOf(scopes: ReadonlyMap<string, readonly PartPair[]>): readonly PartColumn[] {
  const found = new Map<string, PartColumn>();
  for (const pairs of scopes.values()) {
    for (const { from, to } of [...pairs].reverse()) {
      for (const column of [...(to?.columns ?? []), ...(from?.columns ?? [])]) {
        if (!found.has(column.name)) found.set(column.name, column);
      }
    }
  }
  return [...found.values()];
}

/** Rows of a part in the table's columns, by key. A key that is there twice counts once. */
function rowsOf(part: SnapshotPart | null, columns: readonly PartColumn[]): Map<string, Row> {
  if (part === null) return new Map();
  const isSame =
    columns.length === part.columns.length && columns.every(({ name }, at) => part.columns[at]?.name === name);
  const places = columns.map(({ name }) => part.columns.findIndex((column) => column.name === name));
  const keyOf = keyFunction(part.columns);
  return new Map(
    part.rows.map((row) => [
      keyOf(row),
      isSame ? row : places.map((place) => (place < 0 ? null : (row[place] ?? null))),
    ]),
  );
}

function grow(view: string, scope: string, pairs: readonly PartPair[], columns: readonly PartColumn[]): GrowingRow[] {
  const rule = DELTA_RULES[view] ?? {};
  const all = new Map<string, GrowingRow>();
  pairs.forEach((pair, number) => {
    const [before, after] = [rowsOf(pair.from, columns), rowsOf(pair.to, columns)];
    const madeAgain =
      pair.kind === 'failover' ? new Map<string, Recreation>() : recreations(rule, columns, before, after);
    for (const [key, row] of number === 0 ? before : []) all.set(key, begin(key, scope, row, columns, true));
    for (const [key, row] of after) {
      const old = before.get(key) ?? null;
      const made = madeAgain.get(key) ?? null;
      const isNew = !all.has(key) && pair.from !== null && pair.kind !== 'failover';
      const grown = (made?.carriesOver && handedOver(all, made.key, key)) || all.get(key);
      const one = grown ?? begin(key, scope, row, columns, false);
      all.set(key, one);
      const step = {
        pair,
        rule,
        columns,
        old,
        row,
        replaced: made?.row ?? null,
        carriesOver: made?.carriesOver ?? false,
      };
      addPiece(one, step);
      if (isNew && made === null) one.labels.add('new');
    }
  });
  const last = pairs.at(-1);
  const atEnd = last ? rowsOf(last.to, columns) : new Map<string, Row>();
  for (const row of all.values()) {
    row.isAtEnd = atEnd.has(row.key);
    if (!row.isAtEnd && last?.to && last.kind !== 'failover') row.labels.add('gone');
  }
  return [...all.values()];
}

/** The row that went on under another key, which it now has. */
function handedOver(all: Map<string, GrowingRow>, from: string, to: string): GrowingRow | undefined {
  const row = all.get(from);
  if (row === undefined) return undefined;
  all.delete(from);
  row.key = to;
  return row;
}

const begin = (
  key: string,
  scope: string,
  row: Row,
  columns: readonly PartColumn[],
  isAtStart: boolean,
): GrowingRow => ({
  key,
  scope,
  first: row,
  last: row,
  isAtStart,
  isAtEnd: true,
  labels: new Set(),
  was: null,
  sums: new Float64Array(columns.length).fill(Number.NaN),
});
