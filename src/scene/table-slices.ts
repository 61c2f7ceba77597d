import type { CellLayout, TableInput } from './table-cells.ts';

/** The rows of a table as slices that stay whole: a row each, a tall row in several. */
export interface TableSlices {
  readonly count: number;
  /** Cells of the table that were cut. */
  readonly shortened: number;
  row(slice: number): number;
  height(slice: number): number;
  /** Lines `from` to `to` of a row that is parted; null for a whole row. */
  part(slice: number): { readonly from: number; readonly to: number; readonly isLast: boolean } | null;
}

/** A row of more lines goes on over pages, so many lines at a time. */
const TALL_LINES = 24;
const PART_LINES = 8;
/** Rows measured at a time: some milliseconds. */
const ROWS_AT_ONCE = 400;

/** Measures every row once; what stays of a long table is four bytes a row. Pauses between some hundred rows. */
export function* measureSlices(table: TableInput, layout: CellLayout): Generator<undefined, TableSlices> {
  const { count } = table;
  const heights = new Float32Array(count);
  const tall = new Map<number, number>();
  const whole = layout.heightOf(1);
  let shortened = 0;
  for (let index = 0; index < count; index += 1) {
    const measured = layout.measure(index);
    const { lines } = measured;
    heights[index] = lines === 1 ? whole : layout.heightOf(lines);
    shortened += measured.shortened;
    if (lines > TALL_LINES) tall.set(index, lines);
    if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) yield;
  }
  if (tall.size === 0) {
    return { count, shortened, row: (slice) => slice, height: (slice) => heights[slice] ?? 0, part: () => null };
  }
  return partedSlices({ count, heights, tall, shortened }, layout);
}

interface Measured {
  readonly count: number;
  readonly heights: Float32Array;
  /** Lines of the tall rows, by row. */
  readonly tall: ReadonlyMap<number, number>;
  readonly shortened: number;
}

function partedSlices({ count, heights, tall, shortened }: Measured, layout: CellLayout): TableSlices {
  const rows: number[] = [];
  const parts: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const number = Math.ceil((tall.get(index) ?? 1) / PART_LINES);
    for (let part = 0; part < number; part += 1) {
      rows.push(index);
      parts.push(part);
    }
  }
  const line = layout.heightOf(1) - layout.heightOf(0);
  const padding = layout.heightOf(0);
  const partOf = (slice: number): ReturnType<TableSlices['part']> => {
    const lines = tall.get(rows[slice] ?? 0);
    if (lines === undefined) return null;
    const from = (parts[slice] ?? 0) * PART_LINES;
    const to = Math.min(lines, from + PART_LINES);
    return { from, to, isLast: to === lines };
  };
  return {
    count: rows.length,
    shortened,
    row: (slice) => rows[slice] ?? count,
    part: partOf,
    height: (slice) => {
      const part = partOf(slice);
      if (part === null) return heights[rows[slice] ?? 0] ?? 0;
      return (part.to - part.from) * line + (part.from === 0 ? padding / 2 : 0) + (part.isLast ? padding / 2 : 0);
    },
  };
}
