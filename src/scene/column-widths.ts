/** What a column's cells want, in points without padding: their widest word and their widest whole text. */
export interface ColumnNeed {
  readonly min: number;
  readonly max: number;
  /** Width with padding that the author gave; it takes no share of what is left over. */
  readonly fixed?: number;
}

/** Below this a column holds no readable text. */
const NARROWEST_COLUMN = 26;

/**
 * Share `room` among columns; the sum is `room`. When every text fits on one line, what is left over is shared by
 * width. Else all columns rise together from their widest word to their widest text, so that short texts stay on one
 * line and the long ones share what is left. When not even the words fit, columns shrink in proportion and words are cut.
 */
export function shareWidths(needs: readonly ColumnNeed[], room: number): number[] {
  const mins = needs.map(({ min }) => min);
  const maxes = needs.map(({ min, max }) => Math.max(min, max));
  if (sum(maxes) <= room) {
    const isFree = needs.some(({ fixed }) => fixed === undefined);
    const weights = maxes.map((max, index) =>
      isFree && needs[index]?.fixed !== undefined ? 0 : Math.max(max, NARROWEST_COLUMN),
    );
    const spare = room - sum(maxes);
    return maxes.map((max, index) => max + (spare * (weights[index] ?? 0)) / sum(weights));
  }
  if (sum(mins) <= room) return risen(mins, maxes, room);
  const floor = Math.min(NARROWEST_COLUMN, room / needs.length);
  const above = mins.map((min) => Math.max(0, min - floor));
  const spread = room - floor * needs.length;
  return above.map((excess) => floor + (spread * excess) / Math.max(1e-9, sum(above)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Widths at the one level, held between `mins` and `maxes`, at which their sum is `room`. */
function risen(mins: readonly number[], maxes: readonly number[], room: number): number[] {
  const at = (level: number): number[] => mins.map((min, index) => Math.min(maxes[index] ?? min, Math.max(min, level)));
  let [low, high] = [0, Math.max(...maxes)];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (sum(at(middle)) <= room) low = middle;
    else high = middle;
  }
  return at(low);
}
