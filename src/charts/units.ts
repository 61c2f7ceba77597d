import type { Locale } from '../definition/definition.ts';

/**
 * What a number counts: decides how it is shortened and where axis ticks stand. `bytes` are counted in 1024s (IEC),
 * `bytes-si` and `bits` in 1000s; `ratio` is percent as 0 to 1; durations are named by the unit they are counted in.
 */
export type Unit =
  | 'bytes'
  | 'bytes-si'
  | 'bytes/s'
  | 'bits'
  | 'bits/s'
  | 'percent'
  | 'ratio'
  | Duration
  | 'per-second'
  | 'per-minute'
  | { readonly currency: string }
  | { readonly suffix: string };

type Duration = 'ns' | 'us' | 'ms' | 's' | 'min' | 'h' | 'd';

/** A unit's divisor for numbers of some size, and what is written behind the number. */
export interface UnitStep {
  readonly divisor: number;
  readonly suffix: string;
  /** ISO 4217 code of a currency, which is written where the locale writes it. */
  readonly currency?: string;
}

const WORDS: Readonly<Record<string, Unit | null>> = {
  ...{ count: null, short: null, number: null, none: null },
  ...{ bytes: 'bytes', byte: 'bytes', b: 'bytes', iec: 'bytes' },
  ...{ decbytes: 'bytes-si', 'bytes-si': 'bytes-si', si: 'bytes-si' },
  ...{ 'bytes/s': 'bytes/s', 'b/s': 'bytes/s', bps: 'bits/s', 'bit/s': 'bits/s', 'bits/s': 'bits/s' },
  ...{ bit: 'bits', bits: 'bits' },
  ...{ percent: 'percent', '%': 'percent', pct: 'percent', ratio: 'ratio', percentunit: 'ratio' },
  ...{ ns: 'ns', nanoseconds: 'ns', us: 'us', µs: 'us', μs: 'us', microseconds: 'us', ms: 'ms', milliseconds: 'ms' },
  ...{ s: 's', sec: 's', seconds: 's', duration: 's', min: 'min', minutes: 'min', h: 'h', hours: 'h', days: 'd' },
  ...{ ops: 'per-second', 'ops/s': 'per-second', 'per-second': 'per-second', '/s': 'per-second' },
  ...{ rps: 'per-second', qps: 'per-second', '/min': 'per-minute', 'per-minute': 'per-minute', rpm: 'per-minute' },
};

const CURRENCY_SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  $: 'USD',
  '£': 'GBP',
  '₽': 'RUB',
  '¥': 'CNY',
  元: 'CNY',
  '₹': 'INR',
};

const currencies = new Set(Intl.supportedValuesOf('currency'));

const NAME_HINTS: readonly (readonly [RegExp, Unit])[] = [
  [/(^|_)bytes_per_(sec|second)$/i, 'bytes/s'],
  [/(^|_)bytes$/i, 'bytes'],
  [/(^|_)(percent|pct)$|%$/i, 'percent'],
  [/(^|_)ratio$/i, 'ratio'],
  [/(^|_)(us|microseconds)$/i, 'us'],
  [/(^|_)(ms|milliseconds)$/i, 'ms'],
  [/(^|_)seconds$/i, 's'],
  [/(^|_)per_(sec|second)$/i, 'per-second'],
];

/**
 * The unit a widget or a column means: the stored word first (`bytes`, `%`, `ms`, `ops/s`, `EUR` … or any short text,
 * printed behind the number), else what the column's name ends in (`size_bytes`, `hit_percent`, `wait_ms`).
 */
export function unitOf(stored: unknown, columnName: string | null): Unit | null {
  if (typeof stored === 'string' && stored.trim() !== '') {
    const word = stored.trim();
    const lower = word.toLowerCase();
    if (Object.hasOwn(WORDS, lower)) return WORDS[lower] ?? null;
    const code = CURRENCY_SIGNS[word] ?? word;
    return currencies.has(code) ? { currency: code } : { suffix: word.slice(0, 12) };
  }
  return NAME_HINTS.find(([pattern]) => columnName !== null && pattern.test(columnName))?.[1] ?? null;
}

/** Steps of a unit: from which size on (in `per` of the unit) a word is used, and how much one of it is. */
interface Steps {
  readonly steps: readonly { readonly from: number; readonly length: number; readonly word: string }[];
  /** Of the steps' lengths, how much one of the unit is. */
  readonly one: number;
}

const PREFIXES: Readonly<Record<Locale, readonly string[]>> = {
  en: ['', 'k', 'M', 'G', 'T', 'P'],
  ru: ['', 'к', 'М', 'Г', 'Т', 'П'],
  zh: ['', 'k', 'M', 'G', 'T', 'P'],
};
const BYTE: Readonly<Record<Locale, string>> = { en: 'B', ru: 'Б', zh: 'B' };
const BIT: Readonly<Record<Locale, string>> = { en: 'bit', ru: 'бит', zh: 'bit' };
const PER_SECOND: Readonly<Record<Locale, string>> = { en: '/s', ru: '/с', zh: '/秒' };
const PER_MINUTE: Readonly<Record<Locale, string>> = { en: '/min', ru: '/мин', zh: '/分' };

/** Words of durations from nanoseconds to days. */
export const TIME_WORDS: Readonly<Record<Locale, readonly string[]>> = {
  en: ['ns', 'µs', 'ms', 's', 'min', 'h', 'd'],
  ru: ['нс', 'мкс', 'мс', 'с', 'мин', 'ч', 'д'],
  zh: ['纳秒', '微秒', '毫秒', '秒', '分', '小时', '天'],
};
const TIME_LENGTHS = [1e-6, 0.001, 1, 1000, 60_000, 3_600_000, 86_400_000] as const;
/** A step is taken from twice its length on, so that 90 s stay seconds. */
const TIME_FROM = [0, 0.001, 1, 1000, 120_000, 7_200_000, 172_800_000] as const;
const DURATIONS: Readonly<Record<Duration, number>> = {
  ns: 1e-6,
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds that one of a duration unit has; null for units of other things. */
export const durationMs = (unit: Unit | null): number | null =>
  typeof unit === 'string' && Object.hasOwn(DURATIONS, unit) ? DURATIONS[unit as Duration] : null;

function prefixed(word: string, base: 1000 | 1024, locale: Locale): Steps {
  const steps = PREFIXES[locale].map((prefix, power) => ({
    from: base ** power,
    length: base ** power,
    word:
      base === 1024 && prefix !== '' ? `${prefix.toUpperCase()}${locale === 'ru' ? 'и' : 'i'}${word}` : prefix + word,
  }));
  return { steps, one: 1 };
}

const durations = (one: number, locale: Locale): Steps => ({
  steps: TIME_LENGTHS.map((length, at) => ({ from: TIME_FROM[at] ?? 0, length, word: TIME_WORDS[locale][at] ?? '' })),
  one,
});

function stepsOf(unit: string, locale: Locale): Steps | null {
  const per = PER_SECOND[locale];
  switch (unit) {
    case 'bytes':
      return prefixed(BYTE[locale], 1024, locale);
    case 'bytes-si':
      return prefixed(BYTE[locale], 1000, locale);
    case 'bytes/s':
      return prefixed(BYTE[locale] + per, 1024, locale);
    case 'bits':
      return prefixed(BIT[locale], 1000, locale);
    case 'bits/s':
      return prefixed(BIT[locale] + per, 1000, locale);
  }
  return Object.hasOwn(DURATIONS, unit) ? durations(DURATIONS[unit as Duration], locale) : null;
}

/** How numbers up to `magnitude` are written in a unit: what to divide by, and the suffix with its space. */
export function unitStep(unit: Unit | null, magnitude: number, locale: Locale): UnitStep {
  if (unit === null) return { divisor: 1, suffix: '' };
  if (typeof unit === 'object') {
    if ('currency' in unit) return { divisor: 1, suffix: '', currency: unit.currency };
    return { divisor: 1, suffix: `\u00a0${unit.suffix}` };
  }
  const steps = stepsOf(unit, locale);
  if (steps !== null) return pickStep(steps, Math.abs(magnitude));
  if (unit === 'per-second') return { divisor: 1, suffix: PER_SECOND[locale] };
  if (unit === 'per-minute') return { divisor: 1, suffix: PER_MINUTE[locale] };
  return { divisor: unit === 'ratio' ? 0.01 : 1, suffix: locale === 'ru' ? '\u00a0%' : '%' };
}

function pickStep({ steps, one }: Steps, magnitude: number): UnitStep {
  const size = magnitude * one;
  const own = steps.find(({ length }) => length === one) ?? steps[0];
  // Next to nothing is rather said in the unit itself than in the smallest there is.
  const found = size === 0 ? own : (steps.findLast(({ from }) => size >= from) ?? steps[0]);
  return { divisor: (found?.length ?? 1) / one, suffix: `\u00a0${found?.word ?? ''}` };
}
