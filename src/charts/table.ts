import type { Column, Rows, Value } from '../rows/rows.ts';
import type { Content, TableColumn, TableContent } from './content.ts';
import { formatStamp } from './dates.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { feedingSeries, numberOf, readMappings } from './mappings.ts';
import { emptyNotice, noColumnNotice } from './notices.ts';
import { formatFixed } from './numbers.ts';
import { chartWords } from './words.ts';

const SAMPLE = 2000;
const MOST_DECIMALS = 6;
const LONGEST_CELL = 2000;
const NOTHING = '–';
const DAY = 86_400_000;

/** The rows of one series, all columns or those of `mappings.fields`, each formatted alike from top to bottom. */
export const table: WidgetKindMaker = (widget, series, env): Content => {
  const feeding = feedingSeries(widget, series);
  if (!feeding || feeding.rows.values.length === 0) return emptyNotice(series, env);
  const { rows, name } = feeding;
  const { fields } = readMappings(widget);
  const chosen = rows.columns.map((column, index) => ({ index, label: column.name }));
  const mapped = fields.flatMap(({ key, label }) => {
    const index = rows.columns.findIndex((column) => column.name === key);
    return index < 0 ? [] : [{ index, label }];
  });
  if (fields.length > 0 && mapped.length === 0) return noColumnNotice(fields[0]?.key ?? '', env);
  const used = fields.length > 0 ? mapped : chosen;
  const columns = used.map(({ index, label }) => columnOf(rows, index, label, env));
  const words = chartWords(env.locale);
  const count = formatFixed(rows.values.length, 0, env.locale);
  const title = widget.heading ? `${widget.heading}. ` : '';
  return {
    kind: 'table',
    columns,
    rows: rows.values.map((row) => used.map(({ index }) => row[index] ?? null)),
    truncation: rows.truncation,
    limit: widget.series.find((one) => one.name === name)?.query?.limit ?? null,
    alt: `${title}${words.charts.table}, ${words.tableOf(columns.length, count)}`,
  } satisfies TableContent;
};

function columnOf(rows: Rows, index: number, label: string, env: ChartEnvironment): TableColumn {
  const column = rows.columns[index] ?? { name: label, type: 'text' };
  const format = FORMATS[column.type](column, rows, index, env);
  return {
    label,
    key: column.name,
    type: column.type,
    align: column.type === 'number' ? 'right' : 'left',
    format: (value) => (value === null ? NOTHING : format(value)),
  };
}

type CellFormat = (value: Exclude<Value, null>) => string;
type FormatMaker = (column: Column, rows: Rows, index: number, env: ChartEnvironment) => CellFormat;

const sampleOf = (rows: Rows, index: number): readonly Value[] =>
  rows.values.slice(0, SAMPLE).flatMap((row) => row[index] ?? []);

const FORMATS: Readonly<Record<Column['type'], FormatMaker>> = {
  number: (column, rows, index, env) => {
    const decimals = Math.max(0, ...sampleOf(rows, index).map(decimalsOf));
    // Years and identifiers are numbers nobody groups.
    const grouping = !/(^|_)(year|id|pid|port|oid|год)$/i.test(column.name);
    return (value) => {
      const number = numberOf(value);
      if (number === null) return shorten(String(value));
      // A decimal string beyond a double's digits is printed as it came.
      const exact = typeof value === 'string' && value.replace(/\D/g, '').length > 15;
      return exact ? value : formatFixed(number, decimals, env.locale, grouping);
    };
  },
  text: () => (value) => shorten(String(value)),
  json: () => (value) => shorten(String(value)),
  boolean: (_column, _rows, _index, env) => {
    const words = chartWords(env.locale);
    return (value) => (value === true || value === 'true' ? words.yes : words.no);
  },
  date: (_column, _rows, _index, env) => stamp('UTC', env, 'day'),
  time: (_column, rows, index, env) => {
    const instants = sampleOf(rows, index).filter((value) => typeof value === 'number');
    const seconds = instants.some((instant) => instant % 60_000 !== 0);
    const midnights = env.timeZone === 'UTC' && instants.every((instant) => instant % DAY === 0);
    return stamp(env.timeZone, env, seconds ? 'second' : midnights ? 'day' : 'minute');
  },
};

const stamp =
  (zone: string, env: ChartEnvironment, precision: 'day' | 'minute' | 'second'): CellFormat =>
  (value) =>
    typeof value === 'number' ? formatStamp(value, zone, env.locale, precision) : shorten(String(value));

function decimalsOf(value: Value): number {
  const number = numberOf(value);
  if (number === null || Number.isInteger(number)) return 0;
  const text = typeof value === 'string' ? value : String(Number(number.toPrecision(10)));
  return Math.min(MOST_DECIMALS, /\.(\d+)/.exec(text)?.[1]?.length ?? MOST_DECIMALS);
}

const shorten = (text: string): string => (text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text);
