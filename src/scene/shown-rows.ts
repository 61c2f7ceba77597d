import type { DataFile, ShownRows, TableContent } from '../charts/content.ts';
import type { Locale } from '../definition/definition.ts';
import type { PageStrings } from './strings.ts';

type Words = Readonly<Record<DataFile, { readonly all: string; readonly first: (count: string) => string }>>;

const WORDS: Readonly<Record<Locale, Words>> = {
  en: {
    xlsx: { all: 'all are in the workbook', first: (count) => `the first ${count} are in the workbook` },
    csv: { all: 'all are in the CSV files', first: (count) => `the first ${count} are in the CSV files` },
  },
  ru: {
    xlsx: { all: 'все — в книге Excel', first: (count) => `первые ${count} — в книге Excel` },
    csv: { all: 'все — в файлах CSV', first: (count) => `первые ${count} — в файлах CSV` },
  },
  zh: {
    xlsx: { all: '全部见 Excel 工作簿', first: (count) => `前 ${count} 行见 Excel 工作簿` },
    csv: { all: '全部见 CSV 文件', first: (count) => `前 ${count} 行见 CSV 文件` },
  },
};

/** Rows of a table's content that are rows: without the one that stands for the others. */
const rowsPrinted = ({ rows, shown }: Pick<TableContent, 'rows' | 'shown'>): number =>
  rows.length - (shown?.hasRest === true ? 1 : 0);

/** "Rows 1–10 of 143 · all are in the workbook": which rows stand above, counted from 1. */
export function rowsCaption(
  { rows, shown, truncation, limit }: Pick<TableContent, 'rows' | 'shown' | 'truncation' | 'limit'>,
  { from, to }: { readonly from: number; readonly to: number },
  { strings, locale }: { readonly strings: PageStrings; readonly locale: Locale },
): string {
  const last = Math.min(to, rowsPrinted({ rows, ...(shown && { shown }) }));
  const said = strings.rows(Math.min(from, last), last, shown?.count ?? rows.length, truncation, limit);
  return [said, ...fileOf(shown, strings, locale)].join(' · ');
}

function fileOf(shown: ShownRows | undefined, strings: PageStrings, locale: Locale): string[] {
  if (!shown?.file) return [];
  const { kind, rows } = shown.file;
  const words = WORDS[locale][kind];
  return [rows >= shown.count ? words.all : words.first(strings.number(rows))];
}
