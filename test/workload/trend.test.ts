import { describe, expect, test } from 'vitest';
import type { TrendPoint } from '../../src/workload/facts.ts';
import { trend as section } from '../../src/workload/sections/trend.ts';
import { median, slopePerDay, steadyPoints, trendOf, unusualEnd } from '../../src/workload/trend.ts';
import { builtFacts } from './built-facts.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);

/** Hourly points; `figures` by the number of the hour. */
const points = (count: number, figures: (hour: number) => Readonly<Record<string, number>>): readonly TrendPoint[] =>
  Array.from({ length: count }, (_, hour) => ({
    at: START + hour * HOUR,
    metrics: new Map(Object.entries({ seconds: 3600, disturbed: 0, ...figures(hour) })),
  }));

describe('a trend', () => {
  test('knows the middle of numbers', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
    expect(median([])).toBeNaN();
  });

  test('grows by the median slope, which outliers do not move', () => {
    const line = Array.from({ length: 48 }, (_, hour) => ({ at: START + hour * HOUR, value: 100 + hour * 10 }));
    expect(slopePerDay(line)).toBeCloseTo(240, 9);
    const spiked = line.map((point, hour) => (hour % 12 === 5 ? { ...point, value: 1e9 } : point));
    expect(slopePerDay(spiked)).toBeCloseTo(240, 0);
    expect(slopePerDay(line.slice(0, 5))).toBeNull();
  });

  test('leaves out pieces with a reset and pieces much shorter than usual', () => {
    const all = points(10, (hour) => ({
      calls: 1,
      ...(hour === 3 ? { disturbed: 1 } : {}),
      ...(hour === 6 ? { seconds: 60 } : {}),
    }));
    expect(steadyPoints(all).map(({ at }) => (at - START) / HOUR)).toEqual([0, 1, 2, 4, 5, 7, 8, 9]);
  });

  test('tells what is usual from the same hour of the days before', () => {
    const trend = points(24 * 6, (hour) => ({ calls: hour % 24 === 9 ? 500 + Math.floor(hour / 24) : 100 }));
    const line = trendOf({ trend, timeZone: 'UTC' }, 'calls');
    const nine = line?.points.find(({ at }) => at === START + (24 * 5 + 9) * HOUR);
    expect(nine?.usual?.middle).toBe(502);
    expect(nine?.usual?.low).toBeLessThan(500);
    expect(line?.points[0]?.usual).toBeNull();
    expect(line && unusualEnd(line)).toBeNull();
  });

  test('notices two unusual points at the end, and not one', () => {
    const day = (hour: number, high: readonly number[]): Readonly<Record<string, number>> => {
      return { average_active_sessions: high.includes(hour) ? 50 : 2 + (hour % 3) / 10 };
    };
    const last = 24 * 7;
    const end = (high: readonly number[]) =>
      trendOf({ trend: points(last, (hour) => day(hour, high)), timeZone: 'UTC' }, 'average_active_sessions');
    const [one, two] = [end([last - 1]), end([last - 2, last - 1])];
    expect([one && unusualEnd(one), two && unusualEnd(two)]).toEqual([null, 'high']);
  });

  test('says on the page what is unusual, and what grows', () => {
    const trend = points(24 * 7, (hour) => ({
      average_active_sessions: hour > 165 ? 30 : 2,
      size_bytes: 1e9 + hour * 1e6,
    }));
    const blocks = section.blocks({ ...builtFacts({}), trend });
    const text = String(blocks[0]?.widget.settings.text);
    expect(text).toContain('Average active sessions: higher than usual');
    expect(text).toContain('grow by 24 MB a day');
    expect(blocks.map(({ widget }) => widget.id)).toEqual([
      'trend',
      'trend-average-active-sessions',
      'trend-size-bytes',
    ]);
  });

  test('marks what it does not use by circles, and says how many', () => {
    const trend = points(30, (hour) => ({ calls: hour === 20 ? 900 : 100, disturbed: hour === 20 ? 1 : 0 }));
    const line = trendOf({ trend, timeZone: 'UTC' }, 'calls');
    expect(line?.unused).toEqual([{ at: START + 20 * HOUR, value: 900 }]);
    const [text, chart] = section.blocks({ ...builtFacts({}), trend });
    expect(text?.widget.settings.text).toContain('Circles (1) are not used');
    expect(chart?.widget.settings.circledSeries).toEqual(['not used']);
    const rows = chart?.series[0]?.rows.values ?? [];
    expect(rows[20]).toEqual([START + 20 * HOUR, null, 900]);
    expect(rows.filter((_, index) => index !== 20).every((row) => row[2] === null)).toBe(true);
  });

  test('needs three snapshots', () => {
    const blocks = section.blocks({ ...builtFacts({}), trend: points(2, () => ({ calls: 1 })) });
    expect(blocks.map(({ widget }) => widget.settings.text)).toEqual([
      'A trend needs at least three snapshots; these are fewer.',
    ]);
  });
});
