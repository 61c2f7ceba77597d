import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WidgetKind } from '../../src/definition/definition.ts';
import { BroadsheetError } from '../../src/errors.ts';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { rasterise } from '../../src/print/rasterise.ts';
import type { Rows, Value } from '../../src/rows/rows.ts';
import { png, pngDataUrl } from '../definition/pictures.ts';
import { drawingFor, print, rowsOf, type TestReport, typesetter } from './printing.ts';

/** Nothing here may take longer, however loaded the machine is: printing is canceled then, and the test fails. */
const MOST_MS = 60_000;

/** Prints what is no good report: always a document, its widgets each with an outcome, nothing broken inside. */
async function printed(report: TestReport) {
  const made = await print({ ...report, signal: AbortSignal.timeout(MOST_MS) });
  expect(made.defects).toEqual([]);
  expect(made.pages).toBeGreaterThan(0);
  const { data } = await rasterise(made.bytes, { page: 1, width: 200 });
  expect(data.some((value) => value < 128)).toBe(true);
  return made;
}

const KINDS = {
  timeseries: true,
  histogram: true,
  pie: true,
  table: true,
  metric: true,
  gauge: true,
  heatmap: true,
  statetimeline: true,
  toplist: true,
  text: false,
  image: false,
} satisfies Record<WidgetKind, boolean>;
const kinds = Object.entries(KINDS).flatMap(([kind, hasRows]) => (hasRows ? [kind] : []));

const DAY = 86_400_000;
const START = Date.UTC(2026, 3, 1);
const LAST_INSTANT = 8.64e15;

const timed = (values: readonly Value[]): Rows =>
  rowsOf(
    'at:time value:number other:number',
    values.map((value, day) => [START + day * DAY, value, 1]),
  );
const named = (values: readonly Value[]): Rows =>
  rowsOf(
    'name value:number',
    values.map((value, at) => [`name ${at}`, value]),
  );
const many = Array.from({ length: 10_000 }, (_, at) => (at * 7919) % 1_000);

const DATA: readonly (readonly [string, Rows])[] = [
  ['no columns', { columns: [], values: [], truncation: null }],
  ['no rows', timed([])],
  ['no rows of names', named([])],
  ['one row', timed([5])],
  ['one row of names', named([5])],
  ['only nulls', timed([null, null, null])],
  ['only nulls, names and times too', rowsOf('at:time name value:number', [[null, null, null]])],
  ['NaN and infinities', timed([Number.NaN, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY])],
  ['NaN and infinities by name', named([Number.NaN, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY])],
  ['negative values', timed([-5, -1, -9])],
  ['negative values by name', named([-5, 3, -9])],
  ['zeros', named([0, 0, 0])],
  ['the largest and smallest doubles', named([Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE])],
  ['the largest and smallest doubles over time', timed([Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE])],
  ['decimals as text', timed(['12345678901234567890.123', '-0.1', 'not a number'])],
  ['words where numbers should be', named(['many', '', '—'])],
  ['10 000 names', named(many)],
  ['10 000 days', timed(many)],
  [
    '10 000 series',
    rowsOf(
      'at:time name value:number',
      many.map((value, at) => [START, `s${at}`, value]),
    ),
  ],
  [
    'times at and beyond the ends of time',
    rowsOf('at:time value:number', [
      [-LAST_INSTANT, 1],
      [LAST_INSTANT, 2],
      [LAST_INSTANT * 2, 3],
      [Number.NaN, 4],
    ]),
  ],
  [
    'all at one instant',
    rowsOf(
      'at:time value:number',
      many.slice(0, 50).map((value) => [START, value]),
    ),
  ],
  [
    'columns and names that JavaScript knows',
    rowsOf('__proto__ constructor:number', [
      ['__proto__', 1],
      ['constructor', 2],
      ['toString', 3],
    ]),
  ],
  [
    'columns with dots, brackets, quotes and nothing at all',
    {
      columns: ["a.b[0]['c']", '', 'datum.x"', '\\'].map((name) => ({ name, type: 'number' as const })),
      values: [
        [1, 2, 3, 4],
        [4, 3, 2, 1],
      ],
      truncation: null,
    },
  ],
  ['columns of the same name', rowsOf('at:time v:number v:number v:number', [[START, 1, 2, 3]])],
  ['two million characters in a cell', rowsOf('name value:number', [['x y'.repeat(700_000), 3]])],
  [
    'control characters and halves of characters',
    rowsOf('name value:number', [['a\u0000\u001b[31m\ud800\ufffe\u202e', 3]]),
  ],
  [
    '200 columns',
    rowsOf(Array.from({ length: 200 }, (_, at) => `column_${at}:number`).join(' '), [
      Array.from({ length: 200 }, (_, at) => at),
    ]),
  ],
  ['fewer values than columns', { ...named([]), values: [[], ['a']] }],
];

describe.each(kinds)('a widget of kind %s prints', (kind) => {
  test.each(DATA)(
    '%s',
    async (_, rows) => {
      const { widgets } = await printed({
        widgets: [
          { id: 'w', kind, name: 'Widget', sql: 'rows' },
          { id: 'next', kind: 'text', settings: { text: 'What follows is there.' } },
        ],
        answers: { rows },
      });
      expect(widgets.map(({ state }) => state)).toEqual([expect.stringMatching(/^(ok|empty|truncated)$/), 'ok']);
    },
    MOST_MS + 10_000,
  );

  test(
    'settings and mappings of any type and size',
    async () => {
      const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant('__proto__'), fc.constant(-1e308));
      const names = ['type', 'theme', 'unit', 'stack', 'text', 'limit', 'xAxis', 'yAxis', 'fields', 'field', 'columns'];
      const given = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 });
      await fc.assert(
        fc.asyncProperty(given, given, async (settings, mappings) => {
          await printed({
            widgets: [{ id: 'w', kind, name: 'Widget', sql: 'rows', settings, mappings }],
            answers: { rows: timed([1, 2, 3]) },
          });
        }),
        { numRuns: 15 },
      );
    },
    MOST_MS,
  );
});

describe('sources', () => {
  const answers = {
    refused: new BroadsheetError('unprocessable', 'permission denied for table salaries'),
    late: new BroadsheetError('timeout', 'stopped after 60 s'),
    away: new BroadsheetError('unavailable', 'the source cannot be reached'),
    good: named([3, 2, 1]),
  };

  test('that fail or are late cost the others nothing', async () => {
    const { widgets } = await printed({
      widgets: Object.keys(answers).map((id) => ({ id, kind: 'histogram', name: id, sql: id })),
      answers,
    });
    const states = Object.fromEntries(widgets.map(({ widget_id, state }) => [widget_id, state]));
    expect(states).toEqual({ refused: 'failed', late: 'timed out', away: 'failed', good: 'ok' });
  });

  test('with an error of two million characters leave a notice', async () => {
    const long = new BroadsheetError('unprocessable', 'no such thing '.repeat(150_000));
    const { pages } = await printed({
      widgets: [{ id: 'w', kind: 'table', name: 'Widget', sql: 'long' }],
      answers: { long },
    });
    expect(pages).toBe(1);
  });
});

const dataUrl = (type: string, bytes: Uint8Array | string): string =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;

describe('pictures', () => {
  const cut = png(40, 40);
  const flipped = Buffer.from(png(40, 40));
  flipped[60] = (flipped[60] ?? 0) ^ 0xff;
  test.each([
    ['a cut PNG', dataUrl('image/png', cut.subarray(0, cut.length - 30)), 'a damaged PNG image'],
    ['a PNG with a changed byte', dataUrl('image/png', flipped), 'a damaged PNG image'],
    ['20 000 pixels', pngDataUrl(20_000, 3, { rows: new Uint8Array(9) }), 'too many pixels (20000 × 3)'],
    ['sizes of 31 bits', pngDataUrl(2 ** 31 - 1, 2 ** 31 - 1, { rows: new Uint8Array(9) }), 'too many pixels'],
    ['50 MB of pixels behind a small header', pngDataUrl(10, 10, { rows: new Uint8Array(5e7) }), 'a damaged PNG'],
    ['no pixels', pngDataUrl(0, 0, { rows: new Uint8Array(0) }), 'an image without pixels'],
    [
      'a bomb: 36 million pixels in a few kilobytes',
      pngDataUrl(6000, 6000, { rows: new Uint8Array(9) }),
      'too many pixels',
    ],
    ['4 MB of SVG', dataUrl('image/svg+xml', `<svg>${'<path d="M0 0h10"/>'.repeat(2e5)}</svg>`), 'neither a PNG'],
    ['a page under the name of a page', dataUrl('text/html', '<script>alert(1)</script>'), 'neither a PNG'],
    ['SVG under the name of PNG', dataUrl('image/png', '<svg xmlns="http://www.w3.org/2000/svg"/>'), 'neither a PNG'],
    ['an address', 'https://example.org/logo.png', 'images are embedded'],
    ['a file', 'file:///etc/passwd', 'not an image'],
  ])('%s is a notice', async (_, image, problem) => {
    const { widgets } = await printed({
      widgets: [{ id: 'i', kind: 'image', name: 'Logo', settings: { image } }],
      settings: { header: { show: true, text: 'Head', image }, footer: { show: true, text: 'Foot', image } },
    });
    expect(widgets[0]).toMatchObject({ state: 'failed', message: expect.stringContaining(problem) });
  });
});

describe('Markdown', () => {
  const links = Array.from({ length: 5_000 }, (_, at) => `[link ${at}](https://example.org/${at})`).join(' ');
  test.each([
    ['a megabyte of words', 'word '.repeat(200_000)],
    ['a megabyte without a blank', 'x'.repeat(1_000_000)],
    ['quotes nested deep', `${'> '.repeat(20_000)}deep`],
    ['lists nested deep', Array.from({ length: 400 }, (_, at) => `${'  '.repeat(at)}- item`).join('\n')],
    ['thousands of links', links],
    ['emphasis that never ends', '*_'.repeat(50_000)],
    ['brackets that never end', '['.repeat(50_000)],
    ['backticks that never end', '`'.repeat(50_000)],
    ['a table of 1 000 columns', `${'|a'.repeat(1_000)}|\n${'|-'.repeat(1_000)}|\n${'|b'.repeat(1_000)}|`],
    ['10 000 headings', '# Head\n\n'.repeat(10_000)],
    ['HTML', '<table><tr><td>'.repeat(1_000)],
  ])(
    '%s is a page, or pages',
    async (_, text) => {
      const { pages } = await printed({ widgets: [{ id: 'x', kind: 'text', name: 'Notes', settings: { text } }] });
      expect(pages).toBeLessThan(2_000);
    },
    MOST_MS + 10_000,
  );
});

describe('titles, headings, header and footer without end', () => {
  const endless = 'A title that does not end '.repeat(400);
  const lines = Array.from({ length: 500 }, (_, at) => `line ${at + 1}`).join('\n');

  test(
    'are cut on the page, and every format is written',
    async () => {
      const drawing = await drawingFor({
        name: endless.slice(0, 10_000),
        widgets: [
          { id: 'm', kind: 'metric', name: endless, sql: 'rows' },
          { id: 't', kind: 'table', name: 'x'.repeat(10_000), sql: 'rows' },
          { id: 'x', kind: 'text', settings: { text: 'What follows is there.' } },
        ],
        settings: {
          header: { show: true, text: lines },
          footer: { show: true, text: lines, show_page_number: true },
          cover: { show: true, subtitle: endless, text: endless },
        },
        answers: { rows: named([1]) },
      });
      const outputs = ['pdf', 'html', 'csv', 'xlsx', 'png'] as const;
      const signal = AbortSignal.timeout(MOST_MS);
      const { files, defects } = await drawDocument({ ...drawing, outputs }, { typesetter, signal });
      expect(defects).toEqual([]);
      expect(files.map(({ kind }) => kind)).toEqual(outputs);
      for (const { bytes, fileName } of files) {
        expect(bytes.length).toBeGreaterThan(200);
        expect(Buffer.byteLength(fileName)).toBeLessThan(200);
      }
      expect(files[0]?.pages).toBe(2);
      expect(Buffer.from(files[1]?.bytes ?? []).toString()).toContain('What follows is there.');
    },
    MOST_MS + 10_000,
  );
});

describe('grids', () => {
  const widgets = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ id: `w${at}`, kind: 'metric', name: `Number ${at}`, sql: 'rows' }));

  test('no widgets at all', async () => {
    expect((await printed({ widgets: [] })).pages).toBe(1);
    expect((await printed({ widgets: [], pages: [[], []] })).pages).toBeGreaterThan(0);
  });

  test(
    '1 000 widgets',
    async () => {
      const { widgets: ended } = await printed({ widgets: widgets(1_000), answers: { rows: timed([1, 2]) } });
      expect(ended.filter(({ state }) => state === 'ok')).toHaveLength(1_000);
    },
    MOST_MS + 10_000,
  );

  test('widgets nobody knows, and placements of nothing', async () => {
    const { widgets: ended } = await printed({
      widgets: [
        { id: 'u', kind: 'hologram', name: 'Unknown' },
        { id: 'k', kind: '__proto__', name: 'Known to JavaScript' },
        { id: 'w', kind: 'metric', name: 'Known', sql: 'rows' },
      ],
      pages: [
        [
          { widget_id: 'u', x: 0, y: 0, w: 6, h: 2 },
          { widget_id: 'k', x: 6, y: 0, w: 6, h: 2 },
          { widget_id: 'w', x: 0, y: 2, w: 6, h: 2 },
          { widget_id: 'nobody', x: 6, y: 2, w: 6, h: 2 },
        ],
      ],
      answers: { rows: timed([1, 2]) },
    });
    const states = Object.fromEntries(ended.map(({ widget_id, state }) => [widget_id, state]));
    expect(states).toMatchObject({ u: 'failed', k: 'failed', w: 'ok' });
  });

  test(
    'placements of any size and place',
    async () => {
      const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -1, 1e9, Number.NaN), fc.string());
      const placement = fc.record({ x: number, y: number, w: number, h: number }, { requiredKeys: [] });
      await fc.assert(
        fc.asyncProperty(placement, placement, async (first, second) => {
          const { pages } = await printed({
            widgets: widgets(2),
            pages: [
              [
                { widget_id: 'w0', ...first },
                { widget_id: 'w1', ...second },
              ],
            ],
            answers: { rows: timed([1, 2]) },
          });
          expect(pages).toBeLessThan(100);
        }),
        { numRuns: 60 },
      );
    },
    MOST_MS,
  );
});
