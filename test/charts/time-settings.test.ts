import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChartContent } from '../../src/charts/content.ts';
import { contentOf } from '../../src/charts/kinds.ts';
import { timeTicks } from '../../src/charts/time-axis.ts';
import { keptIndices } from '../../src/charts/time-join.ts';
import { chartFor, DAY, environment, HOUR, MAY, rowsIn, rowsOf, widgetOf } from './fixtures.ts';

const series = (settings: Record<string, unknown>) => widgetOf('timeseries', { settings });
const days = (...values: readonly (number | null)[]) =>
  rowsOf(
    't:time v:number',
    values.map((value, day) => [MAY + day * DAY, value]),
  );
const of = (content: ChartContent, kind: string) => rowsIn(content).filter(({ k }) => k === kind);

describe('thinning', () => {
  it('keeps the first, last, lowest and highest point of every stretch', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 30, maxLength: 400 });
    fc.assert(
      fc.property(values, (all) => {
        const points = all.map((value, at) => ({ at, value }));
        const kept = keptIndices(points, 5) ?? points.map((_, index) => index);
        const width = (points.length - 1) / 5;
        for (let column = 0; column < 5; column++) {
          const inside = points.filter(({ at }) => Math.min(4, Math.floor(at / width)) === column);
          const shown = inside.filter(({ at }) => kept.includes(at)).map(({ value }) => value);
          const real = inside.map(({ value }) => value);
          expect([shown[0], shown.at(-1), Math.min(...shown), Math.max(...shown)]).toEqual([
            real[0],
            real.at(-1),
            Math.min(...real),
            Math.max(...real),
          ]);
        }
        expect(kept.length).toBeLessThanOrEqual(Math.max(20, points.length <= 20 ? points.length : 0));
      }),
    );
  });
});

describe('gaps', () => {
  it('are told by the interval the query asks for, where there is one', () => {
    const query = { dataset: 'd', interval: '1h', fields: [] };
    const widget = widgetOf('timeseries', {
      series: [{ name: 'a', mode: 'query', source: 's', period: null, sql: null, query: query as never }],
    });
    // Every third hour only: without the query's word this would be the rhythm.
    const rows = rowsOf(
      't:time v:number',
      [0, 3, 6, 9].map((hour) => [MAY + hour * HOUR, hour]),
    );
    expect(rowsIn(chartFor(widget, rows)).map(({ dot }) => dot)).toEqual([10, 10, 10, 10]);
    expect(rowsIn(chartFor(series({}), rows)).map(({ dot }) => dot)).toEqual([0, 0, 0, 0]);
  });

  it('are in a pile where none of its series has a value, and not where one goes on', () => {
    const partsOf = (values: readonly (readonly [a: number | null, b: number | null])[], more = {}) => {
      const rows = rowsOf(
        't:time a:number b:number',
        values.map(([a, b], day) => [MAY + day * DAY, a, b]),
      );
      const parts = rowsIn(chartFor(series({ type: 'area', stack: true, ...more }), rows)).map(({ g }) => g);
      return new Set(parts).size;
    };
    const [whole, none, half] = [
      [1, 2],
      [null, null],
      [null, 2],
    ] as const;
    expect(partsOf([whole, whole, none, whole, whole])).toBe(4);
    expect(partsOf([whole, whole, half, whole, whole])).toBe(2);
    expect(partsOf([whole, whole, none, whole, whole], { missing: 'connect' })).toBe(2);
  });

  it('are zero, or joined, where the widget says so', () => {
    const rows = days(1, 2, null, 4);
    expect(rowsIn(chartFor(series({ missing: 'zero' }), rows)).map(({ v }) => v)).toEqual([1, 2, 0, 4]);
    expect(new Set(rowsIn(chartFor(series({ missing: 'connect' }), rows)).map(({ g }) => g)).size).toBe(1);
  });
});

describe('thresholds and annotations', () => {
  it('are lines and regions; one far beyond the data is named in the caption', () => {
    const thresholds = [
      { value: 30, label: 'limit', fill: 'above' },
      { from: 0, to: 5 },
      { value: 9000, label: 'roof' },
    ];
    const content = chartFor(series({ thresholds }), days(10, 20, 15));
    expect(of(content, 'line').map(({ v }) => v)).toEqual([30]);
    expect(of(content, 'above').map(({ v }) => v)).toEqual([30]);
    expect(of(content, 'region').map(({ b, v }) => [b, v])).toEqual([[0, 5]]);
    expect(of(content, 'name').map(({ text }) => text)).toEqual(['limit 30']);
    expect(content.chart.y).toMatchObject({ max: 30 });
    expect(content.caption).toBe('Beyond the axis: roof 9,000');
  });

  it('are read in the zone of the report, from settings and from a series', () => {
    const widget = series({ annotations: [{ at: '2026-05-02T00:00', label: 'A' }], annotationSeries: 'events' });
    const events = rowsOf('from:time to:time what:text', [[MAY + 2 * DAY, MAY + 3 * DAY, 'B']]);
    const content = contentOf(
      widget,
      [
        { name: 'a', rows: days(1, 2, 3, 4) },
        { name: 'events', rows: events },
      ],
      environment({ timeZone: 'Europe/Moscow' }),
    ) as ChartContent;
    expect(of(content, 'moment').map(({ t }) => t)).toEqual([Date.parse('2026-05-01T21:00Z')]);
    expect(of(content, 'span').map(({ t, u }) => [t, u])).toEqual([[MAY + 2 * DAY, MAY + 3 * DAY]]);
    expect(of(content, 'note').map(({ text }) => text)).toEqual(['A', 'B']);
    expect(content.chart.colors).toHaveLength(1);
  });

  it('are told in the alternative text, unless the caption tells them', () => {
    const widget = series({
      thresholds: [
        { value: 30, label: 'limit', fill: 'above' },
        { from: 0, to: 5, label: 'idle' },
      ],
      annotations: [
        { at: '2026-05-02', label: 'Release' },
        { from: '2026-05-01', to: '2026-05-03', label: 'Move' },
      ],
    });
    expect(chartFor(widget, days(10, 20, 15)).alt).toMatch(
      /\. Thresholds: limit 30, idle 0 – 5\. Annotations: Move \(1 May – 3 May\), Release \(2 May\)$/,
    );
    const many = [1, 2, 3, 4].map((day) => ({ at: `2026-05-0${day}`, label: `deploy ${day}` }));
    expect(chartFor(series({ annotations: many }), days(1, 2, 3, 4)).alt).not.toContain('deploy');
  });

  it('are numbers explained in the caption where there are more than three', () => {
    const annotations = [1, 2, 3, 4].map((day) => ({ at: `2026-05-0${day}`, label: `deploy ${day}` }));
    const content = chartFor(series({ annotations }), days(1, 2, 3, 4));
    expect(of(content, 'note').map(({ text }) => text)).toEqual(['1', '2', '3', '4']);
    expect(content.caption).toContain('2\u00a0deploy 2 (2 May 00:00)');
  });
});

describe('scales and stacks', () => {
  it('leaves out what has no logarithm, and says so', () => {
    const content = chartFor(series({ scale: 'log' }), days(1, 10, 0, -5, 1000));
    expect(rowsIn(content).map(({ v }) => Math.round(v as number))).toEqual([0, 1, 3]);
    expect(content.caption).toBe('Logarithmic scale; values of zero and below left out: 2');
  });

  it('makes shares that add up to one', () => {
    const rows = rowsOf('t:time s:text v:number', [
      [MAY, 'a', 1],
      [MAY, 'b', 3],
      [MAY + DAY, 'a', 2],
      [MAY + DAY, 'b', 2],
    ]);
    const content = chartFor(series({ type: 'bar', stack: 'percent' }), rows);
    expect(rowsIn(content).map(({ b, v }) => [b, v])).toEqual([
      [0, 0.25],
      [0, 0.5],
      [0.25, 1],
      [0.5, 1],
    ]);
    expect(content.chart.y).toMatchObject({ unit: 'ratio' });
  });

  it('draws the period before at its place in this one, and tells the change', () => {
    const period = { from: Date.UTC(2026, 4, 1), to: Date.UTC(2026, 5, 1) };
    const month = (from: number, value: number) =>
      rowsOf(
        't:time v:number',
        [0, 1, 2].map((day) => [from + day * DAY, value]),
      );
    const all = [
      { name: 'now', rows: month(period.from, 112) },
      { name: 'April', rows: month(Date.UTC(2026, 3, 1), 100) },
    ];
    const content = contentOf(series({ compareSeries: 'April' }), all, environment({ period })) as ChartContent;
    expect(of(content, 'before').map(({ t }) => t)).toEqual([0, 1, 2].map((day) => period.from + day * DAY));
    expect(content.alt).toMatch(/highest 112 \(1 May\), .*\+12% against the previous period$/);
    expect(content.caption).toBe('Dashed: April');
  });

  it('warns of two units on one axis', () => {
    const rows = rowsOf('t:time size_bytes:number wait_ms:number', [[MAY, 1, 2]]);
    expect(chartFor(series({}), rows).caption).toBe('Different units share one axis: size_bytes, wait_ms');
  });
});

describe('labels of a time axis', () => {
  it('never touch, and name the year once', () => {
    const from = Date.parse('2026-04-30T23:00Z');
    const axis = { type: 'time', from, to: from + 8 * HOUR, bucket: 0, zone: 'UTC', locale: 'en' } as const;
    const { labels } = timeTicks(axis, 270);
    expect(labels.slice(0, 3)).toEqual([
      ['23:00', ''],
      ['00:00', '1 May 2026'],
      ['01:00', ''],
    ]);
  });
});
