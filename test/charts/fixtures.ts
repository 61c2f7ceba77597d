import type { ChartContent, Content } from '../../src/charts/content.ts';
import type { ChartEnvironment } from '../../src/charts/environment.ts';
import { contentOf } from '../../src/charts/kinds.ts';
import { themeOf } from '../../src/charts/theme.ts';
import type { Widget } from '../../src/definition/definition.ts';
import type { Rows, Value } from '../../src/rows/rows.ts';

export const environment = (over: Partial<ChartEnvironment> = {}): ChartEnvironment => ({
  locale: 'en',
  timeZone: 'UTC',
  theme: themeOf(null),
  font: null,
  period: null,
  ...over,
});

export const widgetOf = (kind: string, over: Partial<Widget> = {}): Widget => ({
  id: 'w',
  name: '',
  kind,
  heading: null,
  description: null,
  legend: { show: true, placement: 'bottom' },
  period: null,
  series: [],
  settings: {},
  mappings: {},
  ...over,
});

/** Rows of columns written `name:type`. */
export function rowsOf(columns: string, values: readonly (readonly Value[])[], limit: number | null = null): Rows {
  return {
    columns: columns.split(' ').map((column) => {
      const [name = '', type = 'text'] = column.split(':');
      return { name, type: type as Rows['columns'][number]['type'] };
    }),
    values,
    truncation: limit === null ? null : { by: 'rows', limit },
  };
}

export const contentFor = (widget: Widget, rows: Rows, over: Partial<ChartEnvironment> = {}): Content =>
  contentOf(widget, [{ name: 'a', rows }], environment(over));

export function chartFor(widget: Widget, rows: Rows, over: Partial<ChartEnvironment> = {}): ChartContent {
  const content = contentFor(widget, rows, over);
  if (content.kind !== 'chart') throw new Error(`a chart was expected, not ${JSON.stringify(content)}`);
  return content;
}

/** The rows of a plan as loose records. */
export const rowsIn = (content: ChartContent): readonly Record<string, unknown>[] =>
  content.chart.rows as readonly Record<string, unknown>[];

export const MAY = Date.UTC(2026, 4, 1);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** One chart of every kind that draws one, by name. */
export const everyChart: Readonly<Record<string, () => ChartContent>> = {
  line: () => chartFor(widgetOf('timeseries'), daily()),
  'lines with a gap': () => chartFor(widgetOf('timeseries'), hourly()),
  area: () => chartFor(widgetOf('timeseries', { settings: { type: 'area', stack: true } }), hourly()),
  'bars over time': () => chartFor(widgetOf('timeseries', { settings: { type: 'bar' } }), hourly()),
  bars: () => chartFor(widgetOf('histogram'), engines()),
  'bars lying down': () => chartFor(widgetOf('histogram', { settings: { orientation: 'horizontal' } }), engines()),
  'grouped bars': () => chartFor(widgetOf('histogram', { settings: { stack: false }, mappings: byStore }), stores()),
  'stacked bars': () =>
    chartFor(widgetOf('histogram', { mappings: byStore, legend: { show: true, placement: 'right' } }), stores()),
  'line over categories': () =>
    chartFor(widgetOf('histogram', { settings: { type: 'line', showDots: true }, mappings: byStore }), stores()),
  ring: () => chartFor(widgetOf('pie'), engines()),
  pie: () =>
    chartFor(widgetOf('pie', { settings: { type: 'pie' }, legend: { show: true, placement: 'top' } }), engines()),
};

export const byStore = { xAxis: { field: 'day' }, yAxis: { field: 'orders', groupingField: 'store' } };

export const daily = (): Rows =>
  rowsOf(
    't:time v:number',
    Array.from({ length: 31 }, (_, day) => [MAY + day * DAY, 200 + ((day * 37) % 113)]),
  );

export const hourly = (): Rows =>
  rowsOf(
    't:time s:text v:number',
    Array.from({ length: 96 }, (_, hour) => hour)
      .filter((hour) => hour < 30 || hour > 40)
      .flatMap((hour) => ['web', 'api'].map((name, index) => [MAY + hour * HOUR, name, 10 + index * 5 + (hour % 7)])),
  );

export const engines = (): Rows =>
  rowsOf('engine:text queries:number', [
    ['PostgreSQL', 420],
    ['MySQL', 310],
    ['OceanBase', 280],
    ['ClickHouse', 120],
    ['Redis', 60],
  ]);

export const stores = (): Rows =>
  rowsOf(
    'day:text store:text orders:number',
    ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'].flatMap((day, index) =>
      ['web', 'mobile', 'shop'].map((store, at) => [day, store, 50 + ((index * 31 + at * 17) % 60)]),
    ),
  );
