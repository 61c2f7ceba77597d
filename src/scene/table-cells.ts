import type { Theme } from '../charts/theme.ts';
import type { Align } from '../definition/definition.ts';
import { type CellLines, linesOfCell } from './cell-lines.ts';
import { type ColumnNeed, shareWidths } from './column-widths.ts';
import { lineContent } from './flow.ts';
import type { Mark, Piece } from './scene.ts';
import type { TableShape } from './table-shape.ts';
import { alignedX, baselineOf, breakLinesCut, type Line, type Ruler, type Span } from './text.ts';

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

export interface CellPart {
  readonly from: number;
  readonly to: number;
  readonly id: string;
}

const MAX_HEADER_LINES = 3;
const LEAST_WIDTH = 4;
/** Type is made smaller in these steps before columns are split or words cut; the last is 4.5 points in the usual theme. */
const TYPE_SCALES = [1, 0.92, 0.84, 0.76, 0.68, 0.62, 0.56] as const;
export const SMALLEST_SCALE = 0.76;
export const SMALLEST_SHRUNK = 0.56;

export function layOutCells(table: TableInput): CellLayout {
  const { theme, columns, shape, ruler } = table;
  const { widths, scale } = planWidths(table);
  const padding = theme.space.cellPaddingY;
  const paddingX = theme.space.cellPaddingX;
  const rowLeading = theme.text.tableCell.lineHeight * scale;
  const headerLeading = theme.text.tableHeader.lineHeight * scale;
  const edges = [0];
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width);
  const inner = (column: number, span = 1): number =>
    Math.max(LEAST_WIDTH, (edges[column + span] ?? 0) - (edges[column] ?? 0) - 2 * paddingX);
  const place = (
    cell: Cell,
    lines: readonly Line[],
    column: number,
    span: number,
    x: number,
    y: number,
    leading: number,
  ) => {
    const [look] = cell;
    if (look === undefined || lines.length === 0) return [];
    const start = x + (edges[column] ?? 0) + paddingX;
    const baseline = y + baselineOf({ ...look, size: look.size * scale }, leading);
    const align = span > 1 ? 'left' : (columns[column]?.align ?? 'left');
    const content: (Mark | Piece)[] = [];
    for (const [index, line] of lines.entries()) {
      const left = start + alignedX(line, inner(column, span), align);
      const at = baseline + index * leading;
      if (look.link === undefined && cell.length === 1) content.push({ kind: 'text', x: left, y: at, line });
      else content.push(...lineContent(line, left, at));
    }
    return content;
  };
  const header = columns.map(
    ({ label }, column) => linesOfCell(label, inner(column), scale, ruler, MAX_HEADER_LINES).lines,
  );
  const headerLines = Math.max(1, ...header.map(({ length }) => length));
  const broken = (cell: Cell, column: number, span: number): CellLines =>
    linesOfCell(cell, inner(column, span), scale, ruler);
  /** Each printed cell of a row with its column and how many columns it covers. */
  const eachCell = (index: number, take: (cell: Cell, column: number, span: number) => void): void => {
    const cells = table.row(index);
    const label = shape?.labelAt(index) ?? -1;
    for (let column = shape?.start(index) ?? 0; column < columns.length; ) {
      const cell = cells[column] ?? [];
      let span = 1;
      if (column === label)
        while (column + span < columns.length && (cells[column + span] ?? []).length === 0) span += 1;
      take(cell, column, span);
      column += span;
    }
  };
  return {
    scale,
    edges,
    measure: (index) => {
      let [lines, shortened] = [1, 0];
      eachCell(index, (cell, column, span) => {
        const one = broken(cell, column, span);
        lines = Math.max(lines, one.lines.length);
        if (one.cut) shortened += 1;
      });
      return { lines, shortened };
    },
    heightOf: (lines) => lines * rowLeading + 2 * padding,
    cells: (index, x, y, part) => {
      const pieces: Piece[] = [];
      const isTotal = shape?.isTotal(index) === true;
      eachCell(index, (cell, column, span) => {
        const { lines } = broken(cell, column, span);
        const shown = part === undefined ? lines : lines.slice(part.from, part.to);
        const content = place(cell, shown, column, span, x, y + padding, rowLeading);
        const down = shape?.down(index, column) ?? 1;
        const heads = down > 1 || (isTotal && span > 1) || (shape !== undefined && column < shape.groups && !isTotal);
        const piece: Piece = heads ? { tag: 'TH', scope: 'Row', content } : { tag: 'TD', content };
        pieces.push({
          ...piece,
          ...(down > 1 ? { rowSpan: down } : {}),
          ...(span > 1 ? { colSpan: span } : {}),
          ...(part === undefined ? {} : { id: `${part.id}.${column}` }),
        });
      });
      return pieces;
    },
    plain: (cells, x, y, height) =>
      cells.map((cell, column) => {
        const most = Math.max(1, Math.floor((height - 2 * padding) / rowLeading + 0.01));
        const scaled = cell.map((span) => ({ ...span, size: span.size * scale }));
        const { lines } = breakLinesCut(scaled, inner(column), ruler, most);
        return { tag: 'TD', content: place(cell, lines, column, 1, x, y + padding, rowLeading) };
      }),
    headerHeight: headerLines * headerLeading + 2 * padding,
    headerCells: (x, y) =>
      columns.map(({ label }, column) => {
        const lines = header[column] ?? [];
        const top = y + padding + (headerLines - lines.length) * headerLeading;
        return { tag: 'TH', scope: 'Column', content: place(label, lines, column, 1, x, top, headerLeading) };
      }),
  };
}

/** The largest type for which every word fits its column, and the widths for it. */
function planWidths(table: TableInput): { widths: readonly number[]; scale: number } {
  const { needs, smallest = SMALLEST_SCALE } = table;
  const padding = 2 * table.theme.space.cellPaddingX;
  const atScale = (scale: number): ColumnNeed[] =>
    needs.map(({ min, max, fixed }) => {
      if (fixed !== undefined) return { min: fixed, max: fixed, fixed };
      return { min: min * scale + padding, max: max * scale + padding };
    });
  const scales = TYPE_SCALES.filter((scale) => scale >= smallest);
  const fits = scales.find((scale) => atScale(scale).reduce((sum, { min }) => sum + min, 0) <= table.width);
  const scale = fits ?? Math.min(1, smallest);
  return { scale, widths: shareWidths(atScale(scale), table.width) };
}
