import type { Cell } from './table-cells.ts';

/** How far a number's mark reaches, from 0 to 1; of a line each of its values, null for a gap. */
export type PlacedMark =
  | { readonly kind: 'bar' | 'heat'; readonly share: number }
  | { readonly kind: 'line'; readonly shares: readonly (number | null)[] };

/** What makes some rows of a table other than plain ones. Rows count from 0, totals among them. */
export interface TableShape {
  /** Leading columns that are groups. */
  readonly groups: number;
  /** The first column that the row prints: those left of it go on from the row above. */
  start(index: number): number;
  /** How many rows of the table the cell in this column covers. */
  down(index: number, column: number): number;
  isTotal(index: number): boolean;
  /** Column of a total's label, which runs on over the empty cells behind it; −1 where there is none. */
  labelAt(index: number): number;
  /** True for the total of the whole table. */
  isGrand(index: number): boolean;
  /** Rows of the source up to and with this one. */
  rowsTo(index: number): number;
  /** Cells of the groups that go on at the top of a page. */
  continued(index: number): readonly Cell[];
  /** What is drawn in a cell beside its text; null = nothing. */
  markOf(index: number, column: number): PlacedMark | null;
  /** True where any column has marks. */
  readonly isMarked: boolean;
  /** Name of the place that the row is; null = none. */
  anchorOf(index: number): string | null;
}
