import type { Value } from '../../../src/rows/rows.ts';
import { rowsOf, type TestReport } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

const REGIONS = ['Northern Europe', 'Southern Europe', 'North America'] as const;
const CITIES: Readonly<Record<string, readonly string[]>> = {
  'Northern Europe': ['Tallinn', 'Helsinki', 'Oslo'],
  'Southern Europe': ['Lisbon', 'Athens'],
  'North America': ['Toronto', 'Austin', 'Denver'],
};
const PRODUCTS = ['Backup', 'Monitoring', 'Replication', 'Support'] as const;

/** Sales by region, city and product: 32 rows. */
const sales: readonly (readonly Value[])[] = REGIONS.flatMap((region, r) =>
  (CITIES[region] ?? []).flatMap((city, c) =>
    PRODUCTS.map((product, p): Value[] => {
      const amount = 1200.5 + ((r * 7919 + c * 104_729 + p * 1299) % 9000) * 1.25;
      return [region, city, product, 12 + ((r * 31 + c * 17 + p * 7) % 90), amount, (p - 1.5) * 0.031 + c * 0.01];
    }),
  ),
);
const SALES = 'region city product units:number amount:number change:number';

const statements = (count: number): readonly (readonly Value[])[] =>
  Array.from({ length: count }, (_, index): Value[] => [
    index + 1,
    Date.parse('2026-05-01T00:00Z') + index * 61_000,
    `host-${(index * 7) % 12}`,
    ((index * 7919) % 99_991) / 100,
    index % 17 === 0 ? null : (index * 31) % 5000,
    `select * from orders where customer_id = ${(index * 104_729) % 9973}`,
  ]);
const STATEMENTS = 'id:number time:time host ms:number rows:number sql';

interface TablePage {
  readonly columns: string;
  readonly values: readonly (readonly Value[])[];
  readonly settings?: Record<string, unknown>;
  readonly name?: string;
  readonly report?: Partial<TestReport>;
  readonly limit?: number;
}

const tableReport = ({
  columns,
  values,
  settings = {},
  name = 'Sales',
  report = {},
  limit,
}: TablePage): TestReport => ({
  name: 'Tables',
  widgets: [{ id: 't', kind: 'table', name, sql: 'rows', settings }],
  pages: [[{ widget: 't', x: 0, y: 0, w: 12, h: 4 }]],
  answers: { rows: rowsOf(columns, values, limit ?? null) },
  ...report,
});

const LONG_TEXT =
  'The statement waits for a lock that a backup holds since four in the morning. It was started by hand, without a limit of time, and nobody has looked at it since then.';

const wideColumns = ['host', ...Array.from({ length: 23 }, (_, index) => `metric_${index + 1}:number`)].join(' ');
const wideValues = Array.from({ length: 14 }, (_, row): Value[] => [
  `server-${row + 1}.example.org`,
  ...Array.from({ length: 23 }, (__, column) => ((row * 7919 + column * 1299) % 100_000) / 10),
]);

export const tablePages: readonly GalleryPage[] = [
  {
    name: 'table-plain',
    shows: 'widths from the content, figures aligned by their decimals, dates in the zone, nulls as dashes',
    report: () => tableReport({ columns: STATEMENTS, values: statements(24), name: 'Slowest statements' }),
  },
  {
    name: 'table-groups-totals',
    shows: 'two group columns printed once, subtotals by group, a grand total; sum, average and largest',
    report: () =>
      tableReport({
        columns: SALES,
        values: sales,
        settings: {
          groupBy: ['region', 'city'],
          totals: { units: 'sum', amount: 'sum', change: 'avg' },
          columns: [
            { key: 'region', label: 'Region' },
            { key: 'city', label: 'City' },
            { key: 'product', label: 'Product' },
            { key: 'units', label: 'Units' },
            { key: 'amount', label: 'Amount', unit: '€', decimals: 2 },
            { key: 'change', label: 'Change', unit: 'ratio', decimals: 1 },
          ],
        },
      }),
  },
  {
    name: 'table-totals-cut',
    shows: 'the total of a table that was cut says that it is of the first rows only',
    report: () =>
      tableReport({
        columns: SALES,
        values: sales.slice(0, 12),
        settings: { totals: 'sum', columns: [{ key: 'change', hide: true }] },
        limit: 12,
      }),
  },
  {
    name: 'table-group-continued',
    shows: 'a group that goes on over pages is named again at the top of the page',
    report: () =>
      tableReport({
        columns: 'service time:time code:number ms:number',
        values: statements(110).map(([id, time, , ms], index): Value[] => [
          index < 70 ? 'Customer accounts' : 'Orders',
          time ?? null,
          Number(id) + 1000,
          ms ?? null,
        ]),
        settings: { groupBy: 'service', totals: { ms: 'max' } },
        name: 'Calls',
      }),
  },
  {
    name: 'table-long',
    shows: 'the header on every page, which rows of how many stand on it, the limit that was applied',
    report: () =>
      tableReport({ columns: STATEMENTS, values: statements(120), limit: 120, name: 'Statements of the night' }),
  },
  {
    name: 'table-untagged',
    shows: 'a table without tags: the line below it names the attached file with its rows',
    report: () =>
      tableReport({ columns: STATEMENTS, values: statements(6), settings: { tagged: false }, name: 'Slow statements' }),
  },
  {
    name: 'table-wrapped',
    shows: 'long texts wrapped in their column, JSON, an unbroken word, line breaks, control characters',
    report: () =>
      tableReport({
        columns: 'id:number note data:json ok:boolean',
        values: [
          [1, LONG_TEXT, '{"lock":"exclusive","since":"04:00","holders":["backup","vacuum"]}', true],
          [2, 'short', '{}', false],
          [3, `one\ntwo\nthree \u0007 bell`, null, true],
          [4, `https://example.org/${'path-without-any-break/'.repeat(6)}`, '[1,2,3]', null],
          [5, 'x'.repeat(160), 'null', true],
          [6, null, null, null],
        ],
        name: 'Notes',
      }),
  },
  {
    name: 'table-tall-row',
    shows:
      'a row taller than the page goes on over pages, and the line below says so; a longer text is cut and counted',
    report: () =>
      tableReport({
        columns: 'id:number text state',
        values: [
          [1, 'before', 'ok'],
          [2, `${LONG_TEXT} `.repeat(22), 'ok'],
          [3, 'y '.repeat(1_000_000), 'cut'],
          [4, 'after', 'ok'],
        ],
        settings: { columns: [{ key: 'text', width: 150 }] },
        name: 'Tall rows',
      }),
  },
  {
    name: 'table-wide',
    shows: 'a table wider than the page: smaller type first, then the columns in parts with the first one repeated',
    report: () => tableReport({ columns: wideColumns, values: wideValues, name: 'All metrics' }),
  },
  {
    name: 'table-wide-split',
    shows: 'the same with wide: split, in the usual type',
    report: () =>
      tableReport({ columns: wideColumns, values: wideValues, settings: { wide: 'split' }, name: 'All metrics' }),
  },
  {
    name: 'table-wide-shrink',
    shows: 'sixteen columns with wide: shrink, in small type, which the line below says',
    breaks: ['type is large enough to read'],
    report: () =>
      tableReport({
        columns: wideColumns.split(' ').slice(0, 16).join(' '),
        values: wideValues.map((row) => row.slice(0, 16)),
        settings: { wide: 'shrink' },
        name: 'Fifteen metrics',
      }),
  },
  {
    name: 'table-columns',
    shows: 'columns by hand: width, alignment, label, hidden, unit in the heading, decimals, bars and heat in cells',
    report: () =>
      tableReport({
        columns: 'database owner size:number hit:number temp:number',
        values: Array.from({ length: 14 }, (_, index): Value[] => [
          `database_${index + 1}`,
          'postgres',
          (index + 1) ** 3 * 90_000_000,
          99.9 - index * 1.7,
          (index * 37) % 100,
        ]),
        settings: {
          columns: [
            { key: 'database', label: 'Database', width: '30%' },
            { key: 'owner', hide: true },
            { key: 'size', label: 'Size', unit: 'bytes', mark: 'bar' },
            { key: 'hit', label: 'Cache hits', unit: '%', decimals: 1, align: 'center' },
            { key: 'temp', label: 'Temporary files', mark: 'heat' },
          ],
        },
        name: 'Databases',
      }),
  },
  {
    name: 'table-links',
    shows: 'cells that link to addresses and to rows of another table',
    report: () => ({
      name: 'Tables with links',
      widgets: [
        {
          id: 'top',
          kind: 'table',
          name: 'Top statements',
          sql: 'top',
          settings: {
            columns: [
              { key: 'id', link: '#statement-{id}' },
              { key: 'host', link: 'https://hosts.example.org/{host}' },
            ],
          },
        },
        { id: 'texts', kind: 'table', name: 'Texts', sql: 'texts', settings: { rowAnchor: 'place' } },
      ],
      pages: [
        [
          { widget: 'top', x: 0, y: 0, w: 12, h: 3 },
          { widget: 'texts', x: 0, y: 3, w: 12, h: 3 },
        ],
      ],
      answers: {
        top: rowsOf('id host ms:number', [
          ['a1', 'host 1', 812.5],
          ['b2', 'host 2', 611],
          ['c3', 'host 3', 98.25],
        ]),
        texts: rowsOf('place sql', [
          ['statement-a1', 'select 1'],
          ['statement-b2', 'select 2'],
          ['statement-c3', 'select 3'],
        ]),
      },
    }),
  },
  {
    name: 'table-bad-values',
    shows: 'one row; all nulls; numbers that are none, huge, tiny and longer than a double',
    report: () => ({
      name: 'Odd values',
      widgets: [
        { id: 'one', kind: 'table', name: 'One row', sql: 'one' },
        { id: 'nulls', kind: 'table', name: 'Nulls', sql: 'nulls', settings: { totals: 'sum' } },
        { id: 'odd', kind: 'table', name: 'Numbers', sql: 'odd' },
        { id: 'none', kind: 'table', name: 'No rows', sql: 'none' },
        { id: 'bare', kind: 'table', name: 'No columns', sql: 'bare' },
      ],
      pages: [['one', 'nulls', 'odd', 'none', 'bare'].map((widget, y) => ({ widget, x: 0, y: y * 3, w: 12, h: 3 }))],
      answers: {
        one: rowsOf('name value:number', [['only', 1]]),
        nulls: rowsOf(
          'name value:number',
          Array.from({ length: 4 }, () => [null, null]),
        ),
        odd: rowsOf('name value:number', [
          ['not a number', Number.NaN],
          ['infinite', Number.POSITIVE_INFINITY],
          ['huge', 1.7e308],
          ['tiny', 4e-320],
          ['a decimal string', '123456789012345678901234567890.5'],
          ['negative', -1234.5],
          ['zero', -0],
        ]),
        none: rowsOf('name value:number', []),
        bare: { columns: [], values: [[], []], truncation: null },
      },
    }),
  },
  {
    name: 'table-russian',
    shows: 'the words and numbers of a table in Russian',
    report: () =>
      tableReport({
        columns: 'город:text товар:text сумма:number',
        values: [
          ['Москва', 'Резервное копирование', 1234567.5],
          ['Москва', 'Мониторинг', 98765.25],
          ['Казань', 'Мониторинг', 4321],
        ],
        settings: { groupBy: 'город', totals: { сумма: 'sum' } },
        name: 'Продажи',
        report: { locale: 'ru', name: 'Таблицы' },
      }),
  },
  {
    name: 'table-chinese',
    shows: 'the words and numbers of a table in Chinese',
    report: () =>
      tableReport({
        columns: '城市:text 产品:text 金额:number',
        values: [
          ['上海', '备份', 1234567.5],
          ['上海', '监控', 98765.25],
          ['杭州', '监控', 4321],
        ],
        settings: { groupBy: '城市', totals: { 金额: 'sum' } },
        name: '销售',
        report: { locale: 'zh', name: '表格' },
      }),
  },
];
