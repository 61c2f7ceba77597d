import { type Band, bandsOf, type GridItem, overlapX } from './grid-bands.ts';

/** A card, or a part of one, on its page; pure geometry: lengths are points from the content area’s top left corner. */
export interface Placed {
  readonly item: number;
  readonly page: number;
  readonly y: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

export interface PageSpace {
  /** Height of the content area of a page, counted over the whole document. */
  height(page: number): number;
  readonly gutter: number;
  /** Height of a grid row including the gutter below it. */
  readonly pitch: number;
}

interface Spot {
  readonly page: number;
  readonly y: number;
}

/** Grid rows are drawn down to this share of their height where that keeps a page whole. */
const SQUEEZES = [1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76] as const;
/** A card that may be parted is begun on a new page when less than this share of the page is left. */
const FRESH_PAGE = 0.2;

const later = (a: Spot, b: Spot): Spot => (a.page > b.page || (a.page === b.page && a.y > b.y) ? a : b);

/**
 * Place the items of one page of the definition, beginning at `start`. Items keep their columns and their order from
 * top to bottom; one that would overlap is pushed down, one that does not fit goes to the next page whole or, if it
 * can be parted, goes on there. Rows that nearly fit the page are squeezed a little rather than spilt.
 */
export function layOutPage(items: readonly GridItem[], start: Spot, space: PageSpace): Placed[] {
  const attempt = (squeeze: number): Placed[] => placeBands(items, start, { ...space, pitch: space.pitch * squeeze });
  const first = attempt(1);
  const isOnePage = (placed: readonly Placed[]): boolean => placed.every(({ page }) => page === start.page);
  if (isOnePage(first)) return stretched(items, first, start, space);
  for (const squeeze of SQUEEZES.slice(1)) {
    const placed = attempt(squeeze);
    if (isOnePage(placed)) return placed;
  }
  return first;
}

/** Rows are drawn up to this much higher where they leave the foot of the page empty. */
const MOST_FILL = 1.15;
/** A page that is used less than this is meant to end where it ends. */
const LEAST_USE = 0.7;

/** Grid rows made higher, so that a page that is nearly full is full. Only whole cards of set height are stretched. */
function stretched(items: readonly GridItem[], placed: Placed[], start: Spot, space: PageSpace): Placed[] {
  const room = space.height(start.page) - start.y;
  const end = Math.max(0, ...placed.map(({ y, height }) => y + height)) - start.y;
  if (end < room * LEAST_USE || items.some(({ rows, take }) => rows === null || take !== null)) return placed;
  const fill = Math.min(MOST_FILL, (room + space.gutter) / (end + space.gutter));
  const filled = placeBands(items, start, { ...space, pitch: space.pitch * fill });
  return filled.every(({ page }) => page === start.page) ? filled : placed;
}

function placeBands(items: readonly GridItem[], start: Spot, space: PageSpace): Placed[] {
  const placed: Placed[] = [];
  let spot = start;
  for (const band of bandsOf(items)) {
    const parts = placeBand(band, items, spot, space);
    placed.push(...parts);
    const end = parts.reduce((last, part) => later(last, { page: part.page, y: part.y + part.height }), spot);
    spot = { page: end.page, y: end.y + space.gutter };
  }
  return placed;
}

/** A card is drawn up to this much higher than it asked for, so that its lower edge meets its neighbour's. */
const MOST_STRETCH = 1.4;

/** The height of an item beside those that begin and end on the same grid rows: their lower edges should meet. */
function heightBeside(item: GridItem, band: Band, items: readonly GridItem[], space: PageSpace): number {
  const own = wishedHeight(item, space);
  if (item.rows === null) return own;
  const peers = band.items.flatMap((index) => items[index] ?? []);
  const same = peers.filter(({ row, rows }) => row === item.row && rows === item.rows);
  const tallest = Math.max(...same.map((peer) => wishedHeight(peer, space)));
  return item.take === null ? Math.min(tallest, own * MOST_STRETCH) : tallest;
}

function wishedHeight(item: GridItem, space: PageSpace): number {
  if (item.rows === null) return Math.max(item.natural, item.least);
  const box = item.rows * space.pitch - space.gutter;
  return Math.max(box, item.least, item.take === null ? 0 : item.natural);
}

function placeBand(band: Band, items: readonly GridItem[], at: Spot, space: PageSpace): Placed[] {
  const whole = placeWhole(band, items, at, space);
  if (whole !== null) return whole;
  const parted = band.items.some((index) => items[index]?.take !== null);
  const left = space.height(at.page) - at.y;
  const next = { page: at.page + 1, y: 0 };
  if (at.y > 0 && (!parted || left < space.height(at.page) * FRESH_PAGE)) {
    return placeWhole(band, items, next, space) ?? placeParted(band, items, next, space);
  }
  return placeParted(band, items, at, space);
}

/** The band on one page, or null where it doesn't fit. */
function placeWhole(band: Band, items: readonly GridItem[], at: Spot, space: PageSpace): Placed[] | null {
  const placed: Placed[] = [];
  for (const index of band.items) {
    const item = items[index];
    if (item === undefined) continue;
    const height = heightBeside(item, band, items, space);
    const above = placed.filter((part) => overlapX(item, items[part.item] ?? item));
    const y = Math.max(
      at.y + (item.row - band.row) * space.pitch,
      ...above.map((part) => part.y + part.height + space.gutter),
    );
    if (y + height > space.height(at.page) + 0.01) return null;
    const whole = item.take?.(0, Number.POSITIVE_INFINITY, true);
    placed.push({ item: index, page: at.page, y, height, from: 0, to: whole?.to ?? 1 });
  }
  return placed;
}

/** The band over several pages: each item below those it overlaps, items of one grid row beginning together. */
function placeParted(band: Band, items: readonly GridItem[], at: Spot, space: PageSpace): Placed[] {
  const placed: Placed[] = [];
  const rows = new Map<number, number[]>();
  for (const index of band.items) {
    const row = items[index]?.row ?? 0;
    rows.set(row, [...(rows.get(row) ?? []), index]);
  }
  for (const [row, group] of rows) {
    const starts = group.map((index) => startOf(index, items, placed, at, (row - band.row) * space.pitch, space));
    const start = starts.reduce(later, at);
    const fits = group.every((index, position) => fitsAt(items[index], starts[position] ?? start, space));
    const next = { page: start.page + 1, y: 0 };
    // Items of one row may start at different heights only while they all still fit.
    for (const [position, index] of group.entries()) {
      const item = items[index];
      if (item === undefined) continue;
      const own = fits ? (starts[position] ?? start) : next;
      // Two items of one row that overlap: the later one goes below what has just been placed.
      placed.push(...placeItem(index, item, startOf(index, items, placed, own, 0, space), space));
    }
  }
  return placed;
}

function startOf(
  index: number,
  items: readonly GridItem[],
  placed: readonly Placed[],
  at: Spot,
  offset: number,
  space: PageSpace,
): Spot {
  const item = items[index];
  const above = placed.filter((part) => item !== undefined && overlapX(item, items[part.item] ?? item));
  const wished =
    at.y + offset < space.height(at.page) ? { page: at.page, y: at.y + offset } : { page: at.page + 1, y: 0 };
  if (above.length === 0) return wished;
  const ends = above.map((part) => ({ page: part.page, y: part.y + part.height + space.gutter }));
  return ends.reduce(later, at);
}

function fitsAt(item: GridItem | undefined, spot: Spot, space: PageSpace): boolean {
  if (item === undefined || spot.y === 0) return true;
  const left = space.height(spot.page) - spot.y;
  if (item.take === null) return wishedHeight(item, space) <= left + 0.01;
  return item.take(0, left, false) !== null;
}

function placeItem(index: number, item: GridItem, start: Spot, space: PageSpace): Placed[] {
  if (item.take === null) {
    const fits = start.y === 0 || fitsAt(item, start, space);
    const spot = fits ? start : { page: start.page + 1, y: 0 };
    const height = Math.min(wishedHeight(item, space), space.height(spot.page));
    return [{ item: index, page: spot.page, y: spot.y, height, from: 0, to: 1 }];
  }
  const placed: Placed[] = [];
  let spot = start;
  let from = 0;
  for (;;) {
    const room = space.height(spot.page) - spot.y;
    const piece = item.take(from, room, spot.y === 0);
    if (piece !== null) {
      placed.push({ item: index, page: spot.page, y: spot.y, height: piece.height, from: piece.from, to: piece.to });
      if (piece.last) return placed;
      from = piece.to;
    }
    spot = { page: spot.page + 1, y: 0 };
  }
}
