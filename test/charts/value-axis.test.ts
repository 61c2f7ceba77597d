import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChange, formatPoints, formatShare, formatValue } from '../../src/charts/numbers.ts';
import type { Unit } from '../../src/charts/units.ts';
import { unitOf } from '../../src/charts/units.ts';
import { valueRange, valueTicks } from '../../src/charts/value-axis.ts';
import type { Locale } from '../../src/definition/definition.ts';

const labels = (min: number, max: number, unit: Unit | null = null, locale: Locale = 'en', length = 150) =>
  valueTicks({ type: 'value', min, max, unit, locale }, length).labels;

describe('value axis', () => {
  it('stands on round numbers of the unit people read', () => {
    expect(labels(0, 412)).toEqual(['0', '100', '200', '300', '400', '500']);
    expect(labels(0, 1.7 * 2 ** 30, 'bytes', 'ru')).toEqual([
      '0',
      '0,5\u00a0ГиБ',
      '1,0\u00a0ГиБ',
      '1,5\u00a0ГиБ',
      '2,0\u00a0ГиБ',
    ]);
    expect(labels(0, 350_000, 'ms')).toEqual(['0', '2\u00a0min', '4\u00a0min', '6\u00a0min']);
    expect(labels(0, 0.93, 'ratio')).toEqual(['0%', '20%', '40%', '60%', '80%', '100%']);
    expect(labels(0, 42e6, null, 'zh')).toEqual(['0', '1000万', '2000万', '3000万', '4000万', '5000万']);
    expect(labels(-12, 10)).toEqual(['−15', '−10', '−5', '0', '5', '10']);
  });

  it('encloses all values with ascending, distinct, labelled ticks', () => {
    const unit = fc.constantFrom<Unit | null>(null, 'bytes', 'ms', 's', 'ratio', 'percent', 'per-second');
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(number, number, unit, fc.integer({ min: 40, max: 500 }), (a, b, of, length) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(max - min > Math.max(1e-200, Math.abs(max), Math.abs(min)) * 1e-6);
        const ticks = valueTicks({ type: 'value', min, max, unit: of, locale: 'en' }, length);
        const slack = (max - min) * 1e-6;
        expect(ticks.domain[0]).toBeLessThanOrEqual(min + slack);
        expect(ticks.domain[1]).toBeGreaterThanOrEqual(max - slack);
        expect(ticks.values.length).toBeGreaterThanOrEqual(2);
        expect(ticks.values.length).toBeLessThanOrEqual(Math.max(4, length / 10));
        expect(new Set(ticks.labels).size).toBe(ticks.labels.length);
      }),
      {
        examples: [
          [-2.0000000000000002e-21, 2.0000000020000003e-12, 'ratio', 40],
          [-1, 38, null, 40],
        ],
      },
    );
  });

  it('starts at zero unless lines would be flat', () => {
    expect(valueRange([20, 100], false)).toEqual([0, 100]);
    expect(valueRange([99.1, 99.9], false)).toEqual([99.1, 99.9]);
    expect(valueRange([99.1, 99.9], true)).toEqual([0, 99.9]);
    expect(valueRange([5, 5], false)).toEqual([0, 5]);
    expect(valueRange([-3, -8], true)).toEqual([-8, 0]);
    expect(valueRange([], true)).toEqual([0, 1]);
  });
});

describe('numbers for people', () => {
  it('are short, with units, in the locale', () => {
    expect(formatValue(1234, null, 'en')).toBe('1,234');
    expect(formatValue(12_345, null, 'ru')).toBe('12,3\u00a0тыс.');
    expect(formatValue(3.3 * 2 ** 30, 'bytes', 'en')).toBe('3.3\u00a0GiB');
    expect(formatValue(90, 's', 'en')).toBe('90\u00a0s');
    expect(formatValue(0.0042, 's', 'en')).toBe('4.2\u00a0ms');
    expect(formatValue(-0, null, 'en')).toBe('0');
    expect(formatShare(0.0004, 'en')).toBe('<0.1%');
    expect(formatChange(-0.034, 'en')).toBe('−3.4%');
    expect(formatChange(0.12, 'en')).toBe('+12%');
  });

  it('say changes of percentages in points, and hide nothing by rounding up to a hundred percent', () => {
    expect(formatPoints(0.06, 'ru')).toBe('+0,06');
    expect(formatPoints(-12.34, 'en')).toBe('−12.3');
    expect(formatValue(99.97, 'percent', 'en')).toBe('99.97%');
    expect(formatValue(0.999_96, 'ratio', 'en')).toBe('99.996%');
    expect(formatValue(99.5, 'percent', 'en')).toBe('99.5%');
    expect(formatValue(100, 'percent', 'en')).toBe('100%');
  });

  it('know a unit by the setting, else by the end of the column name', () => {
    expect(unitOf('ops/s', 'v')).toBe('per-second');
    expect(unitOf(null, 'table_bytes')).toBe('bytes');
    expect(unitOf(undefined, 'hit_percent')).toBe('percent');
    expect(unitOf('дней', 'v')).toEqual({ suffix: 'дней' });
    expect(unitOf('', 'value')).toBeNull();
    expect(unitOf('constructor', null)).toEqual({ suffix: 'constructor' });
  });
});
