import type { Column, Rows, Value } from '../rows/rows.ts';
import { formatStamp } from './dates.ts';
import type { ChartEnvironment } from './environment.ts';
import { numberOf } from './mappings.ts';
import type { ColumnSettings } from './table-settings.ts';
import { unitOf, unitStep } from './units.ts';
import { chartWords } from './words.ts';

/** How the values of one column are printed, alike from top to bottom. */
interface CellFormat {
  readonly format: (value: Value) => string;
  /** The unit that the heading says for all cells; null = none. */
  readonly unit: string | null;
}

const SAMPLE = 2000;
const MOST_DECIMALS = 6;
const DAY = 86_400_000;
const NOTHING = '–';

/** Years and identifiers are numbers nobody groups. */
const UNGROUPED = /(^|_| )(year|id|pid|port|oid|no|code|zip|год|код|номер)$|Id$|(编号|代码|邮编|年份|年)$/;

type Given = Exclude<Value, null>;
type FormatMaker = (input: {
  readonly rows: Rows;
  readonly index: number;
  readonly column: Column;
  /** Values of an even sample of the rows; the same for the same rows. */
  readonly sample: readonly Given[];
  readonly settings: ColumnSettings | null;
  readonly env: ChartEnvironment;
}) => { readonly format: (value: Given) => string; readonly unit?: string };

export function cellFormat(
  rows: Rows,
  index: number,
  settings: ColumnSettings | null,
  env: ChartEnvironment,
): CellFormat {
  const column = rows.columns[index] ?? { name: '', type: 'text' };
  const step = Math.max(1, Math.ceil(rows.values.length / SAMPLE));
  const sample: Given[] = [];
  for (let row = 0; row < rows.values.length; row += step) {
    const value = rows.values[row]?.[index] ?? null;
    if (value !== null) sample.push(value);
  }
  const { format, unit = null } = FORMATS[column.type]({ rows, index, column, sample, settings, env });
  return { format: (value) => (value === null ? NOTHING : format(value)), unit };
}

const FORMATS: Readonly<Record<Column['type'], FormatMaker>> = {
  number: ({ rows, index, column, sample, settings, env }) => {
    const magnitude = sample.reduce<number>((most, value) => Math.max(most, Math.abs(numberOf(value) ?? 0)), 0);
    const { divisor, suffix, currency } = unitStep(unitOf(settings?.unit ?? null, null), magnitude, env.locale);
    const decimals =
      settings?.decimals ?? (divisor === 1 ? mostDecimals(rows, index) : fittingDecimals(magnitude / divisor));
    const grouping = settings?.grouping ?? !UNGROUPED.test(column.name);
    const print = fixedFormat(decimals, env.locale, grouping);
    const printExact = exactFormat(decimals, env.locale, grouping);
    const isWord = /^\s/.test(suffix) && !suffix.endsWith('%');
    const tail = isWord ? '' : suffix;
    return {
      format: (value) => {
        const number = numberOf(value);
        if (number === null) return typeof value === 'number' ? unusual(value, env.locale) : String(value);
        // A decimal string beyond a double's digits keeps all of them.
        const exact = typeof value === 'string' && divisor === 1 && value.replace(/\D/g, '').length > 15;
        const sign = settings?.sign === true && number > 0 ? '+' : '';
        return sign + (exact ? printExact(value) : print(number / divisor) + tail);
      },
      ...(currency === undefined ? {} : { unit: settings?.unit?.trim() ?? currency }),
      ...(isWord ? { unit: suffix.trim() } : {}),
    };
  },
  text: () => ({ format: String }),
  json: () => ({ format: String }),
  boolean: ({ env }) => {
    const words = chartWords(env.locale);
    return { format: (value) => (value === true || value === 'true' ? words.yes : words.no) };
  },
  date: ({ env }) => ({ format: stamp('UTC', env, 'day') }),
  time: ({ sample, env }) => {
    const instants = sample.filter((value) => typeof value === 'number');
    const seconds = instants.some((instant) => instant % 60_000 !== 0);
    const midnights = env.timeZone === 'UTC' && instants.every((instant) => instant % DAY === 0);
    return { format: stamp(env.timeZone, env, seconds ? 'second' : midnights ? 'day' : 'minute') };
  },
};

/** A Date holds nothing further from 1970 (ECMA-262 §21.4.1.1); databases do. */
const LAST_INSTANT = 8.64e15;

const stamp =
  (zone: string, env: ChartEnvironment, precision: 'day' | 'minute' | 'second'): ((value: Given) => string) =>
  (value) =>
    typeof value === 'number' && Math.abs(value) <= LAST_INSTANT
      ? formatStamp(value, zone, env.locale, precision)
      : String(value);

const MINUS = '\u2212';
const LARGEST_GROUPED = 1e15;

const PLAIN_DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)$/;

/** Decimal strings with all their digits, which Intl keeps of a string; in the marks of the language. */
function exactFormat(decimals: number, locale: string, grouping: boolean): (value: string) => string {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: 100, useGrouping: grouping };
  let intl: Intl.NumberFormat | undefined;
  return (value) => {
    const text = value.trim();
    if (!PLAIN_DECIMAL.test(text)) return value;
    intl ??= new Intl.NumberFormat(locale, options);
    return intl.format(text as Intl.StringNumericLiteral).replaceAll('-', MINUS);
  };
}

/** What no column of digits can hold: infinities, and doubles near their end. */
function unusual(value: number, locale: string): string {
  if (Number.isNaN(value)) return NOTHING;
  return new Intl.NumberFormat(locale, { notation: 'scientific', maximumSignificantDigits: 15 })
    .format(value)
    .replaceAll('-', MINUS);
}

/** Intl's marks around digits of our own: a long table formats a number in a fifth of Intl's time. */
function fixedFormat(decimals: number, locale: string, grouping: boolean): (value: number) => string {
  const intl = new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: grouping,
  });
  const parts = intl.formatToParts(1_234_567.5);
  const group = grouping ? (parts.find(({ type }) => type === 'group')?.value ?? '') : '';
  const point = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  return (value) => {
    const size = Math.abs(value);
    if (!(size < LARGEST_GROUPED)) return intl.format(value).replaceAll('-', MINUS);
    const digits = size.toFixed(decimals);
    const whole = decimals === 0 ? digits : digits.slice(0, -decimals - 1);
    let text = whole.length > 3 && group !== '' ? grouped(whole, group) : whole;
    if (decimals > 0) text += point + digits.slice(-decimals);
    return value < 0 && Number(digits) !== 0 ? MINUS + text : text;
  };
}

function grouped(whole: string, group: string): string {
  let end = whole.length - 3;
  let text = whole.slice(end);
  for (; end > 3; end -= 3) text = whole.slice(end - 3, end) + group + text;
  return whole.slice(0, end) + group + text;
}

/** Three digits of the largest number; the smaller ones share its decimals. */
const fittingDecimals = (largest: number): number => (largest >= 100 ? 0 : largest >= 10 ? 1 : 2);

/** Decimals that all values of a column need, up to six: every row is looked at, for the rare ones count too. */
function mostDecimals(rows: Rows, index: number): number {
  let most = 0;
  for (const row of rows.values) {
    if (most === MOST_DECIMALS) break;
    const value = row[index] ?? null;
    if (value !== null && !hasDecimals(value, most)) most = Math.max(most, decimalsOf(value));
  }
  return most;
}

/** True for a double that is whole when multiplied by a power of ten, but for its rounding. */
function hasDecimals(value: Given, decimals: number): boolean {
  if (typeof value !== 'number') return false;
  const scaled = value * 10 ** decimals;
  return Math.abs(scaled - Math.round(scaled)) <= Math.abs(scaled) * 1e-10;
}

function decimalsOf(value: Given): number {
  const number = numberOf(value);
  if (number === null) return 0;
  const text = typeof value === 'string' ? value.trim() : String(Number(number.toPrecision(10)));
  const decimals = /^[-+]?\d*\.(\d+)$/.exec(text)?.[1]?.length ?? (Number.isInteger(number) ? 0 : MOST_DECIMALS);
  return Math.min(MOST_DECIMALS, decimals);
}
