import { BroadsheetError } from '../../../src/errors.ts';
import type { Value } from '../../../src/rows/rows.ts';
import { CMYK_JPEG_URL, pngDataUrl, pngOf } from '../../definition/pictures.ts';
import { rowsOf, type TestReport, type TestWidget } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 3, 1);

const overTime = (values: readonly Value[]) =>
  rowsOf(
    'day:time value:number',
    values.map((value, day) => [START + day * DAY, value]),
  );
const byName = (values: readonly Value[]) =>
  rowsOf(
    'name value:number',
    values.map((value, at) => [`name ${at + 1}`, value]),
  );

/** Widgets in two columns, each six units wide. */
function twoColumns(widgets: readonly TestWidget[], height: number): Pick<TestReport, 'widgets' | 'pages'> {
  const page = widgets.map(({ id }, at) => {
    return { widget_id: id, x: (at % 2) * 6, y: Math.floor(at / 2) * height, w: 6, h: height };
  });
  return { widgets, pages: [page] };
}

const sources = (): TestReport => ({
  name: 'When sources fail',
  settings: { footer: { show: true, text: 'Failures', show_page_number: true } },
  ...twoColumns(
    [
      { id: 'good', kind: 'histogram', name: 'Sales by region', sql: 'good' },
      { id: 'refused', kind: 'table', name: 'Salaries', sql: 'refused' },
      { id: 'late', kind: 'timeseries', name: 'Slow query', sql: 'late' },
      { id: 'away', kind: 'metric', name: 'Source that is away', sql: 'away' },
      { id: 'empty', kind: 'timeseries', name: 'Nothing in the period', sql: 'empty' },
      { id: 'unknown', kind: 'hologram', name: 'A kind of tomorrow' },
      { id: 'none', kind: 'table', name: 'No rows', sql: 'empty' },
      { id: 'long', kind: 'table', name: 'A long message', sql: 'long' },
    ],
    3,
  ),
  answers: {
    good: rowsOf('region sales:number', [
      ['North', 410],
      ['South', 380],
      ['East', 120],
    ]),
    refused: new BroadsheetError('unprocessable', 'permission denied for table salaries'),
    late: new BroadsheetError('timeout', 'stopped after 60 s'),
    away: new BroadsheetError('unavailable', 'the source "crm" cannot be reached'),
    empty: overTime([]),
    long: new BroadsheetError(
      'unprocessable',
      `column "total" does not exist; ${'perhaps you meant another one '.repeat(40)}`,
    ),
  },
});

const KINDS = ['timeseries', 'histogram', 'pie', 'metric', 'toplist', 'gauge', 'heatmap', 'statetimeline'] as const;
const OVER_TIME: readonly string[] = ['timeseries', 'heatmap', 'statetimeline'];

/** Every kind of chart with the same odd values. */
const odd = (name: string, values: readonly Value[], height = 4): TestReport => ({
  name,
  ...twoColumns(
    KINDS.map((kind) => ({ id: kind, kind, name: kind, sql: OVER_TIME.includes(kind) ? 'days' : 'names' })),
    height,
  ),
  answers: { days: overTime(values), names: byName(values) },
});

const grey = { color: 0, depth: 16, interlaced: true } as const;
const fewColors = {
  color: 3,
  depth: 2,
  palette: [
    [196, 30, 58],
    [26, 65, 134],
    [240, 180, 40],
    [0, 0, 0],
  ],
  transparency: [255, 255, 255, 0],
} as const;
const urlOf = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;
const pictures: Readonly<Record<string, string>> = {
  'A PNG cut short': urlOf(Buffer.from(pngDataUrl(40, 40).slice(22), 'base64').subarray(0, 200)),
  '20 000 pixels wide': pngDataUrl(20_000, 3, { rows: new Uint8Array(9) }),
  'SVG named PNG': `data:image/png;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')}`,
  'An address': 'https://example.org/logo.png',
  '16 bits, interlaced': urlOf(pngOf(grey, 96, 32, (x) => [Math.round((x / 95) * 65_535)])),
  'Four colours, one clear': urlOf(pngOf(fewColors, 96, 32, (x, y) => [((x >> 3) % 4) ^ ((y >> 3) % 2)])),
  'JPEG in print colours': CMYK_JPEG_URL,
  'Half transparent': pngDataUrl(96, 32, { alpha: true }),
};

const badPictures = (): TestReport => ({
  name: 'Pictures, good and bad',
  ...twoColumns(
    Object.entries(pictures).map(([name, image], at) => ({ id: `p${at}`, kind: 'image', name, settings: { image } })),
    3,
  ),
});

const hostile = (): TestReport => ({
  name: 'Text that means harm <b>&amp;</b>',
  widgets: [
    {
      id: 'markdown',
      kind: 'text',
      name: 'Markdown <script>',
      settings: {
        text: [
          '<script>alert(1)</script> [runs](javascript:alert(1)) ![looks](https://example.org/pixel.png)',
          `${'> '.repeat(40)}forty quotes deep`,
          Array.from({ length: 24 }, (_, depth) => `${'  '.repeat(depth)}- level ${depth + 1}`).join('\n'),
          `${'unbroken'.repeat(60)}`,
          '**bold that *never ends',
        ].join('\n\n'),
      },
    },
    { id: 'cells', kind: 'table', name: 'Two million characters in a cell', sql: 'cells' },
  ],
  answers: {
    cells: rowsOf('key text', [
      ['words', 'many words '.repeat(190_000)],
      ['control', 'bell \u0007, escape \u001b[31m, override \u202egnp.exe'],
      ['markup', '<img src=x onerror=alert(1)> {{handlebars}} $dollars %s'],
    ]),
  },
});

const endless = (): TestReport => {
  const lines = Array.from({ length: 500 }, (_, at) => `line ${at + 1}`).join('\n');
  return {
    name: 'A title that does not end '.repeat(400).trim(),
    settings: {
      header: { show: true, text: lines },
      footer: { show: true, text: lines, show_page_number: true },
    },
    widgets: [
      { id: 'number', kind: 'metric', name: 'A heading that does not end '.repeat(400).trim(), sql: 'sizes' },
      { id: 'table', kind: 'table', name: 'Unbroken'.repeat(1_000), sql: 'sizes' },
      { id: 'text', kind: 'text', name: 'What follows', settings: { text: 'is there.' } },
    ],
    answers: { sizes: rowsOf('size:number', [[10_000]]) },
  };
};

const manyWidgets = (): TestReport => ({
  name: 'Sixty numbers',
  widgets: Array.from({ length: 60 }, (_, at) => ({
    id: `w${at}`,
    kind: 'metric',
    name: `Number ${at + 1}`,
    sql: `n${at}`,
  })),
  pages: [
    Array.from({ length: 60 }, (_, at) => ({
      widget_id: `w${at}`,
      x: (at % 6) * 2,
      y: Math.floor(at / 6) * 2,
      w: 2,
      h: 2,
    })),
  ],
  answers: Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`n${at}`, rowsOf('value:number', [[(at * 7919) % 1000]])]),
  ),
});

const many = Array.from({ length: 10_000 }, (_, at) => 20 + ((at * 7919) % 1_000));

export const failurePages: readonly GalleryPage[] = [
  {
    name: 'failing-sources',
    shows: 'failures, timeouts, no rows and unknown kinds beside what is well',
    report: sources,
  },
  { name: 'one-row', shows: 'every chart of a single row', report: () => odd('One row', [42]) },
  {
    name: 'only-nulls',
    shows: 'every chart of nothing but nulls',
    report: () => odd('Only nulls', [null, null, null]),
  },
  {
    name: 'negative-values',
    shows: 'every chart of values below and above zero',
    report: () => odd('Below and above zero', [-40, 25, -5, 0, 12, -31, 8]),
  },
  {
    name: 'not-numbers',
    shows: 'NaN and infinities are gaps',
    report: () =>
      odd('NaN and infinities', [3, Number.NaN, 5, Number.POSITIVE_INFINITY, 4, Number.NEGATIVE_INFINITY, 6, 7]),
  },
  {
    name: 'huge-and-tiny',
    shows: 'the largest doubles beside small ones',
    report: () => odd('The ends of the doubles', [1e308, 5e307, 2e300, 1e-300, 3]),
  },
  { name: 'ten-thousand-values', shows: '10 000 names and 10 000 days', report: () => odd('10 000 of each', many) },
  { name: 'pictures', shows: 'damaged, oversized and unusual pictures', report: badPictures },
  { name: 'hostile-text', shows: 'HTML, deep nesting, endless words, 2 MB in a cell', report: hostile },
  { name: 'endless-titles', shows: 'title, headings, header and footer of 10 000 characters', report: endless },
  { name: 'sixty-numbers', shows: 'a page of many small cards', report: manyWidgets },
];
