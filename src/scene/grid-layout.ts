import { type Band, bandsOf, type GridItem, runsOf } from './grid-bands.ts';
import { later, type PageSpace, type Placed, placeBand, type Spot } from './grid-placing.ts';

/** Grid rows are drawn down to this share of their height where that keeps a page whole. */
const SQUEEZES = [1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76] as const;
/** Place the items of one page of the definition, beginning at `start`; a new sheet begins where an item asks for it. */
export function layOutPage(items: readonly GridItem[], start: Spot, space: PageSpace): Placed[] {
  const placed: Placed[] = [];
  let spot = start;
  for (const run of runsOf(items)) {
    const own = layOutRun(
      run.flatMap((index) => items[index] ?? []),
      spot,
      space,
    );
    placed.push(...own.map((part) => ({ ...part, item: run[part.item] ?? part.item })));
    spot = { page: Math.max(spot.page, ...own.map(({ page }) => page)) + 1, y: 0 };
  }
  return placed;
}

/**
 * Place items that no page break parts. Items keep their columns and their order from
 * top to bottom; one that would overlap is pushed down, one that does not fit goes to the next page whole or, if it
 * can be parted, goes on there. Rows that nearly fit the page are squeezed a little rather than spilt.
 */
function layOutRun(items: readonly GridItem[], start: Spot, space: PageSpace): Placed[] {
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
  const bands = bandsOf(items);
  let spot = start;
  for (const index of bands.keys()) {
    const parts = placeKept(bands, index, items, spot, space);
    placed.push(...parts);
    spot = spotBelow(parts, spot, space);
  }
  return placed;
}

function spotBelow(parts: readonly Placed[], from: Spot, space: PageSpace): Spot {
  const end = parts.reduce((last, part) => later(last, { page: part.page, y: part.y + part.height }), from);
  return { page: end.page, y: end.y + space.gutter };
}

/** A band that ends in a heading, and the first page of the one below it: the heading goes where its text goes. */
function placeKept(
  bands: readonly Band[],
  index: number,
  items: readonly GridItem[],
  at: Spot,
  space: PageSpace,
): Placed[] {
  const band = bands[index];
  if (band === undefined) return [];
  const own = placeBand(band, items, at, space);
  const kept = band.items.every((item) => (items[item]?.keepsNext ?? 0) > 0);
  if (!kept || index + 1 >= bands.length) return own;
  const isParted = (parts: readonly Placed[]): boolean => {
    const below = placeKept(bands, index + 1, items, spotBelow(parts, at, space), space);
    return Math.min(...below.map(({ page }) => page)) > Math.max(...parts.map(({ page }) => page));
  };
  if (!isParted(own)) return own;
  const moved = withHeadingMoved(band, items, own, space);
  return moved === null || isParted(moved) ? own : moved;
}

/** The same band with the heading at its end on the next page; null where that heading begins its page already. */
function withHeadingMoved(
  band: Band,
  items: readonly GridItem[],
  own: readonly Placed[],
  space: PageSpace,
): Placed[] | null {
  const last = own.at(-1);
  const item = last && items[last.item];
  if (last === undefined || item === undefined) return null;
  const next = { page: last.page + 1, y: 0 };
  const heading = last.to - (item.keepsNext ?? 0);
  if (item.take === null || band.items.length > 1 || heading <= last.from) {
    return own.length > band.items.length || last.y === 0 ? null : placeBand(band, items, next, space);
  }
  const above = item.take(last.from, space.height(last.page) - last.y, false, heading);
  const below = item.take(heading, space.height(next.page), true);
  if (above === null || below === null) return null;
  return [
    ...own.slice(0, -1),
    { ...last, to: heading, height: above.height },
    { item: last.item, ...next, height: below.height, from: heading, to: below.to },
  ];
}
