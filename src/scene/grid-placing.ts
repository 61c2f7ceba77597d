import { type Band, endRow, type GridItem, overlapX } from './grid-bands.ts';

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

export interface Spot {
  readonly page: number;
  readonly y: number;
}

/** A card that may be parted is begun on a new page when less than this share of the page is left. */
const FRESH_PAGE = 0.2;

export const later = (a: Spot, b: Spot): Spot => (a.page > b.page || (a.page === b.page && a.y > b.y) ? a : b);

/** What has no frame is drawn up to this much higher than it asked for, so that its lower edge meets its neighbour's. */
const MOST_STRETCH = 1.4;

/** The height of an item beside those that begin and end on the same grid rows: their lower edges should meet. */
function heightBeside(item: GridItem, band: Band, items: readonly GridItem[], space: PageSpace): number {
  const own = wishedHeight(item, space);
  const peers = band.items.flatMap((index) => items[index] ?? []);
  if (item.rows === null) {
    if (item.take !== null || item.framed !== true) return own;
    const end = endRow(item, items);
    const beside = peers.filter((peer) => peer.framed === true && peer.take === null && peer.rows === null);
    const level = beside.filter((peer) => peer.row === item.row && endRow(peer, items) === end);
    return Math.max(...level.map((peer) => wishedHeight(peer, space)));
  }
  const same = peers.filter(({ row, rows }) => row === item.row && rows === item.rows);
  const tallest = Math.max(...same.map((peer) => wishedHeight(peer, space)));
  return item.take === null && item.framed !== true ? Math.min(tallest, own * MOST_STRETCH) : tallest;
}

function wishedHeight(item: GridItem, space: PageSpace): number {
  if (item.rows === null) return Math.max(item.natural, item.least);
  const box = item.rows * space.pitch - space.gutter;
  return Math.max(box, item.least, item.take === null ? 0 : item.natural);
}

/** A band, whole on one page where it fits, else parted or on the next page. */
export function placeBand(band: Band, items: readonly GridItem[], at: Spot, space: PageSpace): Placed[] {
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
    if (whole?.last === false) return null;
    placed.push({ item: index, page: at.page, y, height, from: 0, to: whole?.to ?? 1 });
  }
  return placed.map((part) => levelled(part, placed, items));
}

/** A card beside a pile of others that ends on the same grid row ends where the pile does. */
function levelled(part: Placed, placed: readonly Placed[], items: readonly GridItem[]): Placed {
  const item = items[part.item];
  if (item === undefined || item.rows === null || item.take !== null || item.framed !== true) return part;
  const end = item.row + item.rows;
  const others = placed.flatMap((one) => (one === part ? [] : [{ one, of: items[one.item] }]));
  if (others.some(({ one, of }) => of !== undefined && one.y > part.y && overlapX(item, of))) return part;
  const level = others.filter(({ of }) => of?.framed === true && of.rows !== null && of.row + of.rows === end);
  const bottom = Math.max(part.y + part.height, ...level.map(({ one }) => one.y + one.height));
  return { ...part, height: bottom - part.y };
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
