import type { DeltaRow, DeltaTable } from './delta-table.ts';

/** Σ of a counter's increase over the rows; null where no row counts it. */
export function sumOf(table: DeltaTable, column: string, rows: readonly DeltaRow[] = table.rows): number | null {
  let sum: number | null = null;
  for (const row of rows) {
    const delta = table.delta(row, column);
    if (delta !== null) sum = (sum ?? 0) + delta;
  }
  return sum;
}
