import type { Theme } from '../charts/theme.ts';
import type { Align } from '../definition/definition.ts';
import { type ColumnNeed, shareWidths } from './column-widths.ts';
import { lineContent } from './flow.ts';
import { chunksOf } from './line-breaks.ts';
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
  readonly count: number;
  /** The cells of a row; asked for again whenever the row is measured or painted. */
  readonly row: (index: number) => readonly Cell[];
  readonly width: number;
  readonly theme: Theme;
  readonly ruler: Ruler;
  readonly id: string;
  /** The line below each fragment; rows counted from 1. Null = none. */
  readonly caption: ((from: number, to: number) => Span) | null;
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
const SAMPLED_ROWS = 2_000;
const LONGEST_WORD = 110;
const WIDEST_TEXT = 320;
const LEAST_WIDTH = 4;
/** Type is made smaller in these steps before words are cut. */
const SCALES = [1, 0.92, 0.84, 0.76] as const;

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
  const needs = columnNeeds(table);
  const padding = 2 * table.theme.space.cellPaddingX;
  const atScale = (scale: number): ColumnNeed[] =>
    needs.map(({ min, max }) => ({ min: min * scale + padding, max: max * scale + padding }));
  const fits = SCALES.find((scale) => atScale(scale).reduce((sum, { min }) => sum + min, 0) <= table.width);
  const scale = fits ?? SCALES[SCALES.length - 1] ?? 1;
  return { scale, widths: shareWidths(atScale(scale), table.width) };
}

/** Reads every row of a usual table, an even sample of a long one. */
function columnNeeds(table: TableInput): ColumnNeed[] {
  const step = Math.max(1, Math.ceil(table.count / SAMPLED_ROWS));
  const needs = table.columns.map(({ label }) => cellNeed(label, true, table.ruler));
  for (let index = 0; index < table.count; index += step) {
    const cells = table.row(index);
    for (const [column, { wraps }] of table.columns.entries()) {
      const [need, cell] = [needs[column], cellNeed(cells[column] ?? [], wraps, table.ruler)];
      if (need) needs[column] = { min: Math.max(need.min, cell.min), max: Math.max(need.max, cell.max) };
    }
  }
  return needs;
}

const ROUNDING = 0.02;
const READ_CHARACTERS = 300;

function cellNeed(cell: Cell, wraps: boolean, ruler: Ruler): ColumnNeed {
  const spans = cell.map((span) => ({ ...span, text: span.text.slice(0, READ_CHARACTERS) }));
  const widthOf = (text: string, span: Span | undefined): number =>
    span ? ruler.width(text, span.face, span.size) : 0;
  const width = spans.reduce((sum, span) => sum + widthOf(span.text, span), 0) + ROUNDING;
  const max = Math.min(width, WIDEST_TEXT);
  if (!wraps && width <= LONGEST_WORD) return { min: width, max };
  const words = chunksOf(spans.map(({ text }) => text)).map(({ parts }) =>
    parts.reduce((sum, { text, span }) => sum + widthOf(text, spans[span]), 0),
  );
  return { min: Math.min(Math.max(0, ...words) + ROUNDING, LONGEST_WORD), max };
}
