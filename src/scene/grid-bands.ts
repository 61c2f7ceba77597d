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
  readonly take: ((from: number, room: number, force: boolean, most?: number) => GridPiece | null) | null;
  /** In a frame: as high as its neighbours. */
  readonly framed?: boolean;
  /** Slices at its end that want the next item on their page; left out = none. */
  readonly keepsNext?: number;
  readonly breaks?: { readonly before: boolean; readonly after: boolean };
}

/** Slices `from` to `to` of a card, the height they need, and whether they are the last. */
export interface GridPiece {
  readonly from: number;
  readonly to: number;
  readonly height: number;
  readonly last: boolean;
}

/** Whether two items share columns. */
export const overlapX = (a: GridItem, b: GridItem): boolean => a.x < b.x + b.width - 0.01 && b.x < a.x + a.width - 0.01;

export interface Band {
  readonly row: number;
  readonly items: readonly number[];
}

/** Items whose grid rows overlap, one after another, make a band; bands stand one below the other. */
export function bandsOf(items: readonly GridItem[]): Band[] {
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

/**
 * Items in runs that each begin a sheet: an item's break counts for its whole band. The first band begins where the page
 * begins, whatever its items say.
 */
export function runsOf(items: readonly GridItem[]): number[][] {
  const runs: number[][] = [];
  let after = true;
  for (const { items: own } of bandsOf(items)) {
    const asks = (side: 'before' | 'after'): boolean => own.some((index) => items[index]?.breaks?.[side] === true);
    const last = runs.at(-1);
    if (last === undefined || after || asks('before')) runs.push([...own]);
    else last.push(...own);
    after = asks('after');
  }
  return runs;
}

/** An item as high as its content reaches down to the next one in its columns. */
export function endRow(item: GridItem, items: readonly GridItem[]): number {
  if (item.rows !== null) return item.row + item.rows;
  const below = items.filter((other) => other.row > item.row && overlapX(item, other)).map(({ row }) => row);
  return Math.min(Number.POSITIVE_INFINITY, ...below);
}

const compare = (a: GridItem | undefined, b: GridItem | undefined): number =>
  (a?.row ?? 0) - (b?.row ?? 0) || (a?.x ?? 0) - (b?.x ?? 0);
