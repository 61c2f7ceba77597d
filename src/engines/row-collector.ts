import type { ReadBounds } from '../query/statement.ts';
import type { Column, ColumnType, Rows, Truncation, Value } from '../rows/rows.ts';

/** What every value and every row costs beside its text: about what the wire and an array slot take. */
const VALUE_OVERHEAD_BYTES = 4;
const ROW_OVERHEAD_BYTES = 7;

/** Collects rows until a bound is reached, and knows how large the next piece may be. */
export interface RowCollector {
  add(row: readonly (string | null)[], types: readonly ColumnType[]): void;
  count(): number;
  /** Bytes that may still be collected. */
  remainingBytes(): number;
  /** Rows to fetch next: few at first, then as many as fit a piece at the average size seen; 0 = enough was read. */
  nextPiece(): number;
  rows(columns: readonly Column[]): Rows;
  /** Record that the source had more, cut by the byte bound. */
  cutByBytes(): void;
}

const FIRST_PIECE_ROWS = 50;
const MOST_PIECE_ROWS = 2000;
const PIECE_BYTES = 1024 * 1024;

/** @param decode reads one value's text as a value of its column's type. */
export function createRowCollector(
  bounds: ReadBounds,
  decode: (text: string, type: ColumnType) => Value,
): RowCollector {
  const values: Value[][] = [];
  let bytes = 0;
  let truncation: Truncation | null = null;
  return {
    add: (row, types) => {
      if (truncation !== null) return;
      if (values.length >= bounds.maxRows) {
        truncation = { by: 'rows', limit: bounds.maxRows };
        return;
      }
      let size = ROW_OVERHEAD_BYTES;
      for (const text of row) size += VALUE_OVERHEAD_BYTES + (text === null ? 0 : Buffer.byteLength(text));
      if (bytes + size > bounds.maxBytes) {
        truncation = { by: 'bytes', limit: bounds.maxBytes };
        return;
      }
      bytes += size;
      values.push(row.map((text, index) => (text === null ? null : decode(text, types[index] ?? 'text'))));
    },
    count: () => values.length,
    remainingBytes: () => bounds.maxBytes - bytes,
    nextPiece: () => {
      if (truncation !== null) return 0;
      // One row more than allowed is asked for: it tells "exactly at the limit" from "cut".
      const wanted = bounds.maxRows + 1 - values.length;
      if (values.length === 0) return Math.min(FIRST_PIECE_ROWS, wanted);
      const fitting = Math.floor(PIECE_BYTES / (bytes / values.length));
      return Math.max(1, Math.min(MOST_PIECE_ROWS, fitting, wanted));
    },
    rows: (columns) => ({ columns, values, truncation }),
    cutByBytes: () => {
      truncation ??= { by: 'bytes', limit: bounds.maxBytes };
    },
  };
}

/** Column names made unique by appending `_2`, `_3` …: charts and tables find columns by name. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number += 1) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}
