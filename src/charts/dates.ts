import type { Locale } from '../definition/definition.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** English dates are written day before month, as most of the world reads them. */
const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', ru: 'ru', zh: 'zh-CN' };

/** One part or combination of parts of an instant, as `options` of Intl name them. */
export function formatInstant(
  instant: number,
  zone: string,
  locale: Locale,
  options: Intl.DateTimeFormatOptions,
): string {
  return formatOf(zone, locale, options)
    .format(instant)
    .replace(/\s?г\./g, '');
}

/** Kept, for making one takes a hundred times as long as using it; there are few of them per zone. */
function formatOf(zone: string, locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, zone, options]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: zone, hourCycle: 'h23' });
    formats.set(key, format);
  }
  return format;
}

export const formatClock = (instant: number, zone: string, locale: Locale, seconds = false): string =>
  formatInstant(instant, zone, locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
  });

/** 3 May, 3 мая, 5月3日. */
export const formatDay = (instant: number, zone: string, locale: Locale): string =>
  formatInstant(instant, zone, locale, { day: 'numeric', month: locale === 'en' ? 'short' : 'long' });

/** 3 May 2026, 3 мая 2026, 2026年5月3日. */
export const formatDate = (instant: number, zone: string, locale: Locale): string =>
  formatInstant(instant, zone, locale, { day: 'numeric', month: locale === 'en' ? 'short' : 'long', year: 'numeric' });

/** May 2026, май 2026, 2026年5月. */
export const formatMonth = (instant: number, zone: string, locale: Locale): string =>
  formatInstant(instant, zone, locale, { month: locale === 'en' ? 'short' : 'long', year: 'numeric' });

/** May, май, 5月. */
export const formatMonthName = (instant: number, zone: string, locale: Locale): string =>
  formatInstant(instant, zone, locale, { month: 'short' }).replace(/\.$/, '');

export const formatYear = (instant: number, zone: string, locale: Locale): string =>
  formatInstant(instant, zone, locale, { year: 'numeric' });

/** A stretch of time in words, as short as it stays clear: 1–31 May 2026. */
export function formatSpan(from: number, to: number, zone: string, locale: Locale): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: locale === 'en' ? 'short' : 'long',
    year: 'numeric',
  };
  const withClock: Intl.DateTimeFormatOptions = { ...options, hour: '2-digit', minute: '2-digit' };
  const short = to - from < 2 * 86_400_000;
  const key = `${from} ${to} ${zone} ${locale}`;
  let span = spans.get(key);
  if (span === undefined) {
    const format = formatOf(zone, locale, short ? withClock : options);
    // The range pattern of Chinese falls back to bare numbers.
    const isRange = locale === 'zh' && !short && format.format(from) !== format.format(to);
    span = (isRange ? `${format.format(from)} – ${format.format(to)}` : format.formatRange(from, to))
      .replace(/\s?г\./g, '')
      .replace(/\u2009/g, ' ');
    if (spans.size >= MAX_SPANS) spans.clear();
    spans.set(key, span);
  }
  return span;
}

/** Charts of one report share theirs, and ranges are slow to format. */
const MAX_SPANS = 100;
const spans = new Map<string, string>();

/** Day and time in digits for table cells: 2026-05-03 14:05, 03.05.2026 14:05. */
export function formatStamp(
  instant: number,
  zone: string,
  locale: Locale,
  precision: 'day' | 'minute' | 'second',
): string {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const day =
    locale === 'ru'
      ? formatInstant(instant, zone, locale, digits)
      : formatInstant(instant, zone, 'en', digits).split('/').reverse().join('-');
  return precision === 'day' ? day : `${day} ${formatClock(instant, zone, locale, precision === 'second')}`;
}
