import cronstrueModule from 'cronstrue/i18n.js';

/** The module's own exports, which its types take for its default: `toString` is on both, whoever loads it. */
const cronstrue = cronstrueModule as unknown as typeof cronstrueModule.default;

type Locale = 'en' | 'ru' | 'zh';

interface Words {
  readonly cronstrueLocale: string;
  /** cronstrue's "only" before a lone weekday: wrong once the day of the month fires as well. */
  readonly only: RegExp;
  readonly or: string;
  readonly andOnly: string;
  readonly separator: string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  en: { cronstrueLocale: 'en', only: /^only /, or: ' or ', andOnly: ', but only ', separator: ', ' },
  ru: { cronstrueLocale: 'ru', only: /^только /, or: ' или ', andOnly: ', но только ', separator: ', ' },
  zh: { cronstrueLocale: 'zh_CN', only: /^仅/, or: '或', andOnly: ', 且仅限', separator: ', ' },
};

const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * A valid interval as a sentence: "At 09:00, Monday through Friday". Where both day fields are restricted, cronstrue
 * says "and" though either of them fires, so that sentence is put together here. What nobody can put in words is
 * answered as the pattern itself.
 */
export function intervalInWords(interval: string, locale: Locale): string {
  const words = WORDS[locale];
  const pattern = NICKNAMES[interval.trim().toLowerCase()] ?? interval.trim();
  try {
    return describeFields(pattern.split(/\s+/), words);
  } catch {
    return interval;
  }
}

function describeFields(fields: readonly string[], words: Words): string {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = fields.map((field) =>
    field === '?' ? '*' : field,
  );
  const inWords = (...parts: string[]): string =>
    cronstrue.toString(parts.join(' '), { locale: words.cronstrueLocale, use24HourTimeFormat: true });
  const both = weekday.startsWith('+');
  const weekdays = both ? weekday.slice(1) : weekday;
  if (day === '*' || weekdays === '*') return inWords(minute, hour, day, month, weekdays);

  const time = inWords(minute, hour, '*', '*', '*');
  const clause = (sentence: string): string =>
    sentence.startsWith(`${time}${words.separator}`) ? sentence.slice(time.length + words.separator.length) : sentence;
  const days = clause(inWords(minute, hour, day, '*', '*'));
  const onWeekdays = clause(inWords(minute, hour, '*', '*', weekdays)).replace(words.only, '');
  const months = month === '*' ? [] : [clause(inWords(minute, hour, '*', month, '*'))];
  return [time, `${days}${both ? words.andOnly : words.or}${onWeekdays}`, ...months].join(words.separator);
}
