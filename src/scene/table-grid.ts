import { type ColumnNeed, shareWidths } from './column-widths.ts';
import type { Face } from './face.ts';
import { lineContent } from './flow.ts';
import type { Mark, Piece } from './scene.ts';
import type { Cell, TableInput } from './table-cells.ts';
import { alignedX, baselineOf, type Line, type TextLook } from './text.ts';

/** Where the columns of a table stand, and the type it is set in. Lengths in points. */
interface TableGrid {
  /** Type size as a share of the theme's. */
  readonly scale: number;
  /** Left edges of the columns, and the right edge of the last. */
  readonly edges: readonly number[];
  readonly padding: number;
  readonly paddingX: number;
  readonly rowLeading: number;
  readonly headerLeading: number;
  /** Room for text in so many columns from one on. */
  inner(column: number, span: number): number;
  alignOf(column: number): TableInput['columns'][number]['align'];
  /** How far texts at the right of a column stand from its edge, beside a column whose texts stand at the left. */
  insetOf(column: number): number;
  /** Distance of the baseline from the top of a line. */
  baseline(look: TextLook, leading: number): number;
}

const LEAST_WIDTH = 4;
/** Of the room that a column of numbers does not need, what goes to its right where the next one begins at once. */
const MOST_INSET = 20;
const INSET_SHARE = 0.4;
/** Type is made smaller in these steps before columns are split or words cut; the last is 4.5 points in the usual theme. */
const TYPE_SCALES = [1, 0.92, 0.84, 0.76, 0.68, 0.62, 0.56] as const;
export const SMALLEST_SCALE = 0.76;
export const SMALLEST_SHRUNK = 0.56;

export function gridOf(table: TableInput): TableGrid {
  const { theme, columns } = table;
  const { widths, scale, spare } = planWidths(table);
  const paddingX = theme.space.cellPaddingX;
  const edges = [0];
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width);
  // A face answers from its file each time it is asked for its heights.
  const baselines = new Map<string, Map<Face, number>>();
  return {
    scale,
    edges,
    padding: theme.space.cellPaddingY,
    paddingX,
    rowLeading: theme.text.tableCell.lineHeight * scale,
    headerLeading: theme.text.tableHeader.lineHeight * scale,
    inner: (column, span) => Math.max(LEAST_WIDTH, (edges[column + span] ?? 0) - (edges[column] ?? 0) - 2 * paddingX),
    alignOf: (column) => columns[column]?.align ?? 'left',
    insetOf: (column) => {
      const [own, next] = [columns[column]?.align, columns[column + 1]?.align];
      return own === 'right' && next === 'left' ? Math.min(MOST_INSET, (spare[column] ?? 0) * INSET_SHARE) : 0;
    },
    baseline: (look, leading) => {
      const key = `${look.size} ${leading}`;
      const known = baselines.get(key) ?? new Map<Face, number>();
      baselines.set(key, known);
      const baseline = known.get(look.face) ?? baselineOf({ ...look, size: look.size * scale }, leading);
      known.set(look.face, baseline);
      return baseline;
    },
  };
}

/** The largest type for which every word fits its column, and the widths for it. */
export function planWidths(table: TableInput): {
  widths: readonly number[];
  scale: number;
  /** What each column has beyond the widest of its texts. */
  spare: readonly number[];
} {
  const { needs, smallest = SMALLEST_SCALE, largest = 1 } = table;
  const padding = 2 * table.theme.space.cellPaddingX;
  const atScale = (scale: number): ColumnNeed[] =>
    needs.map(({ min, max, fixed }) => {
      if (fixed !== undefined) return { min: fixed, max: fixed, fixed };
      return { min: min * scale + padding, max: max * scale + padding };
    });
  const scales = TYPE_SCALES.filter((scale) => scale >= smallest && scale <= largest);
  const fits = scales.find((scale) => atScale(scale).reduce((sum, { min }) => sum + min, 0) <= table.width);
  const scale = fits ?? Math.min(largest, smallest);
  const wanted = atScale(scale);
  const widths = shareWidths(wanted, table.width);
  return { scale, widths, spare: widths.map((width, column) => Math.max(0, width - (wanted[column]?.max ?? width))) };
}

interface PlacedCell {
  readonly cell: Cell;
  readonly lines: readonly Line[];
  readonly column: number;
  readonly span: number;
}

/** The lines of a cell where they stand; (x, y) is the table's left edge and the top of the cell's first line. */
export function placeLines(
  grid: TableGrid,
  { cell, lines, column, span }: PlacedCell,
  x: number,
  y: number,
  leading: number,
): (Mark | Piece)[] {
  const [look] = cell;
  const content: (Mark | Piece)[] = [];
  if (look === undefined || lines.length === 0) return content;
  const inset = span > 1 ? 0 : grid.insetOf(column);
  const start = x + (grid.edges[column] ?? 0) + grid.paddingX;
  const room = grid.inner(column, span);
  const align = span > 1 ? 'left' : grid.alignOf(column);
  let baseline = y + grid.baseline(look, leading);
  for (const line of lines) {
    const left = start + alignedX(line, room, align) - Math.min(inset, Math.max(0, room - line.width));
    if (look.link === undefined && cell.length === 1) content.push({ kind: 'text', x: left, y: baseline, line });
    else content.push(...lineContent(line, left, baseline));
    baseline += leading;
  }
  return content;
}
