import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intervalFor, intervalMs, parseInterval } from '../../src/period/interval.ts';

const period = (hours: number) => ({ from: new Date(0), to: new Date(hours * 3_600_000) });

test('a requested width is taken, however it is written', () => {
  expect(intervalFor(period(24), '5m')).toEqual({ text: '5m', count: 5, unit: 'm' });
  expect(intervalFor(period(24), ' h ')).toEqual({ text: '1h', count: 1, unit: 'h' });
  expect(intervalFor(period(24), '1M').text).toBe('1M');
  expect(intervalFor(period(24 * 800), '1y').text).toBe('1y');
});

test.each(['0m', '7m', '5h', '-1d', '1.5h', '1x', '5 minutes', '1d; drop', '999999d'])('%j is refused', (text) => {
  expect(() => parseInterval(text)).toThrow(expect.objectContaining({ code: 'bad_request' }));
});

test('a width that gives too many buckets is refused', () => {
  expect(() => intervalFor(period(24 * 365), '1s')).toThrow('too narrow');
});

test.each([
  [1, '30s'],
  [24, '15m'],
  [24 * 7, '3h'],
  [24 * 31, '12h'],
  [24 * 365, '1w'],
  [24 * 365 * 300, '3y'],
])('%d hours are cut into %s', (hours, expected) => {
  expect(intervalFor(period(hours), null).text).toBe(expected);
  expect(intervalFor(period(hours), 'auto').text).toBe(expected);
});

test('an automatic width never gives more than 120 buckets', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (hours) => {
      const interval = intervalFor(period(hours), null);
      expect((hours * 3_600_000) / intervalMs(interval)).toBeLessThanOrEqual(120);
    }),
  );
});
