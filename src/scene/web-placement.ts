import type { Placement } from '../definition/definition.ts';
import { GRID_COLUMNS } from '../definition/placements.ts';

/** Where a card stands on a CSS grid: line numbers counted from 1. */
export interface WebPlace {
  readonly column: number;
  readonly columnSpan: number;
  readonly row: number;
  readonly rowSpan: number;
}

type Spot = Pick<Placement, 'x' | 'y' | 'w' | 'h'>;

/** Fractions of a column come from grids of another width: 24, 36, 48 or 60 columns are told apart, others rounded. */
const FINENESS = [1, 2, 3, 4, 5] as const;
const CLOSE = 0.01;

/**
 * The placements of one page as places on a grid of `columns` equal columns. Rows are as many as there are different
 * edges, so that empty ones take no room; a card without a height reaches to the next one below it, and one that lies
 * over another is moved below it, as on paper. In the order given.
 */
export function webPlaces(placements: readonly Spot[]): { columns: number; places: WebPlace[] } {
  const edges = placements.flatMap(({ x, w }) => [x, x + w]);
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < CLOSE;
  const fineness = FINENESS.find((factor) => edges.every((edge) => isWhole(edge * factor))) ?? 4;
  const columns = GRID_COLUMNS * fineness;
  const spots = spread(placements);
  const lines = [...new Set(spots.flatMap(({ y, bottom }) => [y, bottom]))].sort((a, b) => a - b);
  const places = spots.map(({ x, w, y, bottom }): WebPlace => {
    const column = Math.min(columns - 1, Math.round(x * fineness));
    const columnSpan = Math.max(1, Math.min(columns - column, Math.round((x + w) * fineness) - column));
    const row = lines.indexOf(y);
    return { column: column + 1, columnSpan, row: row + 1, rowSpan: Math.max(1, lines.indexOf(bottom) - row) };
  });
  return { columns, places };
}

interface Spread {
  readonly x: number;
  readonly w: number;
  readonly y: number;
  readonly bottom: number;
}

const isBeside = (a: { x: number; w: number }, b: { x: number; w: number }): boolean =>
  a.x + a.w <= b.x + CLOSE || b.x + b.w <= a.x + CLOSE;

function spread(placements: readonly Spot[]): Spread[] {
  const done: Spread[] = [];
  const heightOf = (spot: Spot): number => {
    if (spot.h !== null) return spot.h;
    const below = placements.filter((other) => other !== spot && other.y > spot.y && !isBeside(spot, other));
    return below.length === 0 ? 1 : Math.min(...below.map(({ y }) => y)) - spot.y;
  };
  const order = placements.map((_, index) => index).sort((a, b) => rank(a) - rank(b) || a - b);
  for (const index of order) {
    const spot = placements[index];
    if (spot === undefined) continue;
    const height = heightOf(spot);
    let { y } = spot;
    for (;;) {
      const under = done.filter((other) => !isBeside(spot, other) && y < other.bottom && other.y < y + height);
      if (under.length === 0) break;
      y = Math.max(...under.map(({ bottom }) => bottom));
    }
    done[index] = { x: spot.x, w: spot.w, y, bottom: y + height };
  }
  return done;

  function rank(index: number): number {
    return placements[index]?.y ?? 0;
  }
}
