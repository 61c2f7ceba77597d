import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExact, formatValue } from '../../src/charts/numbers.ts';

describe('numbers for people', () => {
  it.each(['en', 'ru', 'zh'] as const)('are written as Intl writes them, in %s', (locale) => {
    const byPlaces = (places: number): Intl.NumberFormat =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: places });
    const [exact, plain] = [byPlaces(6), [byPlaces(0), byPlaces(1), byPlaces(2)]];
    const said = (format: Intl.NumberFormat | undefined, value: number): string =>
      (format?.format(value) ?? '').replaceAll('-', '−');
    fc.assert(
      fc.property(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.integer({ min: 0, max: 9 }), (digits, places) => {
        const value = digits / 10 ** places || 0;
        expect(formatExact(value, locale)).toBe(said(exact, value));
        const size = Math.abs(value);
        if (size < 1 || size >= 1000) return;
        const decimals = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
        expect(formatValue(value, null, locale)).toBe(said(plain[decimals], value));
      }),
    );
  });
});
