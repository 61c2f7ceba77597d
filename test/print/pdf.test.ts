import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BroadsheetError } from '../../src/errors.ts';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import type { Typesetter } from '../../src/scene/typesetter.ts';
import { pngDataUrl } from '../definition/pictures.ts';
import { needs } from '../harness/needs.ts';
import { drawingFor, onFile, print, rowsOf, type TestReport, textOf, typesetter, wordBoxes } from './printing.ts';
import { busyReport } from './reports.ts';

const table = (count: number, limit: number | null = null): TestReport => ({
  widgets: [{ id: 't', kind: 'table', name: 'Long table', sql: 'rows' }],
  answers: {
    rows: rowsOf(
      'id:number name',
      Array.from({ length: count }, (_, row) => [row + 1, `row-${row + 1}-end`]),
      limit,
    ),
  },
});

describe('a printed document', () => {
  test('is the same bytes in two processes', async () => {
    const here = await print(busyReport());
    const script = fileURLToPath(new URL('./print-once.ts', import.meta.url));
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8', timeout: 110_000 })).toBe(here.sha256);
  });

  test('is the same bytes whatever was printed before it', async () => {
    const first = await print(busyReport());
    await print({ ...busyReport(), name: 'no\u00a0break', locale: 'ru' });
    expect((await print(busyReport())).sha256).toBe(first.sha256);
  });

  test('tells how each widget ended; what failed costs the others nothing', async () => {
    const { widgets, defects } = await print(busyReport());
    const states = Object.fromEntries(widgets.map(({ widget_id, state }) => [widget_id, state]));
    expect(states).toEqual({ m: 'ok', l: 'ok', b: 'ok', p: 'ok', t: 'ok', x: 'ok', i: 'ok', f: 'failed', u: 'failed' });
    expect(defects).toEqual([]);
  });

  test('stops when it is canceled', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(print({ ...busyReport(), signal: controller.signal })).rejects.toMatchObject({ code: 'canceled' });
  });

  test('lets other work have its turn between widgets', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await print(busyReport());
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});

needs('pdftotext')('numbers side by side', () => {
  test('have one size and one baseline, that of the one with least room', async () => {
    const values = ['8', '1 h 24 min', '204'];
    const { bytes } = await print({
      widgets: values.map((_, at) => ({ id: `m${at}`, kind: 'metric', name: `Number ${at}`, sql: `v${at}` })),
      pages: [values.map((_, at) => ({ widget_id: `m${at}`, x: at * 3, y: 0, w: 3, h: 2 }))],
      answers: Object.fromEntries(values.map((value, at) => [`v${at}`, rowsOf('value', [[value]])])),
    });
    const boxes = ['8', 'min', '204'].map((word) => wordBoxes(bytes).find(({ text }) => text === word));
    const places = boxes.map((box) => [box?.y1.toFixed(1), box?.y2.toFixed(1)].join());
    expect(places[0]).toMatch(/^\d/);
    expect(new Set(places).size).toBe(1);
  });
});

needs(
  'pdftotext',
  'qpdf',
  'pdffonts',
)('the file, read back', () => {
  test('is sound PDF, tagged, titled, with all fonts embedded and the manifest attached', async () => {
    const { bytes, manifest } = await print(busyReport());
    expect(onFile(bytes, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors');
    const info = onFile(bytes, 'pdfinfo', 'FILE');
    expect(info).toMatch(/Title:\s+Activity <of> the & server\n/);
    expect(info).toMatch(/Tagged:\s+yes/);
    expect(info).toMatch(/CreationDate:.*2026/);
    const fonts = onFile(bytes, 'pdffonts', 'FILE').trim().split('\n').slice(2);
    for (const line of fonts) expect(line).toMatch(/Identity-H\s+yes yes yes/);
    const names = fonts.map((line) => line.replace(/^[A-Z]{6}\+(\S+) .*$/, '$1'));
    expect([...new Set(names)].sort()).toEqual(manifest.fonts);
    const attached = onFile(bytes, 'qpdf', '--show-attachment=manifest.json', 'FILE');
    expect(JSON.parse(attached)).toEqual(manifest);
    expect(manifest.widgets.find(({ id }) => id === 't')).toMatchObject({
      state: 'ok',
      rows: 60,
      series: [{ source: 'main', rows: 60 }],
    });
  });

  test('says in its manifest that a chart broke while it was drawn', async () => {
    const drawing = await drawingFor(busyReport());
    const broken: Typesetter = {
      ...typesetter,
      charts: {
        ...typesetter.charts,
        prepare: () => {
          throw new Error('planted');
        },
      },
    };
    const { files, manifest } = await drawDocument(drawing, {
      typesetter: broken,
      signal: AbortSignal.timeout(60_000),
    });
    const bytes = files[0]?.bytes ?? new Uint8Array();
    const attached = JSON.parse(onFile(bytes, 'qpdf', '--show-attachment=manifest.json', 'FILE')) as typeof manifest;
    expect(attached).toEqual(manifest);
    const states = attached.widgets.filter(({ kind }) => kind === 'timeseries').map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['failed']));
  });

  test('has its metadata as well-formed XML', async () => {
    const { bytes } = await print(busyReport());
    expect(onFile(bytes, 'pdfinfo', '-meta', 'FILE')).toContain('Activity &lt;of&gt; the &amp; server');
  });

  test('says every label, cell and notice as live text', async () => {
    const text = textOf((await print(busyReport())).bytes);
    for (const words of [
      'Activity <of> the & server',
      'Connections',
      'Temperature',
      'Погода',
      '会话状态',
      'Customer 0',
      'Customer 59',
      'relation "nope" does not exist',
      'are not known',
      'Confidential',
      'See the manual',
      'quoted',
      'Operations',
      'sun',
      'rain',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('has the structure a screen reader walks: headings, tables with scoped headers, figures with words, lists, links', async () => {
    const { bytes } = await print(busyReport());
    const structure = onFile(bytes, 'pdfinfo', '-struct', 'FILE');
    for (const tag of [
      'Document',
      'Sect',
      'H1',
      'H2',
      'Table',
      'TR',
      'TH',
      'TD',
      'Figure',
      'L',
      'LI',
      'Lbl',
      'LBody',
      'Link',
      'BlockQuote',
    ]) {
      if (tag !== 'BlockQuote') expect(structure).toMatch(new RegExp(`^\\s*${tag}\\b`, 'm'));
    }
    expect(structure.match(/^\s*Table\b/gm)).toHaveLength(1);
    expect(structure.match(/^\s*TH\b/gm)).toHaveLength(3);
    expect(structure.match(/^\s*TR\b/gm)).toHaveLength(61);
  });

  test.each([[0], [1], [100], [100_000]])(
    'a table of %i rows: what its pages say adds up, and every row is there once',
    async (count) => {
      const { bytes, pages } = await print(table(count));
      const text = textOf(bytes);
      const ids = [...text.matchAll(/row-(\d+)-end/g)].map((match) => Number(match[1]));
      expect(ids).toEqual(Array.from({ length: count }, (_, row) => row + 1));
      const stated = [...text.matchAll(/Rows? ([\d,]+)(?:–([\d,]+))? of ([\d,]+)/g)].map((match) => {
        const [from, to, all] = [match[1], match[2] ?? match[1], match[3]].map((digits) =>
          Number(digits?.replaceAll(',', '')),
        );
        expect(all).toBe(count);
        return (to ?? 0) - (from ?? 0) + 1;
      });
      const whole = /(\d+) rows?\b/.exec(text);
      const sum = stated.length > 0 ? stated.reduce((total, part) => total + part, 0) : Number(whole?.[1] ?? 0);
      expect(sum).toBe(count);
      if (count > 100) {
        expect(pages).toBeGreaterThan(100);
        expect([...text.matchAll(/\bid +name\b/g)]).toHaveLength(pages);
      }
    },
    180_000,
  );

  test('a table too wide for the page goes on below with its other columns, every cell once', async () => {
    const columns = Array.from({ length: 40 }, (_, column) => `measured_${column}:number`);
    const rows = [1, 2, 3].map((row) => columns.map((_, column) => row * 100_000 + column));
    const { bytes } = await print({
      widgets: [{ id: 't', kind: 'table', name: 'Wide', sql: 'rows' }],
      answers: { rows: rowsOf(columns.join(' '), rows) },
    });
    const text = textOf(bytes);
    const cells = [...text.matchAll(/\b[123]\d\d,\d\d\d\b/g)].map(([cell]) => Number(cell.replace(',', '')));
    expect(new Set(cells)).toEqual(new Set(rows.flat()));
    const stated = [...text.matchAll(/Columns (\d+)–(\d+) of 40 · 3 rows/g)].map(([, from, to]) => [
      Number(from),
      Number(to),
    ]);
    expect(stated.length).toBeGreaterThan(1);
    expect(stated.reduce((sum, [from = 0, to = 0]) => sum + to - from + 1, 0)).toBe(40);
    expect(cells).toHaveLength(3 * (40 + stated.length - 1));
  });

  test('a cut table says so, with the limit', async () => {
    const { bytes, widgets } = await print(table(50, 50));
    expect(textOf(bytes)).toMatch(/of 50 \(limit 50 applied\)/);
    expect(widgets[0]).toMatchObject({ state: 'truncated', rows: 50 });
  });

  test('a cell of two million characters is shortened and said, in bounded time', async () => {
    const started = performance.now();
    const { bytes, pages, warnings } = await print({
      widgets: [{ id: 't', kind: 'table', sql: 'rows' }],
      answers: { rows: rowsOf('a b', [['x'.repeat(1_000_000) + ' y'.repeat(500_000), 'short']]) },
    });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(pages).toBe(1);
    expect(textOf(bytes)).toContain('long texts shortened in 1 cell');
    expect(warnings.map(({ message }) => message).join()).toContain('shortened');
  });

  test('hostile Markdown is text: no HTML, no script links, no images from elsewhere', async () => {
    const text =
      '<script>alert(1)</script> [a](javascript:alert(1)) [b](data:text/html,x) [c](file:///etc/passwd) [d](//x) ![pic](http://x/y.png)\n\n<div onclick="x">block</div>\n\n[good](https://example.org/ok)';
    const { bytes } = await print({ widgets: [{ id: 'x', kind: 'text', settings: { text } }] });
    const shown = textOf(bytes);
    expect(shown).toContain('<script>alert(1)</script>');
    expect(shown).toContain('<div onclick="x">block</div>');
    const uris = [
      ...onFile(bytes, 'qpdf', '--qdf', '--object-streams=disable', 'FILE', '-').matchAll(/\/URI \((.*?)\)/g),
    ];
    expect(uris.map((match) => match[1])).toEqual(['https://example.org/ok']);
  });

  test('Markdown nested thousands deep is a page, not a crash', async () => {
    const { pages } = await print({
      widgets: [{ id: 'x', kind: 'text', settings: { text: `${'> '.repeat(5_000)}deep\n\n${'- '.repeat(2_000)}x` } }],
    });
    expect(pages).toBeGreaterThan(0);
  });

  test.each([
    ['no image at all', 'hello'],
    ['a cut PNG', pngDataUrl(30, 30).slice(0, 120)],
    ['20 000 pixels', pngDataUrl(20_000, 3, { rows: new Uint8Array(9) })],
  ])('an image widget with %s is a notice', async (_, image) => {
    const { bytes, widgets } = await print({
      widgets: [{ id: 'i', kind: 'image', name: 'Logo', settings: { image } }],
      settings: { header: { show: true, text: 'Head', image }, footer: { show: true, image } },
    });
    expect(onFile(bytes, 'qpdf', '--check', 'FILE')).toContain('No syntax');
    expect(widgets[0]?.state).not.toBe('ok');
    expect(textOf(bytes)).toContain('Head');
  });

  test('a query that was stopped says so', async () => {
    const { bytes, widgets } = await print({
      widgets: [{ id: 't', kind: 'table', name: 'Slow', sql: 'slow' }],
      answers: { slow: new BroadsheetError('timeout', 'stopped after 60 s') },
    });
    expect(widgets[0]?.state).toBe('timed out');
    expect(textOf(bytes)).toContain('The query took too long');
  });
});

const PAGE = { width: 595.28, height: 841.89, margin: 40 };

needs('pdftotext')('any grid of widgets, printed', () => {
  const kinds = ['table', 'text', 'metric', 'timeseries', 'pie', 'map'] as const;
  const item = fc.record({
    kind: fc.constantFrom(...kinds),
    x: fc.integer({ min: 0, max: 11 }),
    y: fc.integer({ min: 0, max: 14 }),
    w: fc.integer({ min: 2, max: 12 }),
    h: fc.option(fc.integer({ min: 1, max: 8 })),
    rows: fc.integer({ min: 0, max: 40 }),
  });

  test('no two words overlap and nothing stands outside the margins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 7 }), async (items) => {
        const base = busyReport();
        const answers = { ...base.answers } as NonNullable<TestReport['answers']> & Record<string, never>;
        const widgets = items.map(({ kind, rows }, index) => {
          Object.assign(answers, {
            [`rows${index}`]: rowsOf(
              'name amount:number',
              Array.from({ length: rows }, (_, row) => [`Name ${row}`, row * 7]),
            ),
          });
          const sql = {
            table: `rows${index}`,
            text: undefined,
            metric: 'metric',
            timeseries: 'days',
            pie: 'bars',
            map: undefined,
          }[kind];
          const settings = kind === 'text' ? { text: 'Some words to fill a paragraph. '.repeat(rows) } : {};
          return { id: `w${index}`, kind, name: `Heading ${index}`, settings, ...(sql === undefined ? {} : { sql }) };
        });
        const pages = [
          items.map(({ x, y, w, h }, index) => ({ widget_id: `w${index}`, x: Math.min(x, 12 - w), y, w, h })),
        ];
        const { bytes } = await print({ ...base, answers, widgets, pages });
        const words = wordBoxes(bytes);
        for (const { x1, x2, y1, y2, text } of words) {
          expect(
            x1 >= PAGE.margin - 1 && x2 <= PAGE.width - PAGE.margin + 1 && y1 >= 15 && y2 <= PAGE.height - 15,
            text,
          ).toBe(true);
        }
        for (const [index, a] of words.entries()) {
          for (const b of words.slice(index + 1)) {
            if (a.page !== b.page) continue;
            const [width, height] = [
              Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1),
              Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1),
            ];
            // The boxes hold ascent and descent of the font: lines of one paragraph touch without their ink doing so.
            if (width > 1 && height > 3.5) expect.fail(`"${a.text}" overlaps "${b.text}" on page ${a.page + 1}`);
          }
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
