import { rowsOf, type TestReport } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAY = Date.parse('2026-05-01T00:00+03:00');

const place = (id: string, x: number, y: number, w: number, h: number) => ({ widget_id: id, x, y, w, h });

const engines = [
  ['PostgreSQL', 4200],
  ['MySQL', 3100],
  ['OceanBase', 2800],
  ['ClickHouse', 1200],
  ['Redis', 600],
  ['MongoDB', 410],
  ['Oracle', 280],
  ['SQLite', 90],
  ['DuckDB', 60],
  ['Cassandra', 45],
  ['etcd', 12],
] as const;

const statements = [
  ['select * from orders where customer_id = $1 and created_at > now() - interval $2', 812_000],
  ['update stock set amount = amount - $1 where product_id = $2', 403_000],
  ['insert into events (at, kind, payload) values ($1, $2, $3)', 98_500],
  ['delete from sessions where expires_at < now()', 12_400],
  ['vacuum', 900],
] as const;

const byStore = { xAxis: { field: 'day' }, yAxis: { field: 'orders', groupingField: 'store' } };
const stores = rowsOf(
  'day store orders:number',
  ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'].flatMap((day, index) =>
    ['web', 'mobile', 'shop'].map((store, at) => [day, store, 50 + ((index * 31 + at * 17) % 60)]),
  ),
);

const bars = (): TestReport => ({
  name: 'Bars by category',
  pages: [
    [
      ...['stacked', 'grouped', 'percent', 'lying'].map((id, at) =>
        place(id, (at % 2) * 6, Math.floor(at / 2) * 4, 6, 4),
      ),
      place('long', 0, 8, 12, 3),
      place('bins', 0, 11, 6, 3),
      place('profit', 6, 11, 6, 3),
    ],
  ],
  widgets: [
    { id: 'stacked', kind: 'histogram', name: 'Stacked', sql: 'stores', mappings: byStore },
    {
      id: 'grouped',
      kind: 'histogram',
      name: 'Side by side',
      sql: 'stores',
      mappings: byStore,
      settings: { stack: false },
    },
    {
      id: 'percent',
      kind: 'histogram',
      name: 'Shares',
      sql: 'stores',
      mappings: byStore,
      settings: { stack: 'percent' },
    },
    { id: 'lying', kind: 'histogram', name: 'Many categories', sql: 'many', settings: { sort: 'value' } },
    {
      id: 'long',
      kind: 'histogram',
      name: 'Long labels',
      sql: 'long',
      settings: { orientation: 'horizontal', unit: 'ms' },
    },
    { id: 'bins', kind: 'histogram', name: 'Distribution', sql: 'bins', mappings: { xAxis: { field: 'took_ms' } } },
    { id: 'profit', kind: 'histogram', name: 'Below zero', sql: 'profit', settings: { unit: '$' } },
  ],
  answers: {
    stores,
    many: rowsOf(
      'host load:number',
      Array.from({ length: 48 }, (_, index) => [`host-${index + 1}`, 10 + ((index * 37) % 90)]),
    ),
    long: rowsOf('statement took_ms:number', statements),
    bins: rowsOf(
      'took_ms:number',
      Array.from({ length: 400 }, (_, index) => [Math.round(((index * 7919) % 997) ** 1.2 / 10)]),
    ),
    profit: rowsOf('region profit:number', [
      ['North', 12_400],
      ['South', -3_800],
      ['East', 7_100],
      ['West', -900],
    ]),
  },
});

const shares = (): TestReport => ({
  name: 'Shares and ranks',
  pages: [
    [
      place('ring', 0, 0, 6, 4),
      place('pie', 6, 0, 6, 4),
      place('few', 0, 4, 6, 4),
      place('negative', 6, 4, 6, 4),
      place('top', 0, 8, 6, 4),
      place('bottom', 6, 8, 6, 4),
      place('slow', 0, 12, 12, 3),
    ],
  ],
  widgets: [
    { id: 'ring', kind: 'pie', name: 'Ring', sql: 'engines' },
    { id: 'pie', kind: 'pie', name: 'Pie', sql: 'engines', settings: { type: 'pie', maxSlices: 5 } },
    { id: 'few', kind: 'pie', name: 'Small slices kept', sql: 'sizes', settings: { minShare: 0, unit: 'bytes' } },
    { id: 'negative', kind: 'pie', name: 'A negative value', sql: 'mixed' },
    { id: 'top', kind: 'top list', name: 'Top seven', sql: 'engines', settings: { limit: 7, other: true } },
    { id: 'bottom', kind: 'toplist', name: 'Smallest', sql: 'engines', settings: { limit: 5, order: 'asc' } },
    { id: 'slow', kind: 'toplist', name: 'Slowest statements', sql: 'long', settings: { unit: 'ms' } },
  ],
  answers: {
    engines: rowsOf('engine queries:number', engines),
    sizes: rowsOf('relation size:number', [
      ['orders', 3e11],
      ['events', 1e11],
      ['customers', 4e9],
      ['sessions', 2e9],
    ]),
    mixed: rowsOf('account balance:number', [
      ['cash', 300],
      ['bank', 200],
      ['loan', -250],
    ]),
    long: rowsOf('statement took_ms:number', statements),
  },
});

/** Requests by hour over four weeks, few at night and on weekends. */
const weeks = rowsOf(
  'at:time requests:number',
  Array.from({ length: 28 * 24 }, (_, hour) => {
    const [of, day] = [hour % 24, Math.floor(hour / 24) % 7];
    const busy = Math.max(0, Math.sin(((of - 5) / 18) * Math.PI)) * (day === 1 || day === 2 ? 40 : 100);
    return [MAY + hour * HOUR, Math.round(busy + ((hour * 13) % 11))];
  }),
);

const heat = (): TestReport => ({
  name: 'Heat maps and states',
  pages: [
    [
      place('hours', 0, 0, 12, 5),
      place('grid', 0, 5, 6, 4),
      place('buckets', 6, 5, 6, 4),
      place('hosts', 0, 9, 6, 4),
      place('states', 6, 9, 6, 4),
      place('jobs', 0, 13, 12, 3),
    ],
  ],
  widgets: [
    { id: 'hours', kind: 'heatmap', name: 'Hour by weekday', sql: 'weeks' },
    { id: 'grid', kind: 'heatmap', name: 'Category by category', sql: 'stores', mappings: byStore },
    {
      id: 'buckets',
      kind: 'heatmap',
      name: 'Time by value',
      sql: 'latency',
      settings: { type: 'buckets', unit: 'ms' },
    },
    { id: 'hosts', kind: 'heatmap', name: 'Time by host', sql: 'hosts', settings: { unit: '%', reduce: 'avg' } },
    { id: 'states', kind: 'state timeline', name: 'States', sql: 'states' },
    { id: 'jobs', kind: 'state timeline', name: 'Jobs with an end', sql: 'jobs' },
  ],
  answers: {
    weeks,
    stores,
    latency: rowsOf(
      'at:time took:number',
      Array.from({ length: 900 }, (_, index) => [
        MAY + index * 160_000,
        Math.round(40 + ((index * 7919) % 101) + 60 * Math.sin(index / 90) ** 2),
      ]),
    ),
    hosts: rowsOf(
      'at:time host load:number',
      Array.from({ length: 24 }, (_, hour) => hour).flatMap((hour) =>
        ['db-1', 'db-2', 'db-3', 'web-1', 'web-2']
          .map((host, at) => [MAY + hour * HOUR, host, (hour * 11 + at * 29) % 100] as const)
          .filter(([, host]) => !(host === 'db-3' && hour > 9 && hour < 14)),
      ),
    ),
    states: rowsOf('at:time host state', [
      [MAY, 'db-1', 'up'],
      [MAY, 'db-2', 'up'],
      [MAY, 'web-1', 'up'],
      [MAY + 5 * HOUR, 'db-2', 'down'],
      [MAY + 7 * HOUR, 'db-2', 'recovering'],
      [MAY + 9 * HOUR, 'db-2', 'up'],
      [MAY + 12 * HOUR, 'web-1', null],
      [MAY + 15 * HOUR, 'web-1', 'degraded'],
      [MAY + 23 * HOUR, 'db-1', 'up'],
      [MAY + 24 * HOUR, 'db-1', 'down'],
      [MAY + 26 * HOUR, 'db-1', 'up'],
    ]),
    jobs: rowsOf('start:time end:time job phase', [
      [MAY, MAY + 2 * HOUR, 'backup', 'copy'],
      [MAY + 2 * HOUR, MAY + 3 * HOUR, 'backup', 'verify'],
      [MAY + HOUR, MAY + 6 * HOUR, 'reindex', 'build'],
      [MAY + 4 * HOUR, MAY + 5 * HOUR, 'backup', 'upload'],
    ]),
  },
});

const numbers = (): TestReport => ({
  name: 'Numbers and gauges',
  pages: [
    [
      ...['revenue', 'latency', 'errors', 'plain'].map((id, at) => place(id, at * 3, 0, 3, 3)),
      ...['sum', 'previous', 'word', 'none'].map((id, at) => place(id, at * 3, 3, 3, 3)),
      place('wide', 0, 10, 6, 2),
      ...['cpu', 'disk', 'plainGauge'].map((id, at) => place(id, at * 4, 6, 4, 4)),
    ],
  ],
  widgets: [
    { id: 'revenue', kind: 'metric', name: 'Revenue', sql: 'days', settings: { unit: 'EUR', better: 'up' } },
    { id: 'latency', kind: 'stat', name: 'Latency', sql: 'falling', settings: { unit: 'ms', better: 'down' } },
    { id: 'errors', kind: 'stat', name: 'Error rate', sql: 'rising', settings: { unit: 'ratio', better: 'down' } },
    { id: 'plain', kind: 'stat', name: 'Duration', sql: 'duration', settings: { unit: 's' } },
    { id: 'sum', kind: 'stat', name: 'Total of the period', sql: 'days', settings: { reduce: 'sum', unit: 'EUR' } },
    {
      id: 'previous',
      kind: 'stat',
      name: 'Against the period before',
      series: [
        { name: 'now', sql: 'days' },
        { name: 'before', sql: 'earlier' },
      ],
      settings: { reduce: 'sum', compareSeries: 'before', better: 'up' },
    },
    { id: 'wide', kind: 'stat', name: 'With room beside', sql: 'falling', settings: { unit: 'ms', better: 'down' } },
    { id: 'word', kind: 'stat', name: 'Version', sql: 'word' },
    { id: 'none', kind: 'stat', name: 'Nothing', sql: 'none' },
    {
      id: 'cpu',
      kind: 'gauge',
      name: 'CPU',
      sql: 'cpu',
      settings: {
        unit: '%',
        thresholds: [
          { value: 70, label: 'busy', severity: 'warn' },
          { value: 90, label: 'full', severity: 'bad' },
        ],
      },
    },
    {
      id: 'disk',
      kind: 'gauge',
      name: 'Disk',
      sql: 'disk',
      settings: { unit: 'bytes', min: 0, max: 2_199_023_255_552, thresholds: [{ value: 1.6e12, severity: 'bad' }] },
    },
    { id: 'plainGauge', kind: 'gauge', name: 'Below zero', sql: 'cold', settings: { unit: '°C' } },
  ],
  answers: {
    days: rowsOf(
      'day:time amount:number',
      Array.from({ length: 30 }, (_, day) => [MAY + day * DAY, 12_000 + ((day * 3571) % 5000) + day * 150]),
    ),
    earlier: rowsOf(
      'day:time amount:number',
      Array.from({ length: 30 }, (_, day) => [MAY - (30 - day) * DAY, 11_000 + ((day * 3571) % 5000)]),
    ),
    falling: rowsOf(
      'at:time took:number',
      Array.from({ length: 24 }, (_, hour) => [MAY + hour * HOUR, 180 - hour * 4 + ((hour * 31) % 17)]),
    ),
    rising: rowsOf(
      'at:time rate:number',
      Array.from({ length: 24 }, (_, hour) => [MAY + hour * HOUR, 0.001 + hour * 0.0007]),
    ),
    duration: rowsOf('took:number', [[5025]]),
    word: rowsOf('version', [['PostgreSQL 18.1']]),
    none: rowsOf('value:number', []),
    cpu: rowsOf('cpu:number', [[81.5]]),
    disk: rowsOf('size:number', [[1.2e12]]),
    cold: rowsOf('temperature:number', [[-12.5]]),
  },
});

export const valueChartPages: readonly GalleryPage[] = [
  {
    name: 'bars',
    shows: 'bars by category: stacked, grouped, shares, lying, long labels, bins, negative',
    report: bars,
  },
  { name: 'shares', shows: 'rings, pies and top lists', report: shares },
  { name: 'heat-maps', shows: 'heat maps and state timelines', report: heat },
  { name: 'numbers', shows: 'numbers with their change, gauges', report: numbers },
  { name: 'numbers-ru', shows: 'numbers and gauges in Russian', report: () => ({ ...numbers(), locale: 'ru' }) },
  { name: 'heat-maps-zh', shows: 'heat maps and states in Chinese', report: () => ({ ...heat(), locale: 'zh' }) },
];
