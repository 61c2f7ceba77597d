import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReport } from '../../src/definition/parse-report.ts';
import { pngDataUrl } from './pictures.ts';

const widget = (id: string, kind = 'table') => ({ id, name: id, config: { settings: { kind } }, settings: {} });
const places = (stored: Parameters<typeof parseReport>[0]) =>
  parseReport(stored).definition.pages.map((page) => page.map(({ widget: { id }, x, y, w, h }) => [id, x, y, w, h]));

describe('pages', () => {
  test('placed items of config.pages are printed', () => {
    const report = { config: { pages: [[{ widget_id: 'a', x: 0, y: 0, w: 6, h: 4 }], [{ widget_id: 'b' }]] } };
    expect(places({ report, dashboard: {}, widgets: [widget('a'), widget('b')] })).toEqual([
      [['a', 0, 0, 6, 4]],
      [['b', 0, 0, 12, null]],
    ]);
  });

  test.each([[[[{}]]], [[]], [undefined], ['oops'], [[[]]]])('with pages %j the dashboard grid is printed', (pages) => {
    const dashboard = { config: { grid: [{ i: 'b', x: 6, y: 1, w: 6, h: 2 }] } };
    expect(places({ report: { config: { pages } }, dashboard, widgets: [widget('a'), widget('b')] })).toEqual([
      [['b', 6, 1, 6, 2]],
    ]);
  });

  test('without a grid the widgets stand one below the other', () => {
    expect(places({ report: {}, dashboard: { config: { grid: [{}] } }, widgets: [widget('a'), widget('b')] })).toEqual([
      [
        ['a', 0, 0, 12, null],
        ['b', 0, 1, 12, null],
      ],
    ]);
  });

  test('a grid of 24 columns is scaled as a whole', () => {
    const grid = [
      { i: 'a', x: 0, y: 0, w: 12, h: 4 },
      { i: 'b', x: 12, y: 0, w: 12, h: 4 },
    ];
    const { definition, warnings } = parseReport({
      report: {},
      dashboard: { config: { grid } },
      widgets: [widget('a'), widget('b')],
    });
    expect(definition.pages[0]?.map(({ x, w }) => [x, w])).toEqual([
      [0, 6],
      [6, 6],
    ]);
    expect(warnings).toEqual(['dashboard.config.grid: items reach column 24: read as a grid of 24 columns']);
  });

  test('an item that names no widget is left out with a warning', () => {
    const { definition, warnings } = parseReport({
      report: { config: { pages: [[{ widget_id: 'gone' }, { widget_id: 'a' }]] } },
      dashboard: {},
      widgets: [widget('a')],
    });
    expect(definition.pages.flat().map((place) => place.widget.id)).toEqual(['a']);
    expect(warnings.join()).toContain('no widget "gone"');
  });
});

describe('widgets', () => {
  const parse = (stored: unknown) => {
    const { definition } = parseReport({ report: {}, dashboard: {}, widgets: [stored] });
    const found = definition.pages[0]?.[0]?.widget;
    if (!found) throw new Error('no widget');
    return found;
  };

  test('config is preferred, settings fill what it lacks', () => {
    const parsed = parse({
      id: 'w',
      name: 'stored name',
      config: {
        settings: { kind: 'histogram', settings: { type: 'bar', theme: null }, mappings: { xAxis: { field: 'day' } } },
      },
      settings: {
        settings: {
          kind: 'pie',
          base: { name: 'Heading' },
          settings: { type: 'line', theme: 'roma', showDots: true },
          mappings: { field: 'n' },
        },
        period: ['now-1', 'now'],
        series: [{ name: 's', source: 'main', sql: 'select 1' }],
      },
    });
    expect(parsed.kind).toBe('histogram');
    expect(parsed.heading).toBe('Heading');
    expect(parsed.settings).toEqual({ type: 'bar', theme: 'roma', showDots: true });
    expect(parsed.mappings).toEqual({ xAxis: { field: 'day' }, field: 'n' });
    expect(parsed.period).toEqual(['now-1', 'now']);
    expect(parsed.series).toMatchObject([{ name: 's', mode: 'sql', source: 'main', sql: 'select 1', query: null }]);
  });

  test.each([
    ['timeseries', 'timeseries'],
    ['time_series', 'timeseries'],
    ['Time Series', 'timeseries'],
    ['временной ряд', 'timeseries'],
    ['BAR', 'histogram'],
    ['donut', 'pie'],
    ['stat', 'metric'],
    ['markdown', 'text'],
    ['map', 'map'],
  ])('the word %s means the kind %s', (word, kind) => {
    expect(parse({ id: 'w', config: { type: word } }).kind).toBe(kind);
  });

  test('the builder query keeps every field of the seed', () => {
    const query = {
      dataset: 'events',
      distinct: true,
      fields: [{ field: 'n', alias: 'a', format: 'f', aggregation: { func: 'sum', distinct: true, args: ['1'] } }],
      filters: [{ field: 'x', negation: true, operator: 'is', value: 'y' }],
      group_by: ['x'],
      limit: 20,
      offset: 0,
      order_by: [{ direction: 'desc', field: 'n' }],
      interval: '1y',
    };
    const [series] = parse({
      id: 'w',
      config: { series: [{ name: 's', mode: 'string', source: 'm', sql: 'string', query }] },
    }).series;
    expect(series?.mode).toBe('query');
    expect(series?.query).toEqual({
      dataset: 'events',
      distinct: true,
      fields: query.fields,
      filters: query.filters,
      groupBy: ['x'],
      limit: 20,
      offset: 0,
      orderBy: [{ direction: 'desc', field: 'n' }],
      interval: '1y',
    });
  });
});

describe('header and footer', () => {
  test('every setting of the seed is read', () => {
    const image = pngDataUrl(3, 2);
    const { definition } = parseReport({
      report: {
        name: 'R',
        settings: {
          general: { period: ['2019-08-24T14:15:22Z'], name_mask: 'm' },
          header: {
            show: true,
            text: 'H',
            show_on_all_pages: false,
            color: '#abc',
            text_align: 'right',
            image,
            fit: 'none',
            image_align: 'center',
          },
          footer: {
            show: true,
            show_on_first_page: false,
            text: 'F',
            color: 'rgb(1, 2, 300)',
            show_date: true,
            show_page_number: true,
            text_align: 'center',
            date_align: 'right',
            page_number_align: 'left',
            image,
            fit: 'cover',
            image_align: 'string',
          },
          style: { font: 'OpenSans-ExtraBoldItalic', orientation: 'landscape', paper: 'letter' },
        },
      },
      dashboard: { config: { period: ['now-1', 'now'] } },
      widgets: [],
    });
    expect(definition.header).toMatchObject({
      show: true,
      text: 'H',
      showOnAllPages: false,
      color: '#aabbcc',
      textAlign: 'right',
      fit: 'none',
      imageAlign: 'center',
    });
    expect(definition.header.picture).toMatchObject({ mediaType: 'image/png', width: 3, height: 2 });
    expect(definition.footer).toMatchObject({
      show: true,
      showOnFirstPage: false,
      text: 'F',
      color: '#0102ff',
      showDate: true,
      showPageNumber: true,
      textAlign: 'center',
      dateAlign: 'right',
      pageNumberAlign: 'left',
      fit: 'fill',
      imageAlign: 'left',
    });
    expect(definition.style).toMatchObject({
      font: 'OpenSans-ExtraBoldItalic',
      orientation: 'landscape',
      paper: 'Letter',
    });
    expect(definition.period).toEqual(['2019-08-24T14:15:22Z']);
    expect(definition.dashboardPeriod).toEqual(['now-1', 'now']);
  });

  test('an image that is none is a problem to be told, not a crash', () => {
    const { definition, warnings } = parseReport({
      report: { settings: { header: { show: true, image: 'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAA...' } } },
      dashboard: {},
      widgets: [],
    });
    expect(definition.header.picture).toBeNull();
    expect(definition.header.pictureProblem).toBe('a damaged JPEG image');
    expect(warnings.join()).toContain('header.image');
  });
});

test('whatever is stored, the parser answers with a sound definition', () => {
  const keys = fc.constantFrom(
    'settings',
    'config',
    'pages',
    'grid',
    'header',
    'image',
    'series',
    'query',
    'x',
    'w',
    'h',
    'widget_id',
    'i',
    'kind',
    'id',
    'name',
    'period',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.anything({ maxDepth: 0 }),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(tree, tree, fc.array(tree, { maxLength: 4 }), (report, dashboard, widgets) => {
      const { definition } = parseReport({ report, dashboard, widgets });
      for (const { x, y, w, h } of definition.pages.flat()) {
        expect(x >= 0 && y >= 0 && w > 0 && x + w <= 12 + 1e-9 && (h === null || h > 0)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
