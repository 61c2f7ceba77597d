import { describe, expect, it } from 'vitest';
import { timeTicks } from '../../src/charts/time-axis.ts';
import type { Locale } from '../../src/definition/definition.ts';

const ticks = (from: string, to: string, zone: string, length: number, locale: Locale = 'en') =>
  timeTicks({ type: 'time', from: Date.parse(from), to: Date.parse(to), zone, locale, bucket: 0 }, length);

const words = (labels: ReturnType<typeof timeTicks>['labels']): string[] =>
  labels.map((label) => [label].flat().filter(Boolean).join(' | '));

describe('time axis', () => {
  it('ticks on hours of the zone, naming the day once and where it changes', () => {
    const { labels } = ticks('2026-05-02T22:00Z', '2026-05-04T22:00Z', 'Europe/Berlin', 320);
    expect(words(labels)).toEqual([
      '00:00 | 3 May 2026',
      '06:00',
      '12:00',
      '18:00',
      '00:00 | 4 May',
      '06:00',
      '12:00',
      '18:00',
      '00:00 | 5 May',
    ]);
  });

  it('keeps wall-clock hours on the day with 23 hours, at the distances they really have', () => {
    const { values, labels } = ticks('2026-03-28T23:00Z', '2026-03-29T22:00Z', 'Europe/Berlin', 320);
    expect(words(labels)).toEqual([
      '00:00 | 29 Mar 2026',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      '00:00 | 30 Mar',
    ]);
    expect((values[1] ?? 0) - (values[0] ?? 0)).toBe(2 * 3_600_000);
  });

  it('and on the day with 25 hours', () => {
    const { values } = ticks('2026-10-24T22:00Z', '2026-10-25T23:00Z', 'Europe/Berlin', 320);
    expect((values[1] ?? 0) - (values[0] ?? 0)).toBe(4 * 3_600_000);
    expect(values).toHaveLength(9);
  });

  it('ticks weeks on Mondays and months on firsts', () => {
    const weeks = ticks('2026-05-01T00:00Z', '2026-06-12T00:00Z', 'UTC', 300);
    expect(weeks.values.map((value) => new Date(value).getUTCDay())).toEqual(weeks.values.map(() => 1));
    expect(words(ticks('2025-11-15T00:00Z', '2026-03-15T00:00Z', 'Asia/Shanghai', 200).labels)).toEqual([
      'Dec | 2025',
      'Jan | 2026',
      'Feb',
      'Mar',
    ]);
  });

  it('speaks Russian and Chinese', () => {
    expect(words(ticks('2026-05-30T00:00Z', '2026-06-03T00:00Z', 'UTC', 200, 'ru').labels)).toEqual([
      '30 | май 2026',
      '31',
      '1 | июнь',
      '2',
      '3',
    ]);
    expect(words(ticks('2026-05-31T00:00Z', '2026-06-02T00:00Z', 'UTC', 90, 'zh').labels)[0]).toBe('31 | 2026年5月');
  });

  it('has ascending ticks within its domain, never too close, from milliseconds to centuries', () => {
    for (const span of [10, 1e3, 6e4, 4e6, 9e7, 7e8, 3e9, 5e10, 1e12, 8e12]) {
      for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']) {
        const from = Date.UTC(2011, 11, 20, 7, 13);
        const { values } = timeTicks({ type: 'time', from, to: from + span, zone, locale: 'en', bucket: 0 }, 300);
        expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
        expect(values.length).toBeLessThanOrEqual(16);
        for (const value of values) expect(value).toBeGreaterThanOrEqual(from);
        for (const value of values) expect(value).toBeLessThanOrEqual(from + span);
      }
    }
  });
});

describe('time axis of bars', () => {
  const bars = (bucket: number) =>
    timeTicks(
      { type: 'time', from: Date.UTC(2026, 4, 1), to: Date.UTC(2026, 4, 8), bucket, zone: 'UTC', locale: 'en' },
      300,
    );

  it('names days below the middle of their bars, and none behind the last', () => {
    const { values, labels } = bars(86_400_000);
    expect(values[0]).toBe(Date.UTC(2026, 4, 1, 12));
    expect(words(labels)).toEqual(['1 | May 2026', '2', '3', '4', '5', '6', '7']);
  });

  it('keeps hours in their place beside a bar of a day', () => {
    const from = Date.UTC(2026, 4, 1);
    const { values, labels } = timeTicks(
      { type: 'time', from, to: from + 86_400_000, bucket: 86_400_000, zone: 'UTC', locale: 'en' },
      200,
    );
    expect(values[0]).toBe(from);
    expect(words(labels)[0]).toBe('00:00 | 1 May 2026');
  });

  it('names hours where they begin', () => {
    expect(bars(3_600_000).values[0]).toBe(Date.UTC(2026, 4, 1));
  });
});
