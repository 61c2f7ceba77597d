import type { TableContent } from '../charts/content.ts';
import type { SheetStyle } from './sheet-style.ts';
import type { Cell } from './table-cells.ts';
import type { PlacedMark, TableShape } from './table-shape.ts';
import { lookOf } from './text.ts';

/** The lines of a table: its rows with the totals between them. */
interface TableLines {
  readonly count: number;
  row(line: number): readonly Cell[];
  /** The same without labels of totals, which may run on over other columns. */
  sample(line: number): readonly Cell[];
  /** Null for a table of nothing but plain rows. */
  readonly shape: TableShape | null;
}

/** @param link the target as it may be drawn; null = no link. */
export function tableLines(
  content: TableContent,
  link: (target: string) => string | null,
  style: SheetStyle,
): TableLines {
  const { columns, rows, totals = [], groups = 0, anchorOf } = content;
  const { theme, ruler, family } = style;
  const look = lookOf(ruler.fonts, theme.text.tableCell, family);
  const strong = { ...lookOf(ruler.fonts, { ...theme.text.tableCell, weight: 600 }, family), color: theme.ink.strong };
  const group = { ...strong, color: theme.ink.body };
  const linked = columns.some(({ linkOf }) => linkOf !== undefined);
  const rowCells = (values: (typeof rows)[number]): readonly Cell[] =>
    columns.map(({ format, linkOf }, column) => {
      const text = format(values[column] ?? null);
      const target = linked && linkOf !== undefined ? linkOf(values) : null;
      const href = target === null ? null : link(target);
      const own = column < groups ? group : look;
      return [href === null ? { ...own, text } : { ...own, text, link: href }];
    });
  const order = orderOf(rows.length, totals);
  const lineAt = (line: number): number => (order === null ? line : (order[line] ?? 0));
  const totalCells = (index: number, labelled: boolean): readonly Cell[] => {
    const total = totals[index];
    const at = Math.max(0, total?.level ?? 0);
    return columns.map((_, column) => {
      const text = total?.cells[column] ?? (column === at && labelled ? (total?.label ?? '') : '');
      return text === '' ? [] : [{ ...strong, text }];
    });
  };
  const cellsOf = (line: number, labelled: boolean): readonly Cell[] => {
    const at = lineAt(line);
    return at < 0 ? totalCells(-1 - at, labelled) : rowCells(rows[at] ?? []);
  };
  const marked = columns.some(({ mark }) => mark !== undefined);
  const isPlain = order === null && groups === 0 && !marked && anchorOf === undefined;
  const count = order?.length ?? rows.length;
  return {
    count,
    row: (line) => cellsOf(line, true),
    sample: (line) => cellsOf(line, false),
    shape: isPlain ? null : shapeOf(content, { count, lineAt, look: { ...group, color: theme.ink.muted } }, style),
  };
}

/** Row numbers with totals between them as −1 − number; null where there are no totals. */
function orderOf(rows: number, totals: NonNullable<TableContent['totals']>): Int32Array | null {
  if (totals.length === 0) return null;
  const order = new Int32Array(rows + totals.length);
  let [at, row] = [0, 0];
  for (const [index, { after }] of totals.entries()) {
    while (row < after && row < rows) order[at++] = row++;
    order[at++] = -1 - index;
  }
  while (row < rows) order[at++] = row++;
  return order;
}

interface LineOrder {
  readonly count: number;
  readonly lineAt: (line: number) => number;
  readonly look: Omit<Cell[number], 'text'>;
}

function shapeOf(content: TableContent, { count, lineAt, look }: LineOrder, { strings }: SheetStyle): TableShape {
  const { columns, rows, totals = [], groups = 0, anchorOf } = content;
  const totalOf = (line: number) => {
    const at = lineAt(line);
    return at < 0 ? (totals[-1 - at] ?? null) : null;
  };
  const rowsTo = (line: number): number => totalOf(line)?.after ?? lineAt(line) + 1;
  const start = (line: number): number => {
    const total = totalOf(line);
    if (total !== null) return Math.max(0, total.level);
    const row = lineAt(line);
    const [own, above] = [rows[row], rows[row - 1]];
    if (own === undefined || above === undefined) return 0;
    let column = 0;
    while (column < groups && own[column] === above[column]) column += 1;
    return column;
  };
  return {
    groups,
    start,
    down: (line, column) => {
      if (column >= groups || totalOf(line) !== null) return 1;
      let end = line + 1;
      while (end < count && (totalOf(end) === null ? start(end) > column : (totalOf(end)?.level ?? -1) > column))
        end += 1;
      return end - line;
    },
    isTotal: (line) => totalOf(line) !== null,
    labelAt: (line) => {
      const total = totalOf(line);
      return total === null ? -1 : Math.max(0, total.level);
    },
    isGrand: (line) => totalOf(line)?.level === -1,
    rowsTo,
    continued: (line) => {
      const values = rows[rowsTo(line) - 1] ?? [];
      return columns.slice(0, start(line)).map(({ format }, column) => {
        return [{ ...look, text: strings.words.continued(format(values[column] ?? null)) }];
      });
    },
    markOf: (line, column) => {
      const mark = columns[column]?.mark;
      if (mark?.kind === 'line')
        return totalOf(line) === null ? lineMark(mark.numbersOf(rows[lineAt(line)]?.[column] ?? null)) : null;
      const value =
        totalOf(line) === null && mark !== undefined ? Number(rows[lineAt(line)]?.[column] ?? Number.NaN) : Number.NaN;
      if (mark === undefined || !Number.isFinite(value)) return null;
      const reach = mark.most - mark.least;
      return { kind: mark.kind, share: reach > 0 ? Math.min(1, Math.max(0, (value - mark.least) / reach)) : 0 };
    },
    isMarked: columns.some(({ mark }) => mark !== undefined),
    anchorOf: (line) => {
      const row = totalOf(line) === null ? rows[lineAt(line)] : undefined;
      return row === undefined ? null : (anchorOf?.(row) ?? null);
    },
  };
}

/** Each value as its share of the largest; no line of nothing. */
function lineMark(numbers: readonly (number | null)[]): PlacedMark | null {
  const most = Math.max(0, ...numbers.map((value) => value ?? 0));
  if (most <= 0) return null;
  return { kind: 'line', shares: numbers.map((value) => (value === null ? null : Math.max(0, value / most))) };
}

/** The shape of a table that shows only some columns, the leading ones among them. */
export function pickedShape(shape: TableShape, picked: readonly number[], isFirst: boolean): TableShape {
  const before = (column: number): number => picked.filter((one) => one < column).length;
  return {
    ...shape,
    groups: before(shape.groups),
    start: (index) => before(shape.start(index)),
    down: (index, column) => shape.down(index, picked[column] ?? 0),
    labelAt: (index) => picked.indexOf(shape.labelAt(index)),
    continued: (index) => {
      const cells = shape.continued(index);
      return picked.flatMap((column) => (column < cells.length ? [cells[column] ?? []] : []));
    },
    markOf: (index, column) => shape.markOf(index, picked[column] ?? 0),
    anchorOf: (index) => (isFirst ? shape.anchorOf(index) : null),
  };
}
