import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../src/charts/kinds.ts';
import type { Value } from '../../src/rows/rows.ts';
import {
  byStore,
  chartFor,
  contentFor,
  DAY,
  daily,
  engines,
  environment,
  HOUR,
  hourly,
  MAY,
  rowsIn,
  rowsOf,
  stores,
  widgetOf,
} from './fixtures.ts';

describe('time series', () => {
  it('breaks a line where values are missing, and shows a value that stands alone as a dot', () => {
    const values = [0, 1, 2, 5, 8, 9].map((hour) => [MAY + hour * HOUR, hour]);
    const rows = rowsIn(chartFor(widgetOf('timeseries'), rowsOf('t:time v:number', values)));
    expect(rows.map(({ g }) => g)).toEqual(['s0/0', 's0/0', 's0/0', 's0/1', 's0/2', 's0/2']);
    expect(rows.map(({ dot }) => dot)).toEqual([0, 0, 0, 10, 0, 0]);
    const [alone] = rowsIn(chartFor(widgetOf('timeseries'), rowsOf('t:time v:number', values.slice(0, 1))));
    expect(alone?.dot).toBe(28);
  });

  it('breaks a line at null', () => {
    const values = [4, null, 6].map((value, hour) => [MAY + hour * HOUR, value]);
    const rows = rowsIn(chartFor(widgetOf('timeseries'), rowsOf('t:time v:number', values)));
    expect(rows.map(({ g, v }) => [g, v])).toEqual([
      ['s0/0', 4],
      ['s0/1', 6],
    ]);
  });

  it('does not take the day a clock is changed for a gap', () => {
    const days = ['2026-03-27T23:00Z', '2026-03-28T23:00Z', '2026-03-29T22:00Z', '2026-03-30T22:00Z'];
    const rows = rowsOf(
      't:time v:number',
      days.map((day) => [Date.parse(day), 1]),
    );
    expect(
      new Set(rowsIn(chartFor(widgetOf('timeseries'), rows, { timeZone: 'Europe/Berlin' })).map(({ g }) => g)).size,
    ).toBe(1);
  });

  it('thins ten thousand points, keeps the extremes and says so', () => {
    const values = Array.from({ length: 10_000 }, (_, at) => [
      MAY + at * 60_000,
      at === 6543 ? 900 : at === 777 ? -50 : at % 97,
    ]);
    const content = chartFor(widgetOf('timeseries'), rowsOf('t:time v:number', values));
    const drawn = rowsIn(content).map(({ v }) => v as number);
    expect(drawn.length).toBeLessThanOrEqual(1600);
    expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([-50, 900]);
    expect(content.caption).toMatch(/^10,000 points drawn as [\d,]+, extremes kept$/);
  });

  it('shows the ten largest of more series and says so', () => {
    const values = Array.from({ length: 24 }, (_, index) => [MAY, `s${index}`, index]);
    const content = chartFor(widgetOf('timeseries'), rowsOf('t:time s:text v:number', values));
    expect(content.chart.colors.map(({ label }) => label)).toEqual(
      Array.from({ length: 10 }, (_, at) => `s${at + 14}`),
    );
    expect(content.caption).toBe('The 10 largest of 24 series');
    expect(content.truncated).toBe(true);
  });

  it('shows the whole period also around a single value, whose bar is not wider than it', () => {
    const period = { from: MAY, to: MAY + DAY };
    const rows = rowsOf('t:time v:number', [[MAY + 6 * HOUR, 5]]);
    for (const type of ['line', 'bar']) {
      const content = chartFor(widgetOf('timeseries', { settings: { type } }), rows, { period });
      expect(content.chart.x).toMatchObject(period);
    }
    const [bar] = rowsIn(chartFor(widgetOf('timeseries', { settings: { type: 'bar' } }), rows, { period }));
    expect([Number(bar?.t) >= MAY + 6 * HOUR, Number(bar?.u) <= MAY + 8 * HOUR]).toEqual([true, true]);
  });

  it('shows the whole period, and calendar days at their own midnight whatever the zone', () => {
    const period = { from: Date.parse('2026-05-01T00:00+03:00'), to: Date.parse('2026-06-01T00:00+03:00') };
    const values = Array.from({ length: 20 }, (_, day) => [MAY + (day + 3) * DAY, day]);
    const { chart } = chartFor(widgetOf('timeseries'), rowsOf('d:date v:number', values), {
      timeZone: 'Europe/Moscow',
      period,
    });
    expect(chart.x).toEqual({ type: 'time', from: MAY, to: MAY + 31 * DAY, bucket: 0, zone: 'UTC', locale: 'en' });
  });

  it('stacks bars of a bucket upwards and negative ones downwards', () => {
    const rows = rowsOf('t:time s:text v:number', [
      [MAY, 'a', 3],
      [MAY, 'b', 4],
      [MAY, 'c', -2],
    ]);
    const bars = rowsIn(chartFor(widgetOf('timeseries', { settings: { type: 'bar' } }), rows));
    expect(bars.map(({ b, v }) => [b, v])).toEqual([
      [0, 3],
      [3, 7],
      [0, -2],
    ]);
  });

  it('is described in words from its data', () => {
    const widget = widgetOf('timeseries', { heading: 'Connections' });
    expect(chartFor(widget, daily()).alt).toBe(
      'Connections. Line chart, 1 series, 1 – 31 May 2026; highest 311 (4 May), lowest 200 (1 May), latest 293, +47% since 1 May',
    );
    expect(chartFor(widget, hourly(), { locale: 'ru' }).alt).toContain('Линейный график, 2 ряда');
    expect(chartFor(widget, hourly(), { locale: 'zh' }).alt).toContain('折线图，2 个系列');
  });
});

describe('histogram', () => {
  it('keeps to a custom range, with unknown values only where asked for', () => {
    const categories = (useUnknownValues: boolean) => {
      const xAxis = {
        field: 'engine',
        customRange: true,
        customRangeValues: ['Redis', 'Oracle', 'MySQL'],
        useUnknownValues,
      };
      const { x } = chartFor(widgetOf('histogram', { mappings: { xAxis } }), engines()).chart;
      return x?.type === 'category' ? x.entries.map(({ label }) => label) : [];
    };
    expect(categories(false)).toEqual(['Redis', 'Oracle', 'MySQL']);
    expect(categories(true)).toEqual(['Redis', 'Oracle', 'MySQL', 'PostgreSQL', 'OceanBase', 'ClickHouse']);
  });

  it('cuts ten thousand categories to the largest and says so; nothing is lost in "Other"', () => {
    const size = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 31, maxLength: 200 }), (sizes) => {
        const rows = rowsOf(
          'c:text v:number',
          sizes.map((value, at) => [`c${at}`, value]),
        );
        const content = chartFor(widgetOf('histogram'), rows);
        const drawn = rowsIn(content).reduce((sum, { v }) => sum + (v as number), 0);
        const total = sizes.reduce((sum, value) => sum + value, 0);
        expect(content.caption).toMatch(new RegExp(`^The 20 largest of ${sizes.length} categories`));
        if (content.caption?.includes('Other')) expect(drawn).toBe(total);
        else expect(drawn).toBeLessThan(total);
      }),
      { numRuns: 30 },
    );
  });

  it('does not add up averages', () => {
    const fields = [{ field: 'v', alias: 'v', format: null, aggregation: { func: 'avg', distinct: false, args: [] } }];
    const query = {
      dataset: 't',
      distinct: false,
      fields,
      filters: [],
      groupBy: [],
      orderBy: [],
      limit: null,
      offset: null,
      interval: null,
    };
    const series = [{ name: 'a', mode: 'query' as const, source: 's', period: null, sql: null, query }];
    const rows = rowsOf(
      'c:text v:number',
      Array.from({ length: 40 }, (_, at) => [`c${at}`, 100 - at]),
    );
    expect(chartFor(widgetOf('histogram', { series }), rows).caption).toBe('The 20 largest of 40 categories');
  });

  it('counts rows where there is no value column, and bins many different numbers', () => {
    const rows = rowsOf(
      'ms:number',
      Array.from({ length: 500 }, (_, at) => [(at * 7) % 251]),
    );
    const { chart } = chartFor(widgetOf('histogram'), rows);
    expect(rowsIn({ ...chartFor(widgetOf('histogram'), rows) }).reduce((sum, { v }) => sum + (v as number), 0)).toBe(
      500,
    );
    expect(chart.x?.type === 'category' && chart.x.entries[0]?.label).toBe('0–20');
  });

  it('lies down in a narrow place when its labels are long', () => {
    const { chart } = chartFor(widgetOf('histogram'), engines());
    expect(chart.x?.type).toBe('category');
    expect(chart.narrow?.plan.y?.type).toBe('category');
    expect(chart.narrow?.below).toBeGreaterThan(200);
  });

  it('groups and stacks', () => {
    const stacked = rowsIn(chartFor(widgetOf('histogram', { mappings: byStore }), stores()));
    expect(stacked.slice(0, 3).map(({ b, v }) => [b, v])).toEqual([
      [0, 50],
      [50, 117],
      [117, 201],
    ]);
    const grouped = rowsIn(
      chartFor(widgetOf('histogram', { mappings: byStore, settings: { stack: false } }), stores()),
    );
    expect(grouped.every(({ b }) => b === 0)).toBe(true);
  });

  it('over a time column is a time series of bars', () => {
    expect(chartFor(widgetOf('histogram'), daily()).alt).toMatch(/^Bar chart, 1 series, 1 – 31 May 2026/);
  });
});

describe('pie', () => {
  it('gathers small slices as "Other" and keeps the whole', () => {
    const rows = rowsOf('c:text v:number', [...engines().values, ['Kafka', 4], ['Etcd', 3], ['Owed', -9], ['None', 0]]);
    const content = chartFor(widgetOf('pie'), rows);
    expect(content.alt).toBe(
      'Pie chart, 6 slices: PostgreSQL 420 (35%), MySQL 310 (26%), OceanBase 280 (23%), ClickHouse 120 (10%), Redis 60 (5%), Other 7 (0.6%)',
    );
    expect(content.caption).toBe('Values below zero left out: 1');
    expect(rowsIn(content).find(({ out }) => out === 0)?.label).toBe('1,197');
  });
});

describe('table', () => {
  const rows = rowsOf('id:number name:text share:number at:time ok:boolean', [
    [10_001, 'one', 0.5, MAY + HOUR, true],
    [10_002, null, 12.25, MAY + 2 * HOUR, false],
  ]);

  it('formats each column alike, numbers to the right', () => {
    const content = contentFor(widgetOf('table'), rows, { timeZone: 'Europe/Moscow', locale: 'ru' });
    if (content.kind !== 'table') throw new Error('a table was expected');
    expect(content.rows.map((row) => row.map((value, at) => content.columns[at]?.format(value)))).toEqual([
      ['10001', 'one', '0,50', '01.05.2026 04:00', 'Да'],
      ['10002', '–', '12,25', '01.05.2026 05:00', 'Нет'],
    ]);
    expect(content.columns.map(({ align }) => align)).toEqual(['right', 'left', 'right', 'left', 'left']);
  });

  it('shows the mapped fields under their labels, and says which column is not there', () => {
    const fields = [
      { key: 'share', label: 'Share of total' },
      { key: 'gone', label: 'Gone' },
    ];
    const content = contentFor(widgetOf('table', { mappings: { fields } }), rows);
    expect(content.kind === 'table' && content.columns.map(({ label }) => label)).toEqual(['Share of total']);
    expect(contentFor(widgetOf('table', { mappings: { fields: fields.slice(1) } }), rows)).toMatchObject({
      kind: 'notice',
      message: 'The query returned no column “gone”',
    });
  });

  it('adds up what decimals are, not what their doubles are, and decimals longer than a double exactly', () => {
    const tenths = Array.from({ length: 10_000 }, () => [0.1]);
    const totalOf = (values: readonly (readonly Value[])[]) => {
      const content = contentFor(widgetOf('table', { settings: { totals: 'sum' } }), rowsOf('n:number', values));
      return content.kind === 'table' ? content.totals?.at(-1)?.cells : null;
    };
    expect(totalOf(tenths)).toEqual(['1,000.0']);
    expect(totalOf([['12345678901234567.89'], ['-12345678901234567.88']])).toEqual(['0.01']);
  });

  it('prints a decimal beyond the digits of a double with all of them, in the marks of the language', () => {
    const rows = rowsOf('n:number', [['-12345678901234567.89']]);
    const said = (locale: 'en' | 'ru', value: Value) => {
      const content = contentFor(widgetOf('table'), rows, { locale });
      return content.kind === 'table' && content.columns[0]?.format(value);
    };
    expect(said('en', '-12345678901234567.89')).toBe('−12,345,678,901,234,567.89');
    expect(said('ru', '-12345678901234567.89')).toBe('−12\u00a0345\u00a0678\u00a0901\u00a0234\u00a0567,89');
    expect(said('en', '0.123456789012345678901')).toBe('0.123456789012345678901');
    expect(said('en', 'twelve 1234567890123456')).toBe('twelve 1234567890123456');
  });

  it('tells infinities and the largest doubles from nothing', () => {
    const values = [1.7e308, Number.NEGATIVE_INFINITY, Number.NaN, null];
    const content = contentFor(
      widgetOf('table'),
      rowsOf(
        'n:number',
        values.map((value) => [value]),
      ),
    );
    expect(content.kind === 'table' && values.map((value) => content.columns[0]?.format(value))).toEqual([
      '1.7E308',
      '−∞',
      '–',
      '–',
    ]);
  });
});

describe('metric', () => {
  it('is the latest value with its change and the values before', () => {
    const values = [100, 120, 90].map((value, day) => [MAY + day * DAY, value]);
    const content = contentFor(widgetOf('metric', { settings: { better: 'down' } }), rowsOf('t:time v:number', values));
    expect(content).toMatchObject({
      kind: 'metric',
      value: '90',
      label: '3 May 2026',
      change: { text: '−25%', direction: 'down', good: true },
      alt: 'Metric: 90, −25% against the value before. Line chart, 1 – 3 May 2026; highest 120 (2 May), lowest 90 (3 May)',
    });
  });
});

describe('any widget on any rows', () => {
  const kinds = ['timeseries', 'histogram', 'pie', 'table', 'metric', 'text', 'image', 'constructor', ''];
  const value = fc.oneof(
    fc.constant(null),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.string({ maxLength: 20 }),
    fc.constant('x'.repeat(3000)),
  ) as fc.Arbitrary<Value>;
  const type = fc.constantFrom('number', 'text', 'time', 'date', 'boolean', 'json');
  const settings = fc.dictionary(
    fc.constantFrom('type', 'stack', 'lineStyle', 'showDots', 'unit', 'theme', 'text'),
    fc.anything(),
  );
  const mappings = fc.dictionary(fc.constantFrom('xAxis', 'yAxis', 'fields', 'field', 'dataSeries'), fc.anything());

  it('ends in content or a notice, never in an error', () => {
    const anyRows = fc.array(type, { maxLength: 4 }).chain((types) =>
      fc.record({
        types: fc.constant(types),
        values: fc.array(fc.tuple(...types.map(() => value)), { maxLength: 8 }),
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyRows, settings, mappings, (kind, { types, values }, set, map) => {
        const rows = rowsOf(types.map((of, at) => `c${at}:${of}`).join(' ') || 'c:text', values);
        const content = contentOf(
          widgetOf(kind, { settings: set, mappings: map }),
          [{ name: 'a', rows }],
          environment(),
        );
        expect(['chart', 'table', 'metric', 'text', 'image', 'notice']).toContain(content.kind);
      }),
      { numRuns: 300 },
    );
  });

  it('without rows says that there are none', () => {
    for (const kind of ['timeseries', 'histogram', 'pie', 'table', 'metric']) {
      expect(contentFor(widgetOf(kind), rowsOf('t:time v:number', []))).toEqual({
        kind: 'notice',
        state: 'empty',
        message: 'No data for this period',
      });
    }
  });
});
