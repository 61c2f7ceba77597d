import type { Theme } from '../charts/theme.ts';
import type { Align } from '../definition/definition.ts';
import { type ColumnNeed, shareWidths } from './column-widths.ts';
import { lineContent } from './flow.ts';
import type { Mark, Piece } from './scene.ts';
import { alignedX, baselineOf, breakLinesCut, type Line, type Ruler, type Span, singleLine } from './text.ts';

export type Cell = readonly Span[];

export interface TableColumnInput {
  readonly label: Cell;
  readonly align: Align;
  /** False for numbers and dates: they stay on one line as long as they are of a sane length. */
  readonly wraps: boolean;
}

export interface TableInput {
  readonly columns: readonly TableColumnInput[];
  /** What the cells of each column want (see `column-needs.ts`). */
  readonly needs: readonly ColumnNeed[];
  readonly count: number;
  /** The cells of a row; asked for again whenever the row is measured or painted. */
  readonly row: (index: number) => readonly Cell[];
  readonly width: number;
  readonly theme: Theme;
  readonly ruler: Ruler;
  readonly id: string;
  /** The line below each fragment; rows counted from 1, `shortened` = cells of the table cut for length. Null = none. */
  readonly caption: ((from: number, to: number, shortened: number) => Span | null) | null;
}

/** Lays out the cells of one table whose column widths are settled. */
export interface CellLayout {
  measure(index: number): { readonly height: number; readonly shortened: number };
  cells(index: number, x: number, y: number): Piece[];
  readonly headerHeight: number;
  headerCells(x: number, y: number): Piece[];
}

/** No more than the table kind leaves, so that a text which it has cut is counted here. */
const MAX_CELL_CHARACTERS = 2_000;
const MAX_CELL_LINES = 24;
const MAX_HEADER_LINES = 3;
const LEAST_WIDTH = 4;
/** Type is made smaller in these steps before words are cut. */
const TYPE_SCALES = [1, 0.92, 0.84, 0.76] as const;
export const SMALLEST_SCALE = 0.76;

export function layOutCells(table: TableInput): CellLayout {
  const { theme, columns } = table;
  const { widths, scale } = planWidths(table);
  const padding = theme.space.cellPaddingY;
  const rowLeading = theme.text.tableCell.lineHeight * scale;
  const headerLeading = theme.text.tableHeader.lineHeight * scale;
  const offsets = widths.map((_, column) => widths.slice(0, column).reduce((sum, width) => sum + width, 0));
  const breakCell = (cell: Cell, column: number, maxLines: number) =>
    cellLines(cell, innerWidth(table, widths[column]), scale, table.ruler, maxLines);
  const place = (cell: Cell, lines: readonly Line[], column: number, x: number, y: number, leading: number): Mark[] => {
    const [look] = cell;
    if (look === undefined) return [];
    const start = x + (offsets[column] ?? 0) + theme.space.cellPaddingX;
    const baseline = y + baselineOf({ ...look, size: look.size * scale }, leading);
    const { align } = columns[column] ?? { align: 'left' };
    return lines.flatMap((line, index) =>
      lineContent(line, start + alignedX(line, innerWidth(table, widths[column]), align), baseline + index * leading),
    ) as Mark[];
  };
  const header = columns.map(({ label }, column) => breakCell(label, column, MAX_HEADER_LINES).lines);
  const headerLines = Math.max(1, ...header.map(({ length }) => length));
  return {
    measure: (index) => {
      const broken = table.row(index).map((cell, column) => breakCell(cell, column, MAX_CELL_LINES));
      const most = broken.reduce((lines, cell) => Math.max(lines, cell.lines.length), 1);
      return { height: most * rowLeading + 2 * padding, shortened: broken.filter(({ cut }) => cut).length };
    },
    cells: (index, x, y) => {
      const cells = table.row(index);
      return columns.map((_, column) => {
        const cell = cells[column] ?? [];
        const { lines } = breakCell(cell, column, MAX_CELL_LINES);
        return { tag: 'TD', content: place(cell, lines, column, x, y + padding, rowLeading) };
      });
    },
    headerHeight: headerLines * headerLeading + 2 * padding,
    headerCells: (x, y) =>
      columns.map(({ label }, column) => {
        const lines = header[column] ?? [];
        const top = y + padding + (headerLines - lines.length) * headerLeading;
        return { tag: 'TH', scope: 'Column', content: place(label, lines, column, x, top, headerLeading) };
      }),
  };
}

const innerWidth = ({ theme }: TableInput, width = 0): number =>
  Math.max(LEAST_WIDTH, width - 2 * theme.space.cellPaddingX);

function cellLines(cell: Cell, width: number, scale: number, ruler: Ruler, maxLines: number) {
  const { spans, cut } = boundedCell(scale === 1 ? cell : cell.map((span) => ({ ...span, size: span.size * scale })));
  const single = spans.length === 1 ? spans[0] : undefined;
  if (single && !/[\n\u00ad\u200b]/.test(single.text) && ruler.width(single.text, single.face, single.size) <= width) {
    return { lines: single.text === '' ? [] : [singleLine(single, ruler)], cut };
  }
  const broken = breakLinesCut(spans, width, ruler, maxLines);
  return { lines: broken.lines, cut: broken.cut || cut };
}

function boundedCell(cell: Cell): { spans: Cell; cut: boolean } {
  if (cell.reduce((sum, { text }) => sum + text.length, 0) <= MAX_CELL_CHARACTERS) return { spans: cell, cut: false };
  let left = MAX_CELL_CHARACTERS;
  const spans = cell.map((span) => {
    const text = span.text.slice(0, left);
    left -= text.length;
    return text.length < span.text.length ? { ...span, text: `${text.toWellFormed()}…` } : span;
  });
  return { spans, cut: true };
}

/** The largest type for which every word fits its column, and the widths for it. */
function planWidths(table: TableInput): { widths: readonly number[]; scale: number } {
  const { needs } = table;
  const padding = 2 * table.theme.space.cellPaddingX;
  const atScale = (scale: number): ColumnNeed[] =>
    needs.map(({ min, max }) => ({ min: min * scale + padding, max: max * scale + padding }));
  const fits = TYPE_SCALES.find((scale) => atScale(scale).reduce((sum, { min }) => sum + min, 0) <= table.width);
  const scale = fits ?? SMALLEST_SCALE;
  return { scale, widths: shareWidths(atScale(scale), table.width) };
}
