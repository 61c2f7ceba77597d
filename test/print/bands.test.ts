import { expect, test } from 'vitest';
import { pngDataUrl } from '../definition/pictures.ts';
import { needs } from '../harness/needs.ts';
import { onFile, print, rowsOf, wordBoxes } from './printing.ts';

const image = pngDataUrl(60, 20);
const PAGE_WIDTH = 595.28;
const MARGIN = 40;

const report = (settings: Record<string, unknown>) => ({
  settings: { ...settings, style: { show_title: false } },
  widgets: [{ id: 't', kind: 'table', sql: 'rows' }],
  answers: {
    rows: rowsOf(
      'n:number',
      Array.from({ length: 90 }, (_, row) => [row]),
    ),
  },
});
const bandsOf = async (settings: Record<string, unknown>) => {
  const { bytes } = await print(report(settings));
  const words = wordBoxes(bytes);
  const find = (text: string, page: number) => words.find((word) => word.text === text && word.page === page);
  return { bytes, find };
};

needs('pdftotext', 'pdfimages')('header and footer', () => {
  test('stand on every page, or only where they are asked for', async () => {
    const all = await bandsOf({ header: { show: true, text: 'HEAD' }, footer: { show: true, text: 'FOOT' } });
    expect([all.find('HEAD', 0), all.find('HEAD', 1), all.find('FOOT', 0), all.find('FOOT', 1)].every(Boolean)).toBe(
      true,
    );
    const some = await bandsOf({
      header: { show: true, text: 'HEAD', show_on_all_pages: false },
      footer: { show: true, text: 'FOOT', show_on_first_page: false },
    });
    expect(
      [some.find('HEAD', 0), some.find('HEAD', 1), some.find('FOOT', 0), some.find('FOOT', 1)].map(Boolean),
    ).toEqual([true, false, false, true]);
    const none = await bandsOf({ header: { show: false, text: 'HEAD' }, footer: { show: false, text: 'FOOT' } });
    expect([none.find('HEAD', 0), none.find('FOOT', 1)]).toEqual([undefined, undefined]);
  });

  test.each([
    ['left', (x1: number, _: number) => x1 - MARGIN],
    ['center', (x1: number, x2: number) => (x1 + x2) / 2 - PAGE_WIDTH / 2],
    ['right', (_: number, x2: number) => PAGE_WIDTH - MARGIN - x2],
  ] as const)('texts stand %s where they are asked to', async (align, offset) => {
    const { find } = await bandsOf({
      header: { show: true, text: 'HEAD', text_align: align },
      footer: { show: true, show_page_number: true, page_number_align: align },
    });
    const head = find('HEAD', 0);
    expect(Math.abs(offset(head?.x1 ?? 999, head?.x2 ?? 999))).toBeLessThan(1);
    expect(find('Page', 0)).toBeDefined();
  });

  test('date and page number are shown only when asked, in the zone and locale of the report', async () => {
    const { find } = await bandsOf({
      footer: { show: true, show_date: true, show_page_number: true, date_align: 'center' },
    });
    expect(find('07:30', 0)).toBeDefined();
    expect(find('Page', 1)).toBeDefined();
    const without = await bandsOf({ footer: { show: true, text: 'x' } });
    expect(without.find('Page', 0)).toBeUndefined();
    expect(without.find('07:30', 0)).toBeUndefined();
  });

  test('everything on one side stands beside each other', async () => {
    const { find } = await bandsOf({
      footer: {
        show: true,
        text: 'FOOT',
        show_date: true,
        show_page_number: true,
        text_align: 'right',
        date_align: 'right',
        page_number_align: 'right',
        image,
        image_align: 'right',
      },
    });
    const [text, date, page] = [find('FOOT', 0), find('07:30', 0), find('Page', 0)];
    expect((text?.x2 ?? 999) < (date?.x1 ?? 0) && (date?.x2 ?? 999) < (page?.x1 ?? 0)).toBe(true);
  });

  test.each(['fit', 'fill', 'none', 'string'])('an image is drawn with fit %s', async (fit) => {
    const { bytes } = await bandsOf({ header: { show: true, text: 'HEAD', image, fit, image_align: 'center' } });
    const images = onFile(bytes, 'pdfimages', '-list', 'FILE').trim().split('\n').slice(2);
    expect(images.length).toBeGreaterThan(0);
    expect(images.every((line) => /image +60 +20/.test(line))).toBe(true);
  });

  test('a text longer than the page wraps inside the margins', async () => {
    const { bytes } = await print(
      report({
        header: { show: true, text: 'word '.repeat(200) },
        footer: { show: true, text: 'long '.repeat(60), show_date: true, date_align: 'center', show_page_number: true },
      }),
    );
    for (const { x1, x2 } of wordBoxes(bytes)) expect(x1 >= MARGIN - 1 && x2 <= PAGE_WIDTH - MARGIN + 1).toBe(true);
  });

  test('colours are those of the settings', async () => {
    const { bytes } = await print(report({ header: { show: true, text: 'HEAD', color: '#ff0000' } }));
    expect(onFile(bytes, 'qpdf', '--qdf', '--object-streams=disable', 'FILE', '-')).toMatch(/1 0 0 rg/);
  });
});
