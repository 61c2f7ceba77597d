import type { ReportDefinition } from '../../src/definition/definition.ts';
import { parseReport } from '../../src/definition/parse-report.ts';
import type { Drawing } from '../../src/operations/runs/draw-document.ts';
import type { Rows, Value } from '../../src/rows/rows.ts';
import { type BenchChart, CHARTS_PER_PAGE } from './report.ts';

/** One widget of a report that a bench prints: what is stored of it, and the rows its source would give. */
export interface BenchWidget {
  readonly kind: string;
  readonly settings?: Record<string, unknown>;
  readonly mappings?: Record<string, unknown>;
  readonly rows: Rows;
}

/** A drawing of widgets, two by two on a page, as a run would make it of stored definitions and rows that were read. */
export function drawingOf(widgets: readonly BenchWidget[], perPage = CHARTS_PER_PAGE): Drawing {
  const ids = widgets.map((_, index) => `w${index}`);
  const columns = perPage === 1 ? 1 : 2;
  const [w, h] = [12 / columns, 16 / Math.ceil(perPage / columns)];
  const pages = Array.from({ length: Math.ceil(widgets.length / perPage) }, (_, page) =>
    ids.slice(page * perPage, (page + 1) * perPage).map((id, slot) => {
      return { widget_id: id, x: (slot % columns) * w, y: Math.floor(slot / columns) * h, w, h };
    }),
  );
  const { definition } = parseReport({
    report: { id: 'bench', name: 'Bench', config: { pages }, settings: {} },
    dashboard: {},
    widgets: widgets.map(({ kind, settings = {}, mappings = {} }, index) => ({
      id: ids[index],
      config: {
        settings: { kind, base: {}, settings, mappings },
        series: [{ name: 's', source: 'main', mode: 'sql', sql: 'select 1' }],
      },
    })),
  });
  const at = new Date('2026-05-03T04:30:00Z');
  return {
    definition,
    at,
    timeZone: 'UTC',
    locale: 'en',
    period: { from: at, to: at },
    isPeriodStated: false,
    reads: readsOf(definition, widgets),
    outputs: ['pdf'],
    ids: {},
  };
}

function readsOf(definition: ReportDefinition, widgets: readonly BenchWidget[]): Drawing['reads'] {
  const placed = new Map(definition.pages.flat().map(({ widget }) => [widget.id, widget]));
  return widgets.flatMap(({ rows }, index) => {
    const widget = placed.get(`w${index}`);
    const series = [{ name: 's', source: 'main', queryHash: '', rows }];
    return widget ? [{ widget, period: null, series, problem: null }] : [];
  });
}

/** Rows of the given columns, `name:type`; text where no type is said. */
export const table = (columns: string, values: readonly (readonly Value[])[]): Rows => ({
  columns: columns.split(' ').map((column) => {
    const [name = '', type = 'text'] = column.split(':');
    return { name, type: type as Rows['columns'][number]['type'] };
  }),
  values,
  truncation: null,
});

/** The same four shapes on the same rows as the peers' specifications, as widgets of ours. */
const SHAPES: readonly ((rows: BenchChart['rows']) => BenchWidget)[] = [
  (rows) => ({
    kind: 'timeseries',
    mappings: { xAxis: { field: 'time' }, yAxis: { field: 'value', groupingField: 'series' } },
    rows: table('time:time series value:number', cells(rows, ['time', 'series', 'value'])),
  }),
  (rows) => ({
    kind: 'histogram',
    mappings: { xAxis: { field: 'day' }, yAxis: { field: 'value', groupingField: 'series' } },
    rows: table('day series value:number', cells(rows, ['day', 'series', 'value'])),
  }),
  (rows) => ({ kind: 'pie', rows: table('series value:number', cells(rows, ['series', 'value'])) }),
  (rows) => ({
    kind: 'heatmap',
    settings: { reduce: 'avg' },
    mappings: { xAxis: { field: 'hour' }, yAxis: { field: 'value', groupingField: 'day' } },
    rows: table('hour day value:number', cells(rows, ['hour', 'day', 'value'])),
  }),
];

const cells = (rows: BenchChart['rows'], fields: readonly string[]): readonly (readonly Value[])[] =>
  rows.map((row) => fields.map((field) => row[field] as Value));

/** A round of the bench as a report of ours. */
export const reportOf = (charts: readonly BenchChart[]): Drawing =>
  drawingOf(charts.flatMap(({ rows }, index) => SHAPES[index % SHAPES.length]?.(rows) ?? []));
