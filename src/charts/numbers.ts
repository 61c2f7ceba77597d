import type { Locale } from '../definition/definition.ts';
import type { Unit } from './units.ts';
import { durationMs, TIME_WORDS, unitStep } from './units.ts';

/** From here on numbers without a unit are written short: 12.5K, 12,5 тыс., 1.3万. */
const COMPACT_FROM = 10_000;
/** Ticks of an axis are round, so that they stay readable in full for longer. */
const COMPACT_AXIS_FROM = 100_000;
const LARGEST_PLAIN = 1e15;

const formats = new Map<string, Format>();

/** Intl writes a hyphen before negative numbers; print has a minus. */
const MINUS = '\u2212';

interface Format {
  readonly format: (value: number) => string;
}

function formatOf(locale: Locale, options: Intl.NumberFormatOptions): Format {
  let key: string = locale;
  for (const [name, value] of Object.entries(options)) key += ` ${name} ${value}`;
  let format = formats.get(key);
  if (format === undefined) {
    const { maximumFractionDigits: places, ...others } = options;
    const isPlain = places !== undefined && Object.keys(others).length === 0;
    format = createFormat(new Intl.NumberFormat(locale, options), isPlain ? places : -1);
    formats.set(key, format);
  }
  return format;
}

const LARGEST_KEPT = 1000;

/**
 * Small whole numbers are kept as text: they name categories, ticks and counts again and again. And where nothing is to
 * be rounded, the language writes what Intl would, but for the decimal sign.
 * @param places most decimals, where they are all that the format says; else -1.
 */
function createFormat(intl: Intl.NumberFormat, places: number): Format {
  const kept: string[] = [];
  const sign = intl.formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  const write = (value: number): string => {
    const text = intl.format(value === 0 ? 0 : value);
    return text.includes('-') ? text.replaceAll('-', MINUS) : text;
  };
  return {
    format: (value) => {
      if (!(value >= 0 && value < LARGEST_KEPT)) return write(value);
      if (!Number.isInteger(value)) {
        const text = places > 0 && value >= 1 ? String(value) : '';
        const point = text.indexOf('.');
        const isExact = point > 0 && text.length - point - 1 <= places;
        return isExact ? text.slice(0, point) + sign + text.slice(point + 1) : write(value);
      }
      kept[value] ??= write(value);
      return kept[value];
    },
  };
}

/** A number with a fixed number of decimals (0 to 20) and grouped digits. */
export const formatFixed = (value: number, decimals: number, locale: Locale, grouping = true): string =>
  formatOf(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: grouping }).format(
    value,
  );

const styleOf = (currency: string | undefined): Intl.NumberFormatOptions =>
  currency === undefined ? {} : { style: 'currency', currency, currencyDisplay: 'narrowSymbol' };

/** A number for people, with three significant digits, its unit, and short where it is large: 412, 1.24K, 3.1 GiB, 45 %. */
export function formatValue(value: number, unit: Unit | null, locale: Locale): string {
  const compound = durationInWords(value, unit, locale);
  if (compound !== null) return compound;
  const { divisor, suffix, currency } = unitStep(unit, value, locale);
  const scaled = value / divisor;
  const size = Math.abs(scaled);
  const style = styleOf(currency);
  if (size >= COMPACT_FROM && size < LARGEST_PLAIN) {
    return formatOf(locale, { ...style, notation: 'compact', maximumSignificantDigits: 3 }).format(scaled) + suffix;
  }
  if (size >= LARGEST_PLAIN || (size > 0 && size < 1e-4)) {
    return formatOf(locale, { ...style, notation: 'scientific', maximumSignificantDigits: 3 }).format(scaled) + suffix;
  }
  if (currency !== undefined && (size >= 0.01 || size === 0)) {
    const places = size >= 100 || Number.isInteger(scaled) ? 0 : 2;
    return formatOf(locale, { ...style, minimumFractionDigits: places, maximumFractionDigits: places }).format(scaled);
  }
  const isNearWhole = size > 99 && size < 100 && (unit === 'percent' || unit === 'ratio');
  const decimals = isNearWhole
    ? belowHundred(size)
    : size >= 100 || Number.isInteger(scaled)
      ? 0
      : size >= 10
        ? 1
        : size >= 1
          ? 2
          : 4;
  const options = size >= 1 ? { maximumFractionDigits: decimals } : { maximumSignificantDigits: 3 };
  return formatOf(locale, { ...style, ...options }).format(scaled) + suffix;
}

/** As many decimals as it takes for what lacks to a hundred percent to be seen. */
function belowHundred(size: number): number {
  const found = [1, 2, 3, 4].find((places) => Number(size.toFixed(places)) < 100);
  return found ?? 6;
}

const COMPOUND: readonly (readonly [length: number, word: number, small: number])[] = [
  [86_400_000, 6, 3_600_000],
  [3_600_000, 5, 60_000],
  [60_000, 4, 1000],
];

/** Two minutes and more as people say them: 2 min 5 s, 1 h 20 min, 3 d 4 h; null for anything else. */
function durationInWords(value: number, unit: Unit | null, locale: Locale): string | null {
  const size = Math.abs(value) * (durationMs(unit) ?? 0);
  const found = COMPOUND.find(([length]) => size >= length && size >= 120_000);
  if (!found || size >= 86_400_000 * 1000) return null;
  const [length, word, small] = found;
  const rounded = Math.round(size / small) * small;
  const [whole, rest] = [Math.floor(rounded / length), Math.round((rounded % length) / small)];
  const say = (count: number, at: number): string => `${formatFixed(count, 0, locale)}\u00a0${TIME_WORDS[locale][at]}`;
  const said = rest === 0 ? say(whole, word) : `${say(whole, word)}\u00a0${say(rest, word - 1)}`;
  return value < 0 ? MINUS + said : said;
}

/** Asked for most of all, by every cell and category: looked up without its name being put together. */
const exact = new Map<Locale, Format>();

/** A number with all its digits (up to six decimals): for tables, bins and alternative text. */
export function formatExact(value: number, locale: Locale): string {
  let format = exact.get(locale);
  if (format === undefined) {
    format = formatOf(locale, { maximumFractionDigits: 6 });
    exact.set(locale, format);
  }
  return format.format(value);
}

/** A share of 1 as percent: 42 %, 0.4 %, <0.1 %. */
export function formatShare(share: number, locale: Locale): string {
  const percent = formatOf(locale, { style: 'percent', maximumFractionDigits: share >= 0.01 || share === 0 ? 0 : 1 });
  return share > 0 && share < 0.001 ? `<${percent.format(0.001)}` : percent.format(share);
}

/** A relative change with its sign: +12 %, −3.4 %; more than tenfold as a factor: ×15. */
export const formatChange = (change: number, locale: Locale): string =>
  change >= 9
    ? `×${formatValue(change + 1, null, locale)}`
    : formatOf(locale, {
        style: 'percent',
        signDisplay: 'exceptZero',
        maximumFractionDigits: Math.abs(change) < 0.1 ? 1 : 0,
      }).format(change);

/** A change of a percentage, in percentage points, with its sign; three significant digits. */
export function formatPoints(points: number, locale: Locale): string {
  const size = Math.abs(points);
  const maximumFractionDigits = size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
  return formatOf(locale, { signDisplay: 'exceptZero', maximumFractionDigits }).format(points);
}

/** Formats the ticks of one axis alike: decimals as the step needs, one unit and one size word for all. */
export function tickFormat(
  step: number,
  magnitude: number,
  unit: Unit | null,
  locale: Locale,
): (value: number) => string {
  const { divisor, suffix, currency } = unitStep(unit, magnitude, locale);
  const scaledStep = Math.abs(step / divisor) || 1;
  const size = Math.abs(magnitude / divisor);
  const style = styleOf(currency);
  if (scaledStep < 1e-6 || size >= LARGEST_PLAIN) {
    const format = formatOf(locale, { ...style, notation: 'scientific', maximumSignificantDigits: 12 });
    return (value) => (value === 0 ? '0' : format.format(value / divisor) + suffix);
  }
  if (size >= COMPACT_AXIS_FROM && scaledStep >= 1)
    return compactFormat(scaledStep, size, divisor, suffix, style, locale);
  const places = placesOf(scaledStep);
  const isWord = suffix.startsWith('\u00a0') && !suffix.endsWith('%');
  const format = formatOf(locale, { ...style, minimumFractionDigits: places, maximumFractionDigits: places });
  return (value) => (value === 0 && isWord ? '0' : format.format(value / divisor) + suffix);
}

/** Decimals that all multiples of a round step need. */
function placesOf(step: number): number {
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const fits = (places: number): boolean => Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) < 1e-6;
  return fits(decimals) ? decimals : decimals + 1;
}

/** 0, 0.5M, 1.0M, 1.5M: one word of size on the whole axis, which Intl alone would choose anew for each tick. */
function compactFormat(
  step: number,
  size: number,
  divisor: number,
  suffix: string,
  style: Intl.NumberFormatOptions,
  locale: Locale,
): (value: number) => string {
  const base = locale === 'zh' ? 4 : 3;
  const power = Math.floor(Math.log10(size) / base + 1e-9) * base;
  const places = placesOf(step / 10 ** power);
  const options = { ...style, minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: false };
  const [word, plain] = [sizeWord(power, locale), formatOf(locale, options)];
  return (value) => {
    if (value === 0) return '0';
    const text = plain.format(value / divisor / 10 ** power);
    // The word belongs to the number: before a currency that follows it.
    const last = text.search(/\d(?!.*\d)/) + 1;
    return text.slice(0, last) + word + text.slice(last) + suffix;
  };
}

/** What a locale writes for a power of ten, with its space: K, тыс., 万. */
function sizeWord(power: number, locale: Locale): string {
  const parts = new Intl.NumberFormat(locale, { notation: 'compact' }).formatToParts(10 ** power);
  const word = parts.find(({ type }) => type === 'compact')?.value ?? '';
  return locale === 'ru' ? `\u00a0${word}` : word;
}
