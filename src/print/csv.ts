import { dayText, instantText, isInstant, zoneOffsets } from '../rows/instant-text.ts';
import type { Column, Rows, Value } from '../rows/rows.ts';

export interface CsvOptions {
  /** IANA name: instants are written in this zone, with its offset. */
  readonly timeZone: string;
  /** Begin with a byte order mark, by which Excel knows UTF-8. Default: none. */
  readonly bom?: boolean;
}

const BOM = '\ufeff';
const ROWS_PER_PIECE = 2_000;
/** Spreadsheets take what begins so for a formula; the full-width forms too, in East Asian versions. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const QUOTED = /[",\r\n]/;

/**
 * Rows as CSV by RFC 4180: a header line, commas, CRLF, quotes where they are needed, UTF-8. Values are raw, not as the
 * page shows them: numbers as the source gave them, instants as RFC 3339 in the zone, days as `2026-05-03`, `true` and
 * `false`, JSON as its text; null is nothing, an empty text is `""`. A text that a spreadsheet would run as a formula
 * (it begins with `=`, `+`, `-`, `@`, a tab or a line break, and is no number) gets an apostrophe before it.
 */
export function csvOf(rows: Rows, options: CsvOptions): Uint8Array {
  return Buffer.concat([...csvPieces(rows, options)].map((piece) => Buffer.from(piece)));
}

/** The same CSV piece by piece, for tables that are long. */
export function* csvPieces(rows: Rows, { timeZone, bom = false }: CsvOptions): Generator<string> {
  const writers = rows.columns.map((column) => cellWriter(column, timeZone));
  const header = rows.columns.map(({ name }) => quoted(harmless(name))).join(',');
  yield `${bom ? BOM : ''}${header}\r\n`;
  for (let start = 0; start < rows.values.length; start += ROWS_PER_PIECE) {
    let piece = '';
    for (const row of rows.values.slice(start, start + ROWS_PER_PIECE)) {
      piece += `${writers.map((write, index) => write(row[index] ?? null)).join(',')}\r\n`;
    }
    yield piece;
  }
}

function cellWriter({ type }: Column, timeZone: string): (value: Value) => string {
  const offsetAt = zoneOffsets(timeZone);
  return (value) => {
    if (value === null) return '';
    if (typeof value === 'number' && isInstant(value)) {
      if (type === 'time') return instantText(value, offsetAt);
      if (type === 'date') return dayText(value);
    }
    return typeof value === 'string' ? quoted(harmless(value)) : String(value);
  };
}

const harmless = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);

/** An empty text is quoted, so that it is told from null. */
const quoted = (text: string): string =>
  text === '' || QUOTED.test(text) ? `"${text.toWellFormed().replaceAll('"', '""')}"` : text.toWellFormed();
