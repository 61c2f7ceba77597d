import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Theme } from '../charts/theme.ts';
import type { Placement } from '../definition/definition.ts';
import { GRID_COLUMNS } from '../definition/placements.ts';
import { BroadsheetError } from '../errors.ts';
import { type Card, layOutCard } from './card.ts';
import type { GridItem } from './grid-bands.ts';
import { layOutPage } from './grid-layout.ts';
import type { PageSpace, Placed, Spot } from './grid-placing.ts';
import { type MetricRow, metricRows } from './metric-rows.ts';
import type { PageFrame } from './page-frame.ts';
import { cardSection, type ReportOutline } from './report-outline.ts';
import type { ReportSceneInput } from './report-scene.ts';
import type { SheetStyle } from './sheet-style.ts';

/** A widget as it was measured: its card with its place across the page. */
interface LaidCard {
  readonly card: Card;
  readonly placement: Placement;
  readonly section: string;
  readonly x: number;
  readonly width: number;
}

/** A card, or a part of one, on its sheet. */
export interface PlacedCard {
  readonly card: LaidCard;
  readonly placed: Placed;
}

/** The sheets of one page of the definition. */
export interface LaidSheets {
  readonly cards: readonly PlacedCard[];
  /** The sheet after the last. */
  readonly end: number;
  readonly warnings: readonly string[];
}

interface SheetsInput {
  /** Number of the page in the definition. */
  readonly index: number;
  readonly start: Spot;
  readonly frame: PageFrame;
  readonly outline: ReportOutline;
}

/** Height of a grid row with the gutter below it; 12 to 14 rows stand on an A4 page. */
const PITCH = 46;

/** Measure and place the widgets of a page of the definition; a little tighter where that saves a nearly empty sheet. */
export async function layOutSheets(input: ReportSceneInput, sheets: SheetsInput): Promise<LaidSheets> {
  const loose = await placeCards(input, sheets, input.style);
  if (!isSpilt(loose, sheets)) return loose;
  const tight = await placeCards(input, sheets, tightened(input.style));
  return tight.end < loose.end ? tight : loose;
}

async function placeCards(input: ReportSceneInput, sheets: SheetsInput, style: SheetStyle): Promise<LaidSheets> {
  const { index, start, frame } = sheets;
  const cards: LaidCard[] = [];
  const warnings: string[] = [];
  const placements = input.definition.pages[index] ?? [];
  const rows = metricRows(placements, input.contentOf, ({ w }) => widthOf(w, sheets, style), style);
  for (const [position, placement] of placements.entries()) {
    const section = cardSection(index, position);
    const row = rows.get(placement) ?? null;
    const laid = await layOutPlacement(placement, { section, row }, input, sheets, style);
    warnings.push(...laid.card.warnings.map((text) => `${nameOf(placement)}: ${text}`));
    cards.push(laid);
    await nextTurn();
  }
  const space: PageSpace = {
    height: (page) => frame.content(page).height,
    gutter: style.theme.space.gutter,
    pitch: PITCH,
  };
  const placed = layOutPage(cards.map(gridItem), start, space);
  return {
    cards: placed.flatMap((part) => {
      const card = cards[part.item];
      return card === undefined ? [] : [{ card, placed: part }];
    }),
    end: Math.max(start.page, ...placed.map(({ page }) => page)) + 1,
    warnings,
  };
}

function gridItem({ card, placement, x, width }: LaidCard): GridItem {
  const { natural, least, take, framed, keepsNext } = card;
  const { y: row, h: rows, breaks } = placement;
  return { x, width, row, rows, natural, least, take, framed, keepsNext, breaks };
}

/** Less of a sheet than this, with nothing but the end of what began before, is better avoided. */
const SPILT = 0.12;
/** Long reports are not measured twice. */
const MOST_SHEETS = 12;

function isSpilt({ cards, end }: LaidSheets, { start, frame }: SheetsInput): boolean {
  const sheets = end - start.page;
  if (sheets < 2 || sheets > MOST_SHEETS) return false;
  const last = cards.filter(({ placed }) => placed.page === end - 1);
  const used = Math.max(0, ...last.map(({ placed }) => placed.y + placed.height));
  return last.every(({ placed }) => placed.from > 0) && used < frame.content(end - 1).height * SPILT;
}

/** The same style with a little less air: line heights of running text by 4 %, spaces by a fifth. */
function tightened(style: SheetStyle): SheetStyle {
  const { theme } = style;
  const { body, small, tableCell } = theme.text;
  const less = (of: Theme['text']['body']) => ({ ...of, lineHeight: of.lineHeight * 0.96 });
  const { paragraph, cellPaddingY } = theme.space;
  return {
    ...style,
    theme: {
      ...theme,
      text: { ...theme.text, body: less(body), small: less(small), tableCell: less(tableCell) },
      space: { ...theme.space, paragraph: paragraph * 0.8, cellPaddingY: cellPaddingY * 0.8 },
    },
  };
}

/** From the left edge of a column of the grid to that of the next. */
const stepOf = ({ frame }: SheetsInput, style: SheetStyle): number =>
  (frame.content(0).width + style.theme.space.gutter) / GRID_COLUMNS;

const widthOf = (columns: number, sheets: SheetsInput, style: SheetStyle): number =>
  columns * stepOf(sheets, style) - style.theme.space.gutter;

async function layOutPlacement(
  placement: Placement,
  { section, row }: { readonly section: string; readonly row: MetricRow | null },
  input: ReportSceneInput,
  sheets: SheetsInput,
  style: SheetStyle,
): Promise<LaidCard> {
  const { outline } = sheets;
  const width = widthOf(placement.w, sheets, style);
  const card = await layOutCard(
    {
      widget: placement.widget,
      content: input.contentOf(placement),
      width,
      id: section,
      level: outline.levelOf(section),
      anchors: outline.anchors,
      row,
      onFailure: (error) => input.onFailure(placement, error),
      pause: async () => {
        if (input.signal?.aborted === true) throw new BroadsheetError('canceled', 'laying out was canceled');
        await nextTurn();
      },
    },
    style,
  );
  return { card, placement, section, x: placement.x * stepOf(sheets, style), width };
}

const nameOf = ({ widget }: Placement): string => widget.heading ?? (widget.name || widget.id);

/** Items that stand on each other in the grid; the layout moves the later one down. */
export function overlapWarnings(placements: readonly Placement[]): string[] {
  const found: string[] = [];
  placements.forEach((a, index) => {
    const under = placements.slice(index + 1).find((b) => {
      const besides = a.x + a.w <= b.x || b.x + b.w <= a.x;
      const below = a.y + (a.h ?? 1) <= b.y || b.y + (b.h ?? 1) <= a.y;
      return !besides && !below;
    });
    if (under !== undefined) found.push(`${nameOf(under)}: overlaps ${nameOf(a)} in the grid, moved down`);
  });
  return found;
}
