import type { OffsetAt } from '../rows/instant-text.ts';
import type { Column, Value } from '../rows/rows.ts';
import { CELL_LENGTH, columnLetters, STYLE, textCell, valueCell } from './xlsx-cell.ts';
import { MAIN } from './xlsx-parts.ts';

/** What a sheet holds at most, header included. */
export const SHEET_ROWS = 1_048_576;
export const SHEET_COLUMNS = 16_384;

const CELLS_PER_PIECE = 12_000;
const SAMPLE_ROWS = 500;
const LEAST_WIDTH = 8;
const MOST_WIDTH = 60;
/** Characters that take the place of two: Chinese, Japanese, Korean, full-width forms. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
const WIDTHS: Readonly<Partial<Record<Column['type'], number>>> = { time: 20, date: 12, boolean: 8 };

export interface SheetData {
  readonly columns: readonly Column[];
  /** Names of columns that are shares of 0 to 1. */
  readonly shares: ReadonlySet<string>;
  readonly values: readonly (readonly Value[])[];
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** The rows' sheet: a frozen header with a filter, columns as wide as what they hold. */
export function* sheetXml({ columns, shares, values, from, to }: SheetData, offsetAt: OffsetAt): Generator<string> {
  const places = columns.map(({ name, type }, index): Place => {
    return { letters: columnLetters(index), type, style: shares.has(name) ? STYLE.share : STYLE.plain };
  });
  yield sheetHead(columns, values, from);
  yield `<row r="1">${columns.map(({ name }, index) => textCell(`${columnLetters(index)}1`, name, STYLE.header)).join('')}</row>`;
  const rowsPerPiece = Math.max(1, Math.floor(CELLS_PER_PIECE / Math.max(1, columns.length)));
  for (let start = from; start < to; start += rowsPerPiece) {
    let piece = '';
    for (let index = start; index < Math.min(to, start + rowsPerPiece); index += 1) {
      piece += rowXml(values[index] ?? [], index - from + 2, places, offsetAt);
    }
    yield piece;
  }
  const filter = filterRange(columns.length, to - from);
  yield `</sheetData>${filter === null ? '' : `<autoFilter ref="${filter.replaceAll('$', '')}"/>`}</worksheet>`;
}

/** The place of header and rows, `$A$1:$F$11`; null where there is nothing to filter. */
export const filterRange = (columns: number, rows: number): string | null =>
  columns === 0 ? null : `$A$1:$${columnLetters(columns - 1)}$${rows + 1}`;

/** Texts that a cell can't hold whole. */
export const countCutCells = (values: SheetData['values']): number =>
  values.reduce(
    (count, row) => count + row.filter((value) => typeof value === 'string' && value.length > CELL_LENGTH).length,
    0,
  );

/** Where a column stands, and what its values and numbers are written as. */
interface Place {
  readonly letters: string;
  readonly type: Column['type'];
  readonly style: number;
}

function rowXml(row: readonly Value[], number: number, places: readonly Place[], offsetAt: OffsetAt): string {
  let cells = '';
  for (const [index, { letters, type, style }] of places.entries()) {
    cells += valueCell(`${letters}${number}`, row[index] ?? null, { type, style }, offsetAt);
  }
  return `<row r="${number}">${cells}</row>`;
}

function sheetHead(columns: readonly Column[], values: SheetData['values'], from: number): string {
  const sample = values.slice(from, from + SAMPLE_ROWS);
  const widths = columns.map((column, index) => {
    const width = columnWidth(column, sample, index);
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
  });
  const view = `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;
  const cols = widths.length === 0 ? '' : `<cols>${widths.join('')}</cols>`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${MAIN}">${view}${cols}<sheetData>`;
}

function columnWidth({ name, type }: Column, sample: SheetData['values'], index: number): number {
  const known = WIDTHS[type];
  // The filter's button takes room in the header.
  const header = textWidth(name) + 3;
  const longest = known ?? sample.reduce((most, row) => Math.max(most, textWidth(String(row[index] ?? '')) + 1), 0);
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, header, longest));
}

/** In widths of a digit; of a text with several lines, its first. */
function textWidth(text: string): number {
  const line = text.slice(0, MOST_WIDTH * 2).split('\n', 1)[0] ?? '';
  return line.length + (line.match(WIDE)?.length ?? 0);
}
