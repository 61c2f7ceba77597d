import { pngDataUrl } from '../../definition/pictures.ts';
import { rowsOf, type TestReport, type TestWidget } from '../../print/printing.ts';
import { busyReport } from '../../print/reports.ts';
import type { GalleryPage } from '../gallery.ts';
import { annualReport } from './layout-reports.ts';
import { textPages } from './layout-texts.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 3, 1);
const PALETTES = ['walden', 'essos', 'infographic', 'shine', 'macarons', 'roma'] as const;

const bounced = (step: number, turn: number): number =>
  Math.round((20 + turn * 4 + Math.sin(step / 3 + turn) * 9) * 10) / 10;

const chartRows = {
  lines: rowsOf(
    'at:time api:number web:number mail:number batch:number search:number',
    Array.from({ length: 30 }, (_, day) => [START + day * DAY, ...[0, 1, 2, 3, 4].map((turn) => bounced(day, turn))]),
  ),
  bars: rowsOf(
    'region kind count:number',
    ['North', 'South', 'East', 'West'].flatMap((region, index) => [
      [region, 'new', 40 + index * 9],
      [region, 'paid', 62 - index * 7],
      [region, 'sent', 25 + index * 5],
    ]),
  ),
  pie: rowsOf('kind count:number', [
    ['new', 40],
    ['paid', 31],
    ['sent', 20],
    ['returned', 9],
  ]),
  table: rowsOf('host requests:number errors:number share:number', [
    ['alpha', 120_400, 12, 0.01],
    ['beta', 98_210, 8, 0.008],
    ['gamma', 45_020, 31, 0.069],
  ]),
  number: rowsOf(
    'at:time value:number',
    Array.from({ length: 14 }, (_, day) => [START + day * DAY, bounced(day, 2)]),
  ),
};

const chartWidgets: readonly TestWidget[] = [
  { id: 'n1', kind: 'metric', name: 'Requests a second', sql: 'number' },
  { id: 'n2', kind: 'metric', name: 'Latency', sql: 'number', settings: { unit: 'ms' } },
  { id: 'lines', kind: 'timeseries', name: 'Load by service', description: 'Mean of the day', sql: 'lines' },
  {
    id: 'bars',
    kind: 'histogram',
    name: 'Orders by region',
    sql: 'bars',
    mappings: { xAxis: { field: 'region' }, yAxis: { field: 'count', groupingField: 'kind' } },
  },
  { id: 'pie', kind: 'pie', name: 'Orders by state', sql: 'pie' },
  { id: 'table', kind: 'table', name: 'Hosts', sql: 'table' },
];

const chartPage = [
  { widget_id: 'n1', x: 0, y: 0, w: 6, h: 2 },
  { widget_id: 'n2', x: 6, y: 0, w: 6, h: 2 },
  { widget_id: 'lines', x: 0, y: 2, w: 12, h: 5 },
  { widget_id: 'bars', x: 0, y: 7, w: 7, h: 5 },
  { widget_id: 'pie', x: 7, y: 7, w: 5, h: 5 },
  { widget_id: 'table', x: 0, y: 12, w: 12, h: 3 },
];

/** One page with every kind of colour on it. */
const designed = (name: string, style: Record<string, unknown>): TestReport => ({
  name,
  settings: { style, footer: { show: true, text: 'Design', show_page_number: true } },
  widgets: chartWidgets,
  pages: [chartPage],
  answers: chartRows,
});

const LONG =
  'A header that says much more than a header should: the name of the department, of the project, of the customer and of whoever else wanted to be in it, so that it wraps and in the end is cut. '.repeat(
    2,
  );

const gridItems = (count: number, columns: number, h: number | null) =>
  Array.from({ length: count }, (_, index) => {
    const w = 12 / columns;
    return {
      widget_id: `c${index}`,
      x: (index % columns) * w,
      y: Math.floor(index / columns) * (h ?? 1),
      w,
      ...(h !== null && { h }),
    };
  });

const gridWidgets = (count: number): TestWidget[] =>
  Array.from({ length: count }, (_, index) => {
    const kind = ['timeseries', 'histogram', 'metric', 'pie'][index % 4] ?? 'metric';
    const sql = { timeseries: 'lines', histogram: 'bars', metric: 'number', pie: 'pie' }[kind] ?? 'number';
    return { id: `c${index}`, kind, name: `Card ${index + 1}`, sql };
  });

export const layoutPages: readonly GalleryPage[] = [
  {
    name: 'every-kind',
    shows: 'every kind of widget, three scripts, a failure, a table over pages',
    report: busyReport,
  },
  { name: 'report-english', shows: 'a whole report with cover and contents', report: () => annualReport('en') },
  { name: 'report-russian', shows: 'the same report in Russian', report: () => annualReport('ru') },
  { name: 'report-chinese', shows: 'the same report in Chinese', report: () => annualReport('zh') },
  {
    name: 'report-print',
    shows: 'a whole report in the print design, on Letter, across',
    report: () => annualReport('en', { style: { theme: 'print', paper: 'Letter', orientation: 'landscape' } }),
  },
  { name: 'design-light', shows: 'the light design with its own palette', report: () => designed('Light', {}) },
  {
    name: 'design-print',
    shows: 'the print design: no fills, greys, dashes',
    report: () => designed('Print', { theme: 'print' }),
  },
  {
    name: 'design-print-roma',
    shows: 'the print design with the colours of a palette',
    report: () => designed('Print, roma', { theme: 'print', palette: 'roma' }),
  },
  ...PALETTES.map((palette) => ({
    name: `palette-${palette}`,
    shows: `the palette ${palette} on the light design`,
    report: () => designed(`Palette ${palette}`, { theme: palette }),
  })),
  {
    name: 'long-header-and-footer',
    shows: 'a header and a footer of too many words: wrapped, cut, clear of picture, date and page number',
    report: () => ({
      ...designed('Long bands', {}),
      settings: {
        header: { show: true, text: LONG, image: pngDataUrl(90, 30), image_align: 'right' },
        footer: { show: true, text: LONG, show_date: true, date_align: 'center', show_page_number: true },
      },
    }),
  },
  {
    name: 'dense-grid',
    shows: 'twelve cards in four columns: equal gutters, shared baselines, equal heights',
    report: () => ({ name: 'Dense grid', widgets: gridWidgets(12), pages: [gridItems(12, 4, 4)], answers: chartRows }),
  },
  {
    name: 'natural-heights',
    shows: 'cards without a height: those of a row are as high as the highest',
    report: () => ({
      name: 'Natural heights',
      widgets: gridWidgets(6),
      pages: [gridItems(6, 2, null)],
      answers: chartRows,
    }),
  },
  {
    name: 'landscape-letter',
    shows: 'Letter across, without a title',
    report: () => designed('Landscape', { paper: 'Letter', orientation: 'landscape', show_title: false }),
  },
  ...textPages,
];
