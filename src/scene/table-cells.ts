import type { Theme } from '../charts/theme.ts';
import type { Align } from '../definition/definition.ts';
import { type CellLines, linesOfCell } from './cell-lines.ts';
import type { ColumnNeed } from './column-widths.ts';
import type { Piece } from './scene.ts';
import { gridOf, placeLines } from './table-grid.ts';
import type { TableShape } from './table-shape.ts';
import { breakLinesCut, type Ruler, type Span } from './text.ts';

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
  /** The line below each fragment. Null = none. */
  readonly caption: ((facts: FragmentFacts) => Span | null) | null;
  /** Groups, totals, marks and anchors; absent = every row is a plain one. */
  readonly shape?: TableShape;
  /** The smallest type it may be set in, as a share of the theme's; absent = `SMALLEST_SCALE`. */
  readonly smallest?: number;
  /** The largest one, where parts of one table are to look alike; absent = the theme's. */
  readonly largest?: number;
  /** False: cells are decoration to the structure, for a table too long for it. */
  readonly tagged?: boolean;
}

/** What a fragment of a table shows. */
export interface FragmentFacts {
  /** First and last row, counted from 1. */
  readonly from: number;
  readonly to: number;
  /** True where the first row begins on an earlier page. */
  readonly continues: boolean;
  /** Cells of the whole table that were cut for length. */
  readonly shortened: number;
  /** Type size as a share of the theme's. */
  readonly scale: number;
}

/** Lays out the cells of one table whose column widths are settled. */
export interface CellLayout {
  readonly scale: number;
  /** Left edges of the columns, and the right edge of the last. */
  readonly edges: readonly number[];
  /** Lines of the row's highest cell, and how many of its cells are cut. */
  measure(index: number): { readonly lines: number; readonly shortened: number };
  heightOf(lines: number): number;
  /** The row's cells; of a row that is parted only lines `from` to `to`. */
  cells(index: number, x: number, y: number, part?: CellPart): Piece[];
  /** Cells beside each other from the first column on, cut to `height`. */
  plain(cells: readonly Cell[], x: number, y: number, height: number): Piece[];
  readonly headerHeight: number;
  headerCells(x: number, y: number): Piece[];
}

interface CellPart {
  readonly from: number;
  readonly to: number;
  readonly id: string;
}

const MAX_HEADER_LINES = 3;

export function layOutCells(table: TableInput): CellLayout {
  const { columns, shape, ruler } = table;
  const grid = gridOf(table);
  const { scale, padding, inner } = grid;
  const header = columns.map(
    ({ label }, column) => linesOfCell(label, inner(column, 1), scale, ruler, MAX_HEADER_LINES).lines,
  );
  const headerLines = Math.max(1, ...header.map(({ length }) => length));
  const broken = (cell: Cell, column: number, span: number): CellLines =>
    linesOfCell(cell, inner(column, span), scale, ruler);
  return {
    scale,
    edges: grid.edges,
    measure: (index) => {
      let [lines, shortened] = [1, 0];
      eachCell(table, index, (cell, column, span) => {
        const one = broken(cell, column, span);
        lines = Math.max(lines, one.lines.length);
        if (one.cut) shortened += 1;
      });
      return { lines, shortened };
    },
    heightOf: (lines) => lines * grid.rowLeading + 2 * padding,
    cells: (index, x, y, part) => {
      const pieces: Piece[] = [];
      eachCell(table, index, (cell, column, span) => {
        const { lines } = broken(cell, column, span);
        const shown = part === undefined ? lines : lines.slice(part.from, part.to);
        const top = part === undefined || part.from === 0 ? y + padding : y;
        const content = placeLines(grid, { cell, lines: shown, column, span }, x, top, grid.rowLeading);
        if (shape === undefined && part === undefined) pieces.push({ tag: 'TD', content });
        else pieces.push({ ...cellFacts(shape, index, column, span), content, ...idOf(part, column) });
      });
      return pieces;
    },
    plain: (cells, x, y, height) =>
      cells.map((cell, column) => {
        const most = Math.max(1, Math.floor((height - 2 * padding) / grid.rowLeading + 0.01));
        const scaled = cell.map((span) => ({ ...span, size: span.size * scale }));
        const { lines } = breakLinesCut(scaled, inner(column, 1), ruler, most);
        return {
          tag: 'TD',
          content: placeLines(grid, { cell, lines, column, span: 1 }, x, y + padding, grid.rowLeading),
        };
      }),
    headerHeight: headerLines * grid.headerLeading + 2 * padding,
    headerCells: (x, y) =>
      columns.map(({ label }, column) => {
        const lines = header[column] ?? [];
        const top = y + padding + (headerLines - lines.length) * grid.headerLeading;
        const content = placeLines(grid, { cell: label, lines, column, span: 1 }, x, top, grid.headerLeading);
        return { tag: 'TH', scope: 'Column', content };
      }),
  };
}

const idOf = (part: CellPart | undefined, column: number): { id?: string } =>
  part === undefined ? {} : { id: `${part.id}.${column}` };

/** Each printed cell of a row with its column and how many columns it covers. */
function eachCell(table: TableInput, index: number, take: (cell: Cell, column: number, span: number) => void): void {
  const { shape, columns } = table;
  const cells = table.row(index);
  const label = shape?.labelAt(index) ?? -1;
  for (let column = shape?.start(index) ?? 0; column < columns.length; ) {
    const cell = cells[column] ?? [];
    let span = 1;
    if (column === label) {
      while (column + span < columns.length && (cells[column + span] ?? []).length === 0) span += 1;
    }
    take(cell, column, span);
    column += span;
  }
}

/** Groups and the labels of totals head their rows. */
function cellFacts(shape: TableShape | undefined, index: number, column: number, span: number): Omit<Piece, 'content'> {
  if (shape === undefined) return { tag: 'TD' };
  const isHead = shape.isTotal(index) ? column === shape.labelAt(index) : column < shape.groups;
  const down = shape.down(index, column);
  return {
    ...(isHead ? { tag: 'TH', scope: 'Row' } : { tag: 'TD' }),
    ...(down > 1 ? { rowSpan: down } : {}),
    ...(span > 1 ? { colSpan: span } : {}),
  };
}
