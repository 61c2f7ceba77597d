import type { Locale } from '../definition/definition.ts';

/** What a number counts: decides how it is shortened and where axis ticks stand. `ratio` is percent as 0 to 1. */
export type Unit = 'bytes' | 'percent' | 'ratio' | 'ms' | 's' | 'per-second' | { readonly suffix: string };

/** A unit's divisor for numbers of some size, and what is written behind the number. */
export interface UnitStep {
  readonly divisor: number;
  readonly suffix: string;
}

const WORDS: Readonly<Record<string, Unit>> = {
  bytes: 'bytes',
  byte: 'bytes',
  b: 'bytes',
  percent: 'percent',
  '%': 'percent',
  pct: 'percent',
  ratio: 'ratio',
  percentunit: 'ratio',
  ms: 'ms',
  milliseconds: 'ms',
  s: 's',
  sec: 's',
  seconds: 's',
  duration: 's',
  ops: 'per-second',
  'ops/s': 'per-second',
  'per-second': 'per-second',
  '/s': 'per-second',
  rps: 'per-second',
  qps: 'per-second',
};

const NAME_HINTS: readonly (readonly [RegExp, Unit])[] = [
  [/(^|_)bytes$/i, 'bytes'],
  [/(^|_)(percent|pct)$|%$/i, 'percent'],
  [/(^|_)ratio$/i, 'ratio'],
  [/(^|_)(ms|milliseconds)$/i, 'ms'],
  [/(^|_)seconds$/i, 's'],
  [/(^|_)per_(sec|second)$/i, 'per-second'],
];

/**
 * The unit a widget or a column means: the stored word first (`bytes`, `%`, `ms`, `ops/s` … or any short text, printed
 * behind the number), else what the column's name ends in (`size_bytes`, `hit_percent`, `wait_ms`).
 */
export function unitOf(stored: unknown, columnName: string | null): Unit | null {
  if (typeof stored === 'string' && stored.trim() !== '') {
    const word = stored.trim();
    return Object.hasOwn(WORDS, word.toLowerCase())
      ? (WORDS[word.toLowerCase()] ?? null)
      : { suffix: word.slice(0, 12) };
  }
  return NAME_HINTS.find(([pattern]) => columnName !== null && pattern.test(columnName))?.[1] ?? null;
}

type StepWords = readonly (readonly [number, string])[];

const BYTE_WORDS: Readonly<Record<Locale, readonly string[]>> = {
  en: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'],
  ru: ['Б', 'КиБ', 'МиБ', 'ГиБ', 'ТиБ', 'ПиБ'],
  zh: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'],
};

const TIME_WORDS: Readonly<Record<Locale, readonly [string, string, string, string, string, string]>> = {
  en: ['µs', 'ms', 's', 'min', 'h', 'd'],
  ru: ['мкс', 'мс', 'с', 'мин', 'ч', 'д'],
  zh: ['微秒', '毫秒', '秒', '分', '小时', '天'],
};

const PER_SECOND: Readonly<Record<Locale, string>> = { en: '/s', ru: '/с', zh: '/秒' };

const byteSteps = (locale: Locale): StepWords =>
  BYTE_WORDS[locale].map((word, power) => [1024 ** power, word] as const);

/** Steps of durations counted in milliseconds; a step is taken from twice its length on, so that 90 s stay seconds. */
const timeSteps = (locale: Locale): StepWords => {
  const [micro, milli, second, minute, hour, day] = TIME_WORDS[locale];
  return [
    [0.001, micro],
    [1, milli],
    [1000, second],
    [120_000, minute],
    [7_200_000, hour],
    [172_800_000, day],
  ];
};

const TIME_DIVISORS: Readonly<Record<number, number>> = { 120000: 60_000, 7200000: 3_600_000, 172800000: 86_400_000 };

/** How numbers up to `magnitude` are written in a unit: what to divide by, and the suffix with its space. */
export function unitStep(unit: Unit | null, magnitude: number, locale: Locale): UnitStep {
  const size = Math.abs(magnitude);
  if (unit === null) return { divisor: 1, suffix: '' };
  if (typeof unit === 'object') return { divisor: 1, suffix: `\u00a0${unit.suffix}` };
  switch (unit) {
    case 'percent':
      return { divisor: 1, suffix: locale === 'ru' ? '\u00a0%' : '%' };
    case 'ratio':
      return { divisor: 0.01, suffix: locale === 'ru' ? '\u00a0%' : '%' };
    case 'per-second':
      return { divisor: 1, suffix: PER_SECOND[locale] };
    case 'bytes':
      return pickStep(byteSteps(locale), size, 1);
    case 'ms':
      return pickStep(timeSteps(locale), size, 1);
    case 's':
      return pickStep(timeSteps(locale), size * 1000, 1000);
  }
}

function pickStep(steps: StepWords, size: number, perUnit: number): UnitStep {
  const fallback = steps.find(([length]) => length === 1) ?? steps[0] ?? ([1, ''] as const);
  const [length, word] = size === 0 ? fallback : (steps.findLast(([from]) => size >= from) ?? steps[0] ?? fallback);
  return { divisor: (TIME_DIVISORS[length] ?? length) / perUnit, suffix: `\u00a0${word}` };
}
