import type { Cell } from './table-cells.ts';
import { breakLinesCut, type Line, type Ruler, type Span, singleLine } from './text.ts';

/** A cell's text as lines; `cut` = not all of it. */
export interface CellLines {
  readonly lines: readonly Line[];
  readonly cut: boolean;
}

/** What is printed of one cell; of longer texts the mark at the end says how many characters are missing. */
const MAX_CELL_CHARACTERS = 4_000;
/** Bounds the time that one cell may take, whatever is in it. */
const MAX_CELL_LINES = 1_000;
const NEEDS_BREAKING = /[\n\u00ad\u200b]/;

/** Lines of a cell at most `width` points wide. Plain short texts, nearly all of a long table, are not looked at twice. */
export function linesOfCell(
  cell: Cell,
  width: number,
  scale: number,
  ruler: Ruler,
  maxLines = MAX_CELL_LINES,
): CellLines {
  const [first] = cell;
  if (first === undefined) return { lines: [], cut: false };
  if (cell.length === 1) {
    const plain = plainLine(first, width, scale);
    if (plain !== null) return plain;
  }
  const { spans, cut } = boundedCell(scale === 1 ? cell : cell.map((span) => ({ ...span, size: span.size * scale })));
  const single = spans.length === 1 ? spans[0] : undefined;
  if (single && !NEEDS_BREAKING.test(single.text) && ruler.width(single.text, single.face, single.size) <= width) {
    return { lines: single.text === '' ? [] : [singleLine(single, ruler)], cut };
  }
  const broken = breakLinesCut(spans, width, ruler, maxLines);
  return { lines: broken.lines, cut: cut || broken.cut };
}

const NO_LINES: CellLines = { lines: [], cut: false };

function plainLine(span: Span, width: number, scale: number): CellLines | null {
  const { text, face } = span;
  if (text === '') return NO_LINES;
  const size = span.size * scale;
  const em = plainWidth(text, face.plainWidths, width / size);
  if (em === null) return null;
  const own = em * size;
  const look = scale === 1 ? span : { ...span, size };
  return { lines: [{ runs: [{ x: 0, width: own, text, face, look }], width: own }], cut: false };
}

/** In em; null for a text that is wider than `most` or has other than plain characters. */
function plainWidth(text: string, widths: Float64Array | null, most: number): number | null {
  if (widths === null || text.length > MAX_CELL_CHARACTERS) return null;
  let em = 0;
  for (let index = 0; index < text.length; index += 1) {
    const width = widths[text.charCodeAt(index)];
    if (width === undefined || width === 0) return null;
    em += width;
  }
  return em <= most ? em : null;
}

const thousands = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, '\u00a0');

function boundedCell(cell: Cell): { spans: Cell; cut: boolean } {
  const length = cell.reduce((sum, { text }) => sum + text.length, 0);
  if (length <= MAX_CELL_CHARACTERS) return { spans: cell, cut: false };
  let left = MAX_CELL_CHARACTERS;
  const spans = cell.flatMap((span) => {
    if (left === 0) return [];
    const text = span.text.slice(0, left);
    left -= text.length;
    return [
      { ...span, text: left === 0 ? `${text.toWellFormed()}… [+${thousands(length - MAX_CELL_CHARACTERS)}]` : text },
    ];
  });
  return { spans, cut: true };
}
