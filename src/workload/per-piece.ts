import { type Range, rangeOf } from './range.ts';
import { sumOf } from './sums.ts';

/** What a counter came to between two adjacent snapshots. */
export interface PieceSum {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Seconds that the counters cover; 0 across a failover. */
  readonly seconds: number;
  /** In the order of the columns asked for; null = not counted. */
  readonly sums: readonly (number | null)[];
}

/** A view's counters piece by piece, all rows together: for what is drawn over time. */
export const sumsPerPiece = (range: Range, view: string, columns: readonly string[]): readonly PieceSum[] =>
  range.pieces.map(({ from, to, seconds }) => {
    const table = rangeOf([from, to]).table(view);
    return {
      from: from.identity.capturedAt,
      to: to.identity.capturedAt,
      seconds,
      sums: columns.map((column) => sumOf(table, column)),
    };
  });
