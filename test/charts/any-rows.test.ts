import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../src/charts/content.ts';
import { contentOf } from '../../src/charts/kinds.ts';
import type { Locale } from '../../src/definition/definition.ts';
import type { Rows, Value } from '../../src/rows/rows.ts';
import { createTypesetter, sheetStyle } from '../../src/scene/typesetter.ts';
import { DAY, environment, MAY, rowsOf, widgetOf } from './fixtures.ts';

const kinds = ['timeseries', 'histogram', 'pie', 'toplist', 'heatmap', 'gauge', 'statetimeline', 'metric'] as const;
const style = sheetStyle(createTypesetter({ fontDir: null }), {
  theme: null,
  font: null,
  locale: 'en',
  timeZone: 'UTC',
});

/** Lays the chart out and draws it onto nothing; every number it is drawn with must be finite. */
function draw(content: Content, width: number, height: number): void {
  const plan = content.kind === 'chart' ? content.chart : content.kind === 'metric' ? content.sparkline : null;
  if (plan === null) return;
  const drawing = style.drawChart(plan, width, height);
  const paper: unknown = new Proxy(
    {
      pixelRatio: 1,
      measureText: () => ({ width: 5 }),
      createLinearGradient: () => ({ addColorStop: () => undefined }),
    },
    {
      get: (target, name) =>
        Reflect.get(target, name) ??
        ((...args: readonly unknown[]) => {
          for (const arg of args) if (typeof arg === 'number') expect(arg, String(name)).not.toBeNaN();
        }),
      set: () => true,
    },
  );
  drawing.draw(paper as Parameters<typeof drawing.draw>[0]);
  drawing.release();
}

const number = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 1e308, -1e308, 1e-308, 5e-324, Number.MAX_SAFE_INTEGER),
);
const instant = fc.oneof(
  fc.integer({ min: MAY, max: MAY + 40 * DAY }),
  fc.constantFrom(Date.parse('0001-01-01T00:00Z'), Date.parse('9999-12-31T23:59Z'), Number.NaN, -1, 0, MAY, MAY + DAY),
);
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '12.5',
    'up',
    'down',
    'a'.repeat(400),
    '名'.repeat(60),
    '2026-05-03',
    '\u0000',
    '__proto__',
    'constructor',
  ),
);
const any: fc.Arbitrary<Value> = fc.oneof(number, text, fc.boolean(), fc.constant(null));

const valuesOf: Readonly<Record<Rows['columns'][number]['type'], fc.Arbitrary<Value>>> = {
  number,
  text,
  time: instant,
  date: instant.map((at) => (Number.isNaN(at) ? at : Math.floor(at / DAY) * DAY)),
  boolean: fc.boolean(),
  json: text,
};

const column = fc.record({
  name: fc.constantFrom('t', 'at', 'v', 'size_bytes', 'wait_ms', 'host', 'state', 'a', '__proto__'),
  type: fc.constantFrom('number', 'text', 'time', 'date', 'boolean', 'json' as const),
});

const rows = fc
  .array(column, { maxLength: 5 })
  .chain((columns) =>
    fc
      .array(
        fc.tuple(
          ...columns.map(({ type }) =>
            fc.oneof({ weight: 8, arbitrary: valuesOf[type] }, { weight: 1, arbitrary: any }),
          ),
        ),
        { maxLength: 30 },
      )
      .map((values): Rows => ({ columns, values: values as readonly (readonly Value[])[], truncation: null })),
  );

const mixed = fc.oneof(
  fc.constant(undefined),
  any,
  fc.array(fc.dictionary(fc.constantFrom('value', 'from', 'to', 'at', 'label', 'severity', 'fill'), any), {
    maxLength: 4,
  }),
);
const settings = fc.record({
  type: fc.constantFrom(undefined, 'line', 'area', 'bar', 'pie', 'buckets', 'horizontal bar'),
  stack: fc.constantFrom(undefined, true, false, 'percent'),
  scale: fc.constantFrom(undefined, 'log', 'linear'),
  missing: fc.constantFrom(undefined, 'zero', 'connect'),
  lineStyle: fc.constantFrom(undefined, 'step', 'smooth'),
  unit: fc.constantFrom(undefined, 'bytes', 'ms', '%', 'ratio', 'EUR', 'bits/s', '°C', 'ns'),
  sort: fc.constantFrom(undefined, 'value', 'name'),
  reduce: fc.constantFrom(undefined, 'sum', 'avg', 'count', 'min'),
  columns: fc.constantFrom(undefined, 'hour', 'day', 'month', 'nothing'),
  lines: fc.constantFrom(undefined, 'weekday', 'monthday'),
  thresholds: mixed,
  annotations: mixed,
  ...{ min: mixed, max: mixed, limit: mixed, maxSlices: mixed, minShare: mixed, maxSeries: mixed, states: mixed },
  legendValues: fc.constantFrom(undefined, ['max', 'avg', 'nothing'], 'last'),
  showDots: fc.boolean(),
});
const mappings = fc.record({
  xAxis: fc.constantFrom(
    undefined,
    { field: 't' },
    { field: 'host' },
    { field: 'v', customRange: true, customRangeValues: ['a', 'b'] },
  ),
  yAxis: fc.constantFrom(undefined, { field: 'v' }, { field: 'v', groupingField: 'host' }, { field: 'state' }),
});

describe('any rows and settings', () => {
  it('become a page or a notice: making and drawing never throw, and take no time to speak of', {
    timeout: 120_000,
  }, () => {
    const period = fc.constantFrom(null, { from: MAY, to: MAY + 30 * DAY });
    const locale = fc.constantFrom<Locale>('en', 'ru', 'zh');
    const size = fc.constantFrom([480, 200], [150, 90], [60, 40], [10, 10]);
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.array(rows, { minLength: 1, maxLength: 3 }),
        settings,
        mappings,
        fc.record({ period, locale, size }),
        (kind, all, set, map, { period: of, locale: words, size: [width = 100, height = 100] }) => {
          const stored = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
          const series = all.map((one, index) => ({ name: `series ${index}`, rows: one }));
          const env = environment({ locale: words, timeZone: 'Europe/Berlin', period: of });
          const start = performance.now();
          const content = contentOf(widgetOf(kind, { settings: stored, mappings: map }), series, env);
          draw(content, width, height);
          expect(performance.now() - start).toBeLessThan(5000);
          if (content.kind === 'chart') expect(content.alt).not.toMatch(/NaN|undefined|Infinity/);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('say nothing of a label that is no finite number', () => {
    const widget = widgetOf('gauge', { settings: { thresholds: [{ label: Number.POSITIVE_INFINITY, value: 1 }] } });
    const content = contentOf(widget, [{ name: 'a', rows: rowsOf('v:number', [[0]]) }], environment());
    expect(content.kind === 'chart' && content.alt).toMatch(/^Gauge: 0, scale from 0 to 1, 1$/);
  });

  const lots: Readonly<Record<string, () => Rows>> = {
    'no rows': () => rowsOf('t:time v:number', []),
    'one row': () => rowsOf('t:time v:number', [[MAY, 5]]),
    'all nulls': () =>
      rowsOf(
        't:time s:text v:number',
        Array.from({ length: 9 }, () => [null, null, null]),
      ),
    'all equal': () =>
      rowsOf(
        't:time v:number',
        Array.from({ length: 9 }, (_, day) => [MAY + day * DAY, 7]),
      ),
    'equal instants, unsorted': () =>
      rowsOf(
        't:time v:number',
        [3, 1, 2, 1, 3].map((day) => [MAY + day * DAY, day]),
      ),
    'two hundred series': () =>
      rowsOf(
        't:time s:text v:number',
        Array.from({ length: 2000 }, (_, at) => [MAY + (at % 10) * DAY, `s${Math.floor(at / 10)}`, at]),
      ),
    'ten thousand categories': () =>
      rowsOf(
        'c:text v:number',
        Array.from({ length: 10_000 }, (_, at) => [`category ${at}`, (at * 7) % 1000]),
      ),
    'the first and the last year': () =>
      rowsOf('t:time v:number', [
        [Date.parse('0001-01-01T00:00Z'), 1],
        [Date.parse('9999-12-31T00:00Z'), 2],
      ]),
  };
  for (const [name, make] of Object.entries(lots)) {
    it(`draws ${name} as every kind`, { timeout: 60_000 }, () => {
      for (const kind of kinds) {
        for (const type of [undefined, 'bar', 'area']) {
          const widget = widgetOf(kind, { settings: type === undefined ? {} : { type } });
          const content = contentOf(widget, [{ name: 'a', rows: make() }], environment());
          draw(content, 300, 150);
          if (content.kind === 'notice') expect(content.message).not.toBe('');
        }
      }
    });
  }

  it('draws a million points in seconds, and says that it thinned them', { timeout: 60_000 }, () => {
    const million = rowsOf(
      't:time v:number',
      Array.from({ length: 1_000_000 }, (_, at) => [MAY + at * 1000, (at * 7919) % 1013]),
    );
    const start = performance.now();
    const content = contentOf(widgetOf('timeseries'), [{ name: 'a', rows: million }], environment());
    draw(content, 500, 200);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(content.kind === 'chart' && content.caption).toMatch(/^1,000,000 points drawn as 1,[\d]+, extremes kept$/);
  });
});
