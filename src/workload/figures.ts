import type { Locale } from '../definition/definition.ts';

const TAGS: Readonly<Record<Locale, string>> = { en: 'en-US', ru: 'ru-RU', zh: 'zh-CN' };
/** Dates are written as everywhere on a page: day before month, hours from 0 to 23. */
const DATE_TAGS: typeof TAGS = { ...TAGS, en: 'en-GB' };
const SIGNIFICANT = 3;
const WHOLE_FROM = 100;

const formats = new Map<string, Intl.NumberFormat>();

/** With a minus sign that is as wide as a plus, as everywhere on a page. */
function numberText(value: number, locale: Locale, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify([locale, options]);
  const format = formats.get(key) ?? new Intl.NumberFormat(TAGS[locale], options);
  formats.set(key, format);
  return format.format(value).replace(/^-/, '−');
}

/** A figure for people: whole from 100, below that three significant digits; an en dash for none. */
export function figure(value: number | null, locale: Locale): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const isWhole = Math.abs(value) >= WHOLE_FROM || Number.isInteger(value);
  const options = isWhole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: SIGNIFICANT };
  return numberText(value, locale, options);
}

/** A share of 0 to 1 as percent. */
export const percent = (share: number | null, locale: Locale): string =>
  share === null || !Number.isFinite(share)
    ? '–'
    : numberText(share, locale, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 });

/** Units as the headings of tables and charts have them, where English has longer words. */
const SYMBOLS: Readonly<Record<string, string>> = { sec: 's', hr: 'h' };

/** Seconds as people say them: milliseconds below one second, else seconds, minutes or hours. */
export function duration(seconds: number | null, locale: Locale): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–';
  const [value, unit] =
    seconds < 1
      ? ([seconds * 1000, 'millisecond'] as const)
      : seconds < 600
        ? ([seconds, 'second'] as const)
        : seconds < 36_000
          ? ([seconds / 60, 'minute'] as const)
          : ([seconds / 3600, 'hour'] as const);
  const text = numberText(value, locale, { style: 'unit', unit, maximumSignificantDigits: SIGNIFICANT });
  return text.replace(/(?:sec|hr)$/, (word) => SYMBOLS[word] ?? word);
}

/** Bytes in powers of 1000, as every volume is in a workload report. */
export function volume(bytes: number | null, locale: Locale): string {
  if (bytes === null || !Number.isFinite(bytes)) return '–';
  if (bytes === 0) return '0';
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(bytes))) / 3)));
  const options = { style: 'unit', unit: units[step] ?? 'byte', maximumSignificantDigits: SIGNIFICANT } as const;
  return numberText(bytes / 1000 ** step, locale, options);
}

/** An instant of the server's clock in the report's zone, to the second. */
export function instantText(at: number, locale: Locale, timeZone: string): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat(DATE_TAGS[locale], options).format(at);
}

/** A change of a level with its sign: `+1.2 MB`; a dash for none known, 0 without a sign. */
export function signed(value: number | null, print: (value: number) => string): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return value > 0 ? `+${print(value)}` : print(value);
}

/** An instant without year and seconds, for narrow columns. */
export const momentText = (at: number, locale: Locale, timeZone: string): string =>
  new Intl.DateTimeFormat(DATE_TAGS[locale], {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(at);
