import type { Flow } from './flow.ts';
import type { Mark, Piece } from './scene.ts';
import { type CellLayout, layOutCells, type TableInput } from './table-cells.ts';
import { groundMarks, headerMarks, ruleAbove, ruleAt } from './table-marks.ts';
import { measureSlices, type TableSlices } from './table-slices.ts';
import { baselineOf, breakLinesCut } from './text.ts';

export interface TableFlow extends Flow {
  /** Cells whose text was cut because it would have filled pages. */
  readonly shortened: number;
  /** Type size as a share of the theme's. */
  readonly scale: number;
  /** The header alone, as decoration: where rows go on at the top of a page. */
  paintHeader(x: number, y: number): Iterable<Piece>;
  /** One row alone, for tables amid other content; with the header above it when asked. */
  paintRow(index: number, x: number, y: number, withHeader: boolean): Iterable<Piece>;
}

interface Laid {
  readonly table: TableInput;
  readonly layout: CellLayout;
  readonly slices: TableSlices;
}

/** A table as a flow, measured at once: for short ones. */
export function tableFlow(table: TableInput): TableFlow {
  const layout = layOutCells(table);
  const measuring = measureSlices(table, layout);
  for (;;) {
    const { done, value } = measuring.next();
    if (done === true) return flowOf({ table, layout, slices: value });
  }
}

/** The same for a table of any length: other work gets its turn between some hundred rows, when `pause` is awaited. */
export async function longTableFlow(table: TableInput, pause: () => Promise<void>): Promise<TableFlow> {
  const layout = layOutCells(table);
  const measuring = measureSlices(table, layout);
  for (;;) {
    const { done, value } = measuring.next();
    if (done === true) return flowOf({ table, layout, slices: value });
    await pause();
  }
}

/**
 * One slice a row, never cut, several for a row taller than 24 lines; the header above every fragment; what rows a
 * fragment shows below it. Lines are broken again when a row is painted.
 */
function flowOf(laid: Laid): TableFlow {
  const { table, layout, slices } = laid;
  const { theme, caption, shape } = table;
  const captionHeight = caption === null ? 0 : theme.text.caption.lineHeight + theme.space.unit;
  const frame = layout.headerHeight + captionHeight;
  return {
    count: slices.count,
    height: slices.height,
    gap: () => 0,
    keepsNext: (slice) => {
      if (slice + 1 >= slices.count) return false;
      if (slice === 0) return true;
      if (shape === undefined || slices.part(slice)?.isLast === false) return false;
      const [row, next] = [slices.row(slice), slices.row(slice + 1)];
      return shape.isTotal(next) || (!shape.isTotal(row) && shape.start(row) < shape.start(next));
    },
    frame: (from, to) => frame + openEdges(laid, from, to).above + openEdges(laid, from, to).below,
    shortened: slices.shortened,
    scale: layout.scale,
    *paint(from, to, x, y) {
      const pieces = fragmentPieces(laid, from, to, x, y);
      if (table.tagged !== false) yield* pieces;
      else yield* untagged(pieces);
    },
    *paintHeader(x, y) {
      const content = [...headerMarks(table, layout.headerHeight, x, y), ...marksOf(layout.headerCells(x, y))];
      yield { tag: 'Artifact', content };
    },
    *paintRow(slice, x, y, withHeader) {
      if (withHeader) yield { tag: 'Artifact', content: headerMarks(table, layout.headerHeight, x, y) };
      const top = withHeader ? y + layout.headerHeight : y;
      const to = Math.min(slice + 1, slices.count);
      const content = rowPieces(laid, slice, to, x, top, withHeader ? y : null);
      yield { tag: 'Table', id: table.id, content };
      const bottom = top + (slice < to ? slices.height(slice) : 0);
      if (slice < to) yield { tag: 'Artifact', content: [ruleAt(table, x, bottom)] };
    },
  };
}

/** Room that a row which goes on over pages is given at the edges where it is parted, as it has at its ends. */
function openEdges({ table, slices }: Laid, from: number, to: number): { above: number; below: number } {
  const padding = table.theme.space.cellPaddingY;
  const isParted = to > from && slices.part(to - 1)?.isLast === false;
  return { above: (slices.part(from)?.from ?? 0) > 0 ? padding : 0, below: isParted ? padding : 0 };
}

function* fragmentPieces(laid: Laid, from: number, to: number, x: number, y: number): Iterable<Piece> {
  const { table, layout, slices } = laid;
  const open = openEdges(laid, from, to);
  const first = y + layout.headerHeight + open.above;
  const marks: Mark[] = headerMarks(table, layout.headerHeight, x, y);
  let bottom = first;
  for (let slice = from; slice < to; slice += 1) {
    const row = slices.row(slice);
    const height = slices.height(slice);
    if (table.shape?.isMarked === true) marks.push(...groundMarks(table, layout, row, x, bottom, height));
    if (slice > from && slices.row(slice - 1) !== row) marks.push(ruleAbove(table, layout, row, x, bottom));
    bottom += height;
  }
  bottom += open.below;
  if (to > from) marks.push(ruleAt(table, x, bottom));
  yield { tag: 'Artifact', content: marks };
  // Repeated headers and the names of groups that go on are decoration: the structure has them once.
  if (from > 0)
    yield { tag: 'Artifact', content: marksOf([...layout.headerCells(x, y), ...goesOn(laid, from, x, first)]) };
  yield { tag: 'Table', id: table.id, content: rowPieces(laid, from, to, x, first, from === 0 ? y : null) };
  yield* captionPieces(laid, from, to, x, bottom);
}

function* rowPieces(
  { table, layout, slices }: Laid,
  from: number,
  to: number,
  x: number,
  y: number,
  headerAt: number | null,
): Iterable<Piece> {
  if (headerAt !== null) yield { tag: 'TR', content: layout.headerCells(x, headerAt) };
  let top = y;
  for (let slice = from; slice < to; slice += 1) {
    const row = slices.row(slice);
    const part = slices.part(slice);
    const anchor = table.shape?.anchorOf(row) ?? null;
    const place = anchor === null || (part?.from ?? 0) > 0 ? {} : { destination: { anchor, bookmark: null, y: top } };
    if (part === null) yield { tag: 'TR', content: layout.cells(row, x, top), ...place };
    else {
      const id = `${table.id}.r${row}`;
      yield { tag: 'TR', id, content: layout.cells(row, x, top, { ...part, id }), ...place };
    }
    top += slices.height(slice);
  }
}

/** The groups of a fragment's first row that began on another page, in one line each. */
function goesOn({ table, layout, slices }: Laid, from: number, x: number, y: number): Piece[] {
  const { shape } = table;
  const row = slices.row(from);
  if (shape === undefined || shape.start(row) === 0) return [];
  return layout.plain(shape.continued(row), x, y, slices.height(from));
}

/** Cells one after the other, as they are laid out: those of a whole page at once would outlive the young generation. */
function* untagged(pieces: Iterable<Piece>): Iterable<Piece> {
  for (const piece of pieces)
    yield piece.tag === 'Table' ? { tag: 'Artifact', content: marksIn(piece.content) } : piece;
}

function* marksIn(items: Iterable<Mark | Piece>): Iterable<Mark> {
  for (const item of items) {
    if ('tag' in item) yield* marksIn(item.content);
    else yield item;
  }
}

const marksOf = (pieces: Iterable<Piece>): Mark[] => [...marksIn(pieces)];

function captionPieces({ table, layout, slices }: Laid, from: number, to: number, x: number, y: number): Piece[] {
  const rowsTo = (slice: number): number => {
    const row = slices.row(slice);
    return table.shape?.rowsTo(row) ?? row + 1;
  };
  const isRow = (slice: number): boolean => table.shape?.isTotal(slices.row(slice)) !== true;
  const last = to > from ? rowsTo(to - 1) : 0;
  const first = to > from ? rowsTo(from) + (isRow(from) ? 0 : 1) : 0;
  if (first > last) return [];
  const facts = {
    from: first,
    to: last,
    continues: (slices.part(from)?.from ?? 0) > 0,
    shortened: slices.shortened,
    scale: layout.scale,
  };
  const span = table.caption?.(facts) ?? null;
  if (span === null) return [];
  const { lineHeight } = table.theme.text.caption;
  const baseline = y + table.theme.space.unit + baselineOf(span, lineHeight);
  const { lines } = breakLinesCut([span], table.width, table.ruler, 1);
  return [{ tag: 'P', content: lines.map((line) => ({ kind: 'text', x, y: baseline, line })) }];
}
