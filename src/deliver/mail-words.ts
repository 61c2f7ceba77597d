import type { MailLocale } from './strings.ts';

/** Instants and sizes as people of a locale read them. All instants are shown in the given zone, which is named. */

const MEGABYTE = 1024 * 1024;
const KILOBYTE = 1024;

/** Intl's tags: British order of day and month for English, as report pages have it. */
export const LANGUAGE_TAGS: Readonly<Record<MailLocale, string>> = { en: 'en-GB', ru: 'ru', zh: 'zh-CN' };

export function instantText(at: Date, locale: MailLocale, timeZone: string): string {
  return formatter(locale, timeZone, true).format(at);
}

/** `[from, to)`: whole days are shown as days, the last one included; anything else to the minute. */
export function periodText(period: { from: Date; to: Date }, locale: MailLocale, timeZone: string): string {
  const { from, to } = period;
  const wholeDays = to > from && isMidnight(from, timeZone) && isMidnight(to, timeZone);
  const last = wholeDays ? new Date(to.getTime() - 1) : to;
  return plainSpaces(formatter(locale, timeZone, !wholeDays).formatRange(from, last));
}

export function sizeText(bytes: number, locale: MailLocale): string {
  const large = bytes >= MEGABYTE;
  const format = new Intl.NumberFormat(LANGUAGE_TAGS[locale], {
    style: 'unit',
    unit: large ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: large ? 1 : 0,
  });
  return plainSpaces(format.format(large ? bytes / MEGABYTE : Math.max(1, Math.round(bytes / KILOBYTE))));
}

function formatter(locale: MailLocale, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  const time = withTime ? ({ timeStyle: 'short' } as const) : {};
  return new Intl.DateTimeFormat(LANGUAGE_TAGS[locale], { dateStyle: 'medium', ...time, timeZone });
}

function isMidnight(at: Date, timeZone: string): boolean {
  const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hourCycle: 'h23', timeZone });
  return format.format(at) === '00:00:00' && at.getUTCMilliseconds() === 0;
}

/** ICU's thin and narrow spaces are boxes in some mail programs, and hard to search for. */
const plainSpaces = (text: string): string => text.replace(/[\u2009\u202f]/g, ' ');
