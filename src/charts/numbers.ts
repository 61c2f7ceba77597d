import type { Locale } from '../definition/definition.ts';
import type { Unit } from './units.ts';
import { unitStep } from './units.ts';

/** From here on numbers without a unit are written short: 12.5K, 12,5 тыс., 1.3万. */
const COMPACT_FROM = 10_000;
const LARGEST_PLAIN = 1e15;

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify([locale, options]);
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** A number with a fixed number of decimals (0 to 20) and grouped digits. */
export const formatFixed = (value: number, decimals: number, locale: Locale, grouping = true): string =>
  formatOf(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: grouping }).format(
    value === 0 ? 0 : value,
  );

/** A number for people, with three significant digits, its unit, and short where it is large: 412, 1.24K, 3.1 GiB, 45 %. */
export function formatValue(value: number, unit: Unit | null, locale: Locale): string {
  const { divisor, suffix } = unitStep(unit, value, locale);
  const scaled = value / divisor;
  const size = Math.abs(scaled);
  if (size >= COMPACT_FROM && size < LARGEST_PLAIN) {
    const options = { notation: 'compact', maximumSignificantDigits: 3 } as const;
    return formatOf(locale, options).format(scaled) + suffix;
  }
  if (size >= LARGEST_PLAIN || (size > 0 && size < 1e-4)) {
    return formatOf(locale, { notation: 'scientific', maximumSignificantDigits: 3 }).format(scaled) + suffix;
  }
  const decimals = size >= 100 || Number.isInteger(scaled) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4;
  const options = size >= 1 ? { maximumFractionDigits: decimals } : { maximumSignificantDigits: 3 };
  return formatOf(locale, options).format(scaled === 0 ? 0 : scaled) + suffix;
}

/** A number with all its digits (up to six decimals) and its unit: for tables and alternative text. */
export function formatExact(value: number, locale: Locale): string {
  return formatOf(locale, { maximumFractionDigits: 6 }).format(value === 0 ? 0 : value);
}

/** A share of 1 as percent: 42 %, 0.4 %, <0.1 %. */
export function formatShare(share: number, locale: Locale): string {
  const percent = formatOf(locale, { style: 'percent', maximumFractionDigits: share >= 0.01 || share === 0 ? 0 : 1 });
  return share > 0 && share < 0.001 ? `<${percent.format(0.001)}` : percent.format(share);
}

/** A relative change with its sign: +12 %, −3.4 %. */
export const formatChange = (change: number, locale: Locale): string =>
  formatOf(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: Math.abs(change) < 0.1 ? 1 : 0,
  }).format(change);

/** Formats the ticks of one axis alike: decimals as the step needs, one unit for all. */
export function tickFormat(
  step: number,
  magnitude: number,
  unit: Unit | null,
  locale: Locale,
): (value: number) => string {
  const { divisor, suffix } = unitStep(unit, magnitude, locale);
  const scaledStep = Math.abs(step / divisor) || 1;
  const size = Math.abs(magnitude / divisor);
  if (scaledStep < 1e-6 || size >= LARGEST_PLAIN) {
    const format = formatOf(locale, { notation: 'scientific', maximumSignificantDigits: 12 });
    return (value) => (value === 0 ? '0' : format.format(value / divisor) + suffix);
  }
  if (size >= COMPACT_FROM && scaledStep >= 1) {
    const format = formatOf(locale, { notation: 'compact', maximumSignificantDigits: 4 });
    return (value) => (value === 0 ? '0' : format.format(value / divisor) + suffix);
  }
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(scaledStep) + 1e-9)));
  const fits = (places: number): boolean =>
    Math.abs(scaledStep * 10 ** places - Math.round(scaledStep * 10 ** places)) < 1e-6;
  const places = fits(decimals) ? decimals : decimals + 1;
  const isWord = suffix.startsWith('\u00a0') && !suffix.endsWith('%');
  return (value) => (value === 0 && isWord ? '0' : formatFixed(value / divisor, places, locale) + suffix);
}
