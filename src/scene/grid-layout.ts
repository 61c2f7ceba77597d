/** Pure geometry: cards from the grid onto pages. Lengths are points from the content area's top left corner. */

/** A card as the layout sees it. */
export interface GridItem {
  /** Left edge and width. */
  readonly x: number;
  readonly width: number;
  /** First grid row and number of rows; null = as the content needs. */
  readonly row: number;
  readonly rows: number | null;
  /** Height that shows everything, and the height below which it must not be drawn. */
  readonly natural: number;
  readonly least: number;
  /** Content that may go on over pages; null = the card stays whole. */
  readonly take: ((from: number, room: number, force: boolean) => Piece | null) | null;
}

/** Slices `from` to `to` of a card, the height they need, and whether they are the last. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly height: number;
  readonly last: boolean;
}

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
const overlapX = (a: GridItem, b: GridItem): boolean => a.x < b.x + b.width - 0.01 && b.x < a.x + a.width - 0.01;

/**
 * Place the items of one page of the definition, beginning at `start`. Items keep their columns and their order from
 * top to bottom; one that would overlap is pushed down, one that does not fit goes to the next page whole or, if it
 * can be parted, goes on there. Rows that nearly fit the page are squeezed a little rather than spilt.
 */
export function layOutPage(items: readonly GridItem[], start: Spot, space: PageSpace): Placed[] {
  const attempt = (squeeze: number): Placed[] => placeBands(items, start, { ...space, pitch: space.pitch * squeeze });
  const first = attempt(1);
  const isOnePage = (placed: readonly Placed[]): boolean => placed.every(({ page }) => page === start.page);
  if (isOnePage(first)) return first;
  for (const squeeze of SQUEEZES.slice(1)) {
    const placed = attempt(squeeze);
    if (isOnePage(placed)) return placed;
  }
  return first;
}

interface Band {
  readonly row: number;
  readonly items: readonly number[];
}

/** Items whose grid rows overlap, one after another, make a band; bands stand one below the other. */
function bandsOf(items: readonly GridItem[]): Band[] {
  const order = items.map((_, index) => index).sort((a, b) => compare(items[a], items[b]) || a - b);
  const bands: { row: number; end: number; items: number[] }[] = [];
  for (const index of order) {
    const item = items[index];
    if (item === undefined) continue;
    const end = endRow(item, items);
    const last = bands.at(-1);
    if (last !== undefined && item.row < last.end - 1e-9) {
      last.items.push(index);
      last.end = Math.max(last.end, end);
    } else bands.push({ row: item.row, end, items: [index] });
  }
  return bands;
}

/** An item as high as its content reaches down to the next one in its columns. */
function endRow(item: GridItem, items: readonly GridItem[]): number {
  if (item.rows !== null) return item.row + item.rows;
  const below = items.filter((other) => other.row > item.row && overlapX(item, other)).map(({ row }) => row);
  return Math.min(Number.POSITIVE_INFINITY, ...below);
}

const compare = (a: GridItem | undefined, b: GridItem | undefined): number =>
  (a?.row ?? 0) - (b?.row ?? 0) || (a?.x ?? 0) - (b?.x ?? 0);

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
  const end = above.reduce((last, part) => later(last, { page: part.page, y: part.y + part.height }), at);
  const below = { page: end.page, y: end.y + space.gutter };
  return later(below, at);
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
