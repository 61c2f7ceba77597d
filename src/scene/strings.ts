import type { Locale } from '../definition/definition.ts';
import type { Truncation } from '../rows/rows.ts';

/** The fixed words of pages, by locale. Numbers and dates come from Intl in the same locale. */
interface Words {
  readonly page: (page: string, pages: string) => string;
  readonly generated: (at: string) => string;
  readonly period: string;
  /** Of a heading or group that goes on from the page before. */
  readonly continued: (name: string) => string;
  readonly rows: (from: string, to: string, count: string) => string;
  readonly allRows: (count: number, text: string) => string;
  readonly rowLimit: (limit: string) => string;
  readonly byteLimit: (limit: string) => string;
  readonly columns: (from: string, to: string, count: string) => string;
  readonly shortened: (count: number, text: string) => string;
  /** Of a table row that began on an earlier page. */
  readonly rowGoesOn: (row: string) => string;
  readonly smallType: (percent: string) => string;
  /** Of a table without tags, whose rows are the attached file. */
  readonly untagged: (file: string) => string;
  readonly rowsOfTable: (title: string) => string;
  readonly failed: string;
  readonly timedOut: string;
  readonly noWidgets: string;
  readonly contents: string;
  readonly coverCut: string;
  readonly unknownKind: (kind: string) => string;
  readonly badImage: (problem: string) => string;
}

const russianRows = new Intl.PluralRules('ru');
const RUSSIAN_ROWS: Readonly<Record<string, string>> = { one: 'строка', few: 'строки', many: 'строк', other: 'строки' };

const WORDS: Readonly<Record<Locale, Words>> = {
  en: {
    page: (page, pages) => `Page ${page} of ${pages}`,
    generated: (at) => `Generated ${at}`,
    period: 'Period',
    continued: (name) => `${name} (continued)`,
    rows: (from, to, count) => (from === to ? `Row ${from} of ${count}` : `Rows ${from}–${to} of ${count}`),
    allRows: (count, text) => `${text} ${count === 1 ? 'row' : 'rows'}`,
    rowLimit: (limit) => `limit ${limit} applied`,
    byteLimit: (limit) => `size limit ${limit} applied`,
    columns: (from, to, count) => (from === to ? `Column ${from} of ${count}` : `Columns ${from}–${to} of ${count}`),
    shortened: (count, text) => `long texts shortened in ${text} ${count === 1 ? 'cell' : 'cells'}`,
    rowGoesOn: (row) => `row ${row} continued`,
    smallType: (percent) => `type at ${percent}`,
    untagged: (file) => `not tagged: the rows are attached as “${file}”`,
    rowsOfTable: (title) => (title === '' ? 'Rows of a table' : `Rows of the table “${title}”`),
    failed: 'This widget could not be made',
    timedOut: 'The query took too long and was stopped',
    noWidgets: 'This report has no widgets.',
    contents: 'Contents',
    coverCut: 'The text on the cover had to be shortened',
    unknownKind: (kind) =>
      kind === '' ? 'This widget names no kind.' : `Widgets of the kind “${kind}” are not known.`,
    badImage: (problem) => `The image can't be shown: ${problem}.`,
  },
  ru: {
    page: (page, pages) => `Страница ${page} из ${pages}`,
    generated: (at) => `Создан ${at}`,
    period: 'Период',
    continued: (name) => `${name} (продолжение)`,
    rows: (from, to, count) => (from === to ? `Строка ${from} из ${count}` : `Строки ${from}–${to} из ${count}`),
    allRows: (count, text) => `${text} ${RUSSIAN_ROWS[russianRows.select(count)] ?? 'строк'}`,
    rowLimit: (limit) => `применён предел ${limit}`,
    byteLimit: (limit) => `применён предел объёма ${limit}`,
    columns: (from, to, count) => (from === to ? `Столбец ${from} из ${count}` : `Столбцы ${from}–${to} из ${count}`),
    shortened: (_, text) => `сокращены длинные тексты, ячеек: ${text}`,
    rowGoesOn: (row) => `продолжение строки ${row}`,
    smallType: (percent) => `шрифт ${percent}`,
    untagged: (file) => `без разметки, строки приложены: «${file}»`,
    rowsOfTable: (title) => (title === '' ? 'Строки таблицы' : `Строки таблицы «${title}»`),
    failed: 'Виджет не удалось построить',
    timedOut: 'Запрос выполнялся слишком долго и был остановлен',
    noWidgets: 'В этом отчёте нет виджетов.',
    contents: 'Содержание',
    coverCut: 'Текст на обложке пришлось сократить',
    unknownKind: (kind) => (kind === '' ? 'Вид виджета не указан.' : `Вид виджета «${kind}» неизвестен.`),
    badImage: (problem) => `Изображение нельзя показать: ${problem}.`,
  },
  zh: {
    page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
    generated: (at) => `生成于 ${at}`,
    period: '期间',
    continued: (name) => `${name}（续）`,
    rows: (from, to, count) => (from === to ? `第 ${from} 行，共 ${count} 行` : `第 ${from}–${to} 行，共 ${count} 行`),
    allRows: (_, text) => `${text} 行`,
    rowLimit: (limit) => `已限制为 ${limit}`,
    byteLimit: (limit) => `已限制大小为 ${limit}`,
    columns: (from, to, count) =>
      from === to ? `第 ${from} 列，共 ${count} 列` : `第 ${from}–${to} 列，共 ${count} 列`,
    shortened: (_, text) => `${text} 个单元格的长文本已缩短`,
    rowGoesOn: (row) => `第 ${row} 行（续）`,
    smallType: (percent) => `字号 ${percent}`,
    untagged: (file) => `未加标签，数据行见附件“${file}”`,
    rowsOfTable: (title) => (title === '' ? '表格数据行' : `表格“${title}”的数据行`),
    failed: '无法生成此组件',
    timedOut: '查询超时，已停止',
    noWidgets: '此报表没有组件。',
    contents: '目录',
    coverCut: '封面文字已缩短',
    unknownKind: (kind) => (kind === '' ? '未指定组件类型。' : `未知的组件类型“${kind}”。`),
    badImage: (problem) => `无法显示图片：${problem}。`,
  },
};

const TAGS: Readonly<Record<Locale, string>> = { en: 'en', ru: 'ru', zh: 'zh-CN' };

/** Dates as charts and mails write them: the British order of day and month for English. */
const DATE_TAGS: Readonly<Record<Locale, string>> = { ...TAGS, en: 'en-GB' };

/** The language tag of a locale, as PDF takes it. */
export const languageOf = (locale: Locale): string => TAGS[locale];

/** The words, numbers and dates of pages in one locale and zone. */
export interface PageStrings {
  readonly words: Words;
  number(value: number): string;
  page(page: number, pages: number): string;
  /** Day and time of an instant. */
  instant(at: Date): string;
  /** `[from, to)` for people: whole days as days, the last one included. */
  period(from: Date, to: Date): string;
  /** Which columns of a wide table stand here, counted from 1. */
  columns(from: number, to: number, count: number): string;
  /** What a table's fragment shows, rows counted from 1. */
  rows(from: number, to: number, count: number, truncation: Truncation | null, limit: number | null): string;
}

const MOST_KEPT = 20;
const kept = new Map<string, PageStrings>();

/** Kept, for formats of Intl take as long to make as a chart to draw. */
export function pageStrings(locale: Locale, timeZone: string): PageStrings {
  const key = `${locale} ${timeZone}`;
  let strings = kept.get(key);
  if (strings === undefined) {
    strings = createStrings(locale, timeZone);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, strings);
  }
  return strings;
}

/** Made when first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function createStrings(locale: Locale, timeZone: string): PageStrings {
  const words = WORDS[locale];
  const tag = TAGS[locale];
  const integer = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const size = once(() => new Intl.NumberFormat(tag, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 0 }));
  const dateStyle = locale === 'en' ? 'medium' : 'long';
  const days = once(() => new Intl.DateTimeFormat(DATE_TAGS[locale], { dateStyle, timeZone }));
  const minutes = once(() => new Intl.DateTimeFormat(DATE_TAGS[locale], { dateStyle, timeStyle: 'short', timeZone }));
  const time = once(() => new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23', timeZone }));
  const isMidnight = (at: Date): boolean => time().format(at) === '00:00:00' && at.getTime() % 1000 === 0;
  const limitText = (truncation: Truncation | null, limit: number | null): string | null => {
    if (truncation?.by === 'bytes') return words.byteLimit(size().format(truncation.limit / 1024 / 1024));
    const rows = truncation?.limit ?? limit;
    return rows === null ? null : words.rowLimit(integer.format(rows));
  };
  return {
    words,
    number: (value) => integer.format(value),
    page: (page, pages) => words.page(integer.format(page), integer.format(pages)),
    columns: (from, to, count) => words.columns(integer.format(from), integer.format(to), integer.format(count)),
    instant: (at) => minutes().format(at),
    period: (from, to) => {
      const whole = isMidnight(from) && isMidnight(to);
      const [format, last] = whole ? [days(), new Date(to.getTime() - 1)] : [minutes(), to];
      // The range pattern of Chinese falls back to bare numbers.
      const isRange = locale === 'zh' && format.format(from) !== format.format(last);
      return isRange ? `${format.format(from)} – ${format.format(last)}` : format.formatRange(from, last);
    },
    rows: (from, to, count, truncation, limit) => {
      const cut = truncation !== null || (limit !== null && count >= limit) ? limitText(truncation, limit) : null;
      const all = from <= 1 && to === count;
      const text =
        all && cut === null
          ? words.allRows(count, integer.format(count))
          : words.rows(integer.format(from), integer.format(to), integer.format(count));
      if (cut === null) return text;
      return locale === 'zh' ? `${text}（${cut}）` : `${text} (${cut})`;
    },
  };
}
