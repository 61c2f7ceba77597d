import { instantText, type OffsetAt, zoneOffsets } from '../rows/instant-text.ts';
import type { DataSet } from './data-set.ts';
import { numberCell, STYLE, textCell } from './xlsx-cell.ts';
import { createSheetNames } from './xlsx-names.ts';
import { MAIN, workbookParts } from './xlsx-parts.ts';
import { countCutCells, filterRange, SHEET_COLUMNS, SHEET_ROWS, type SheetData, sheetXml } from './xlsx-sheet.ts';
import { WORKBOOK_WORDS } from './xlsx-words.ts';
import { type ZipEntry, zipOf } from './zip.ts';

export interface WorkbookOptions {
  readonly title: string;
  readonly locale: 'en' | 'ru' | 'zh';
  /** IANA name: instants are written as this zone's wall clock. */
  readonly timeZone: string;
  /** The instant the report is made for. */
  readonly at: Date;
  readonly period: { readonly from: Date; readonly to: Date };
  readonly signal: AbortSignal;
}

interface Sheet {
  readonly name: string;
  readonly data: SheetData;
}

interface ContentsLine {
  readonly set: DataSet;
  readonly sheets: readonly Sheet[];
  readonly remarks: readonly string[];
}

/**
 * Rows as an Excel workbook: a sheet for each data set, in order, and a last sheet that says what they are. Numbers,
 * booleans, days and instants are real ones; texts are never formulas. Rows beyond a sheet's 1 048 576 go on in a further
 * one; columns beyond 16 384 and characters beyond 32 767 of a cell are cut, and the contents say so. Sheets are written
 * row by row into the archive: memory holds the packed file. The same rows and options give the same bytes.
 * @throws BroadsheetError `canceled` when the signal fires.
 */
export async function workbookOf(sets: readonly DataSet[], options: WorkbookOptions): Promise<Uint8Array> {
  const nameOf = createSheetNames();
  const contentsName = nameOf(WORKBOOK_WORDS[options.locale].contents);
  const lines = sets.map((set): ContentsLine => ({ set, ...sheetsOf(set, nameOf, options) }));
  const sheets = lines.flatMap((line) => line.sheets);
  const offsetAt = zoneOffsets(options.timeZone);
  const tabs = sheets.map(({ name, data }) => ({
    name,
    filter: filterRange(data.columns.length, data.to - data.from),
  }));
  const parts: ZipEntry[] = [
    ...workbookParts({
      title: options.title,
      createdAt: options.at,
      sheets: [...tabs, { name: contentsName, filter: null }],
    }),
    ...sheets.map(({ data }, index) => ({ name: partName(index), pieces: sheetXml(data, offsetAt) })),
    { name: partName(sheets.length), pieces: [contentsXml(lines, options, offsetAt)] },
  ];
  return zipOf(parts, options.signal);
}

const partName = (index: number): string => `xl/worksheets/sheet${index + 1}.xml`;

function sheetsOf(
  { name, rows, shares }: DataSet,
  nameOf: (wish: string) => string,
  { locale }: WorkbookOptions,
): Pick<ContentsLine, 'sheets' | 'remarks'> {
  if (rows === null) return { sheets: [], remarks: [] };
  const words = WORKBOOK_WORDS[locale];
  const columns = rows.columns.slice(0, SHEET_COLUMNS);
  const perSheet = SHEET_ROWS - 1;
  const count = Math.max(1, Math.ceil(rows.values.length / perSheet));
  const sheets = Array.from({ length: count }, (_, index): Sheet => {
    const to = Math.min(rows.values.length, (index + 1) * perSheet);
    return { name: nameOf(name), data: { columns, shares, values: rows.values, from: index * perSheet, to } };
  });
  const cut = countCutCells(rows.values);
  const remarks = [
    ...(columns.length < rows.columns.length ? [words.cutColumns(columns.length, rows.columns.length)] : []),
    ...(cut > 0 ? [words.cutCells(cut)] : []),
  ];
  return { sheets, remarks };
}

function contentsXml(lines: readonly ContentsLine[], options: WorkbookOptions, offsetAt: OffsetAt): string {
  const words = WORKBOOK_WORDS[options.locale];
  const at = (instant: Date): string => instantText(instant.getTime(), offsetAt);
  const facts = [
    [words.period, `${at(options.period.from)} – ${at(options.period.to)}`],
    [words.timeZone, options.timeZone],
    [words.madeFor, at(options.at)],
  ];
  const rows: string[] = [`<row r="1">${textCell('A1', options.title, STYLE.title)}</row>`];
  const add = (cells: (row: number) => string): void => {
    const row = rows.length + 1;
    rows.push(`<row r="${row}">${cells(row)}</row>`);
  };
  for (const [label = '', value = ''] of facts) add((row) => textCell(`A${row}`, label) + textCell(`B${row}`, value));
  add(() => '');
  const heads = [words.sheet, words.data, words.rows, words.remark];
  add((row) => heads.map((head, index) => textCell(`${'ABCD'[index]}${row}`, head, STYLE.header)).join(''));
  const links: string[] = [];
  for (const { set, sheets, remarks } of lines) {
    const remark = [...(set.remark === null ? [] : [set.remark]), ...remarks].join('; ');
    for (const sheet of sheets.length === 0 ? [null] : sheets) {
      add((row) => {
        if (sheet !== null) links.push(linkXml(`A${row}`, sheet.name));
        const place = sheet === null ? '' : textCell(`A${row}`, sheet.name, STYLE.link);
        const count = sheet === null ? '' : numberCell(`C${row}`, sheet.data.to - sheet.data.from);
        return (
          place +
          textCell(`B${row}`, set.name, STYLE.wrapped) +
          count +
          (remark === '' ? '' : textCell(`D${row}`, remark, STYLE.wrapped))
        );
      });
    }
  }
  const cols = [34, 60, 12, 60].map((width, index) => {
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
  });
  const hyperlinks = links.length === 0 ? '' : `<hyperlinks>${links.join('')}</hyperlinks>`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${MAIN}"><cols>${cols.join('')}</cols><sheetData>${rows.join('')}</sheetData>${hyperlinks}</worksheet>`;
}

const linkXml = (place: string, sheet: string): string => {
  const target = `'${sheet.replaceAll("'", "''")}'!A1`;
  return `<hyperlink ref="${place}" location="${target.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"/>`;
};
