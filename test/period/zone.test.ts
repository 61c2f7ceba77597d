import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalZone, instantOf, localMs, localTime, offsetMs } from '../../src/period/zone.ts';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
const at = (year: number, month: number, day: number, hour = 0, minute = 0) => ({
  year,
  month,
  day,
  hour,
  minute,
  second: 0,
  millisecond: 0,
});

test('a time that the clocks skip moves forward by the gap', () => {
  expect(instantOf(at(2024, 3, 10, 2, 30), 'America/New_York').toISOString()).toBe('2024-03-10T07:30:00.000Z');
  expect(instantOf(at(2024, 10, 6, 2, 15), 'Australia/Lord_Howe').toISOString()).toBe('2024-10-05T15:45:00.000Z');
});

test('a time that comes twice means the first', () => {
  expect(instantOf(at(2024, 11, 3, 1, 30), 'America/New_York').toISOString()).toBe('2024-11-03T05:30:00.000Z');
  expect(instantOf(at(2024, 4, 7, 1, 45), 'Australia/Lord_Howe').toISOString()).toBe('2024-04-06T14:45:00.000Z');
});

test('a day that a zone never had moves to the next one', () => {
  expect(localTime(instantOf(at(2011, 12, 30, 12), 'Pacific/Apia'), 'Pacific/Apia')).toMatchObject({
    day: 31,
    hour: 12,
  });
});

test('every instant between 1890 and 2090 survives the way to local time and back, but for a repeated hour', () => {
  const instants = fc.integer({ min: Date.UTC(1890, 0, 1), max: Date.UTC(2090, 0, 1) });
  fc.assert(
    fc.property(instants, fc.constantFrom(...ZONES), (epoch, zone) => {
      const instant = new Date(epoch);
      const back = instantOf(localTime(instant, zone), zone);
      expect(localMs(localTime(back, zone))).toBe(localMs(localTime(instant, zone)));
      expect(back.getTime()).toBeLessThanOrEqual(epoch);
      if (offsetMs(back, zone) === offsetMs(instant, zone)) expect(back.getTime()).toBe(epoch);
    }),
  );
});

test('zone names are spelt canonically and unknown ones refused', () => {
  expect(canonicalZone('europe/berlin')).toBe('Europe/Berlin');
  expect(() => canonicalZone('Mars/Olympus')).toThrow('unknown time zone');
});
