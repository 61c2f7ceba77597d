import fc from 'fast-check';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gallery } from '../gallery/gallery.ts';
import { needs } from '../harness/needs.ts';
import { htmlOf, openHtml } from './html-pages.ts';
import { rowsOf, type TestReport } from './printing.ts';

const SAMPLES = ['every-kind', 'weekly-sales', 'server-health-ru', 'stock-list-zh'];

const sample = (name: string): TestReport => {
  const page = gallery.find((one) => one.name === name);
  if (page === undefined) throw new Error(`the gallery has no page ${name}`);
  return page.report();
};

/** Runs in the browser: what an inspector of accessibility looks for. */
const INSPECT = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const ids = all('[id]').map(({ id }) => id);
  const levels = all('h1,h2,h3,h4,h5,h6').map(({ tagName }) => Number(tagName[1]));
  return {
    lang: document.documentElement.lang,
    title: document.title,
    landmarks: all('main').length,
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    lost: all('a[href^="#"]').map(({ hash }) => decodeURIComponent(hash.slice(1))).filter((id) => !document.getElementById(id)),
    unlabelled: all('[aria-labelledby]').flatMap((one) => one.getAttribute('aria-labelledby').split(' ')).filter((id) => !document.getElementById(id)),
    skipped: levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1),
    noScope: all('th:not([scope])').length,
    noCaption: all('.card table').filter(({ caption }) => !caption || caption.textContent.trim() === '').length,
    noAlt: all('img:not([alt])').length,
    charts: all('figure').length,
    silentCharts: all('figure svg').filter((svg) => svg.getAttribute('role') !== 'img' || !svg.querySelector('title')?.textContent || !svg.querySelector('desc')?.textContent).length,
    shownTwice: all('figure').filter((figure) => [...figure.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0).length !== 1).length,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
})()`;

/** Runs in the browser: text whose contrast with what is behind it is below 4.5, charts' labels included. */
const FAINT = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || (color.length === 4 && color[3] > 0.99)) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const one of document.querySelectorAll('h1,h2,h3,p,td,th,caption,a,summary,svg text')) {
    const style = getComputedStyle(one);
    const own = one.tagName === 'text' ? style.fill : style.color;
    // Labels on coloured shapes are judged where their colours are chosen.
    if (one.tagName === 'text' && !one.getAttribute('fill').startsWith('var(')) continue;
    const [low, high] = [luminance(parse(own)), luminance(behind(one))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.push(one.tagName + ' ' + one.textContent.slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return found;
})()`;

const SVG_NAMES = [
  ...['path', 'text', 'title', 'desc', 'g', 'clipPath', 'id', 'd', 'x', 'y', 'fill', 'stroke', 'stroke-width'],
  ...['stroke-linecap', 'stroke-linejoin', 'stroke-dasharray', 'fill-opacity', 'stroke-opacity', 'transform'],
  ...['font-size', 'font-weight', 'font-style', 'text-anchor', 'clip-path'],
];

describe('the HTML of a report', () => {
  test('is the same bytes every time', async () => {
    const [one, two] = [await htmlOf(sample('weekly-sales')), await htmlOf(sample('weekly-sales'))];
    expect(one === two).toBe(true);
  });

  test('says how many rows it shows of how many, and never more than its limit', async () => {
    const values = Array.from({ length: 2_500 }, (_, index) => [`row ${index + 1}`, index]);
    const report: TestReport = {
      widgets: [{ id: 't', kind: 'table', name: 'Long', sql: 'long' }],
      answers: { long: rowsOf('name n:number', values) },
    };
    const cut = await htmlOf(report, { maxRows: 1_000 });
    expect(cut.match(/<tr/g)).toHaveLength(1_001);
    expect(cut).toContain('Rows 1–1,000 of 2,500 · this page shows at most 1,000 rows of a table');
    const whole = await htmlOf(report);
    expect(whole.match(/<tr/g)).toHaveLength(2_501);
    expect(whole).toContain('2,500 rows');
  });

  test('cuts a text that would stop a browser', async () => {
    const html = await htmlOf({
      widgets: [{ id: 't', kind: 'table', sql: 'q' }],
      answers: { q: rowsOf('text', [['w'.repeat(500_000)]]) },
    });
    expect(html.length).toBeLessThan(60_000);
    expect(html).toContain('www…');
  });

  test('lets links lead only to the web, to mail and into itself', async () => {
    const text = [
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.org/?q="><b>) [d](mailto:a@b.example)',
      '[e](vbscript:x) [f](file:///etc/passwd) <javascript:alert(1)> [g](#nowhere) [h](#there) ![i](http://example.org/i.png)',
      '',
      '# There',
    ].join('\n');
    const html = await htmlOf({ widgets: [{ id: 't', kind: 'text', settings: { text } }] });
    const hrefs = [...html.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href);
    expect(hrefs).toEqual(['https://example.org/?q=%22%3E%3Cb%3E', 'mailto:a@b.example', '#there']);
    expect(html).not.toContain('<img');
  });
});

/** Sizes of numbers in CSS pixels, by the row their cards stand in, and the room right of them in their cards. */
const NUMBER_ROWS = `(() => {
  const rows = {};
  for (const value of document.querySelectorAll('.k-metric .value:not(.long)')) {
    const card = value.closest('.card');
    const range = document.createRange();
    range.selectNodeContents(value);
    const spare = card.getBoundingClientRect().right - range.getBoundingClientRect().right;
    (rows[card.style.getPropertyValue('--y')] ??= []).push({ size: parseFloat(getComputedStyle(value).fontSize), spare });
  }
  return rows;
})()`;

needs('chromium')('the HTML of a report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'], timeout: 100_000 });
  });
  afterAll(() => browser.close());

  test.each(SAMPLES)('%s asks for nothing, is named, headed and linked as it should be', async (name) => {
    const { page, troubles, close } = await openHtml(browser, await htmlOf(sample(name)));
    const { lang, title, charts, ...faults } = (await page.evaluate(INSPECT)) as Record<string, unknown>;
    expect(troubles).toEqual([]);
    expect([lang, title]).toEqual([expect.stringMatching(/^(en|ru|zh-CN)$/), expect.stringMatching(/\S/)]);
    expect(charts).toEqual(expect.any(Number));
    const none = { twice: [], lost: [], unlabelled: [], skipped: [], noScope: 0, noCaption: 0, noAlt: 0 };
    expect(faults).toEqual({ ...none, landmarks: 1, silentCharts: 0, shownTwice: 0, overflow: 0 });
    await close();
  });

  test.each(SAMPLES)('%s fits a phone, with one drawing of each chart that is as wide as its card', async (name) => {
    const { page, troubles, close } = await openHtml(browser, await htmlOf(sample(name)), { width: 360 });
    expect(await page.evaluate(INSPECT)).toMatchObject({ overflow: 0, shownTwice: 0 });
    const type =
      "Math.min(99, ...[...document.querySelectorAll('figure svg text')].map((one) => one.getBoundingClientRect().height).filter(Boolean))";
    expect(await page.evaluate(type), 'height of the smallest label').toBeGreaterThan(9);
    expect(troubles).toEqual([]);
    await close();
  });

  test.each([false, true])('texts and labels can be read, dark: %s', async (dark) => {
    const { page, close } = await openHtml(browser, await htmlOf(sample('weekly-sales')), { dark });
    expect(await page.evaluate(FAINT)).toEqual([]);
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(dark ? 'rgb(17, 22, 29)' : 'rgb(255, 255, 255)');
    await close();
  });

  test.each([1280, 800, 560, 360])(
    'numbers of a row have one size, and fit, on a screen of %s pixels',
    async (width) => {
      const { page, close } = await openHtml(browser, await htmlOf(sample('numbers')), { width });
      const rows = (await page.evaluate(NUMBER_ROWS)) as Record<string, { size: number; spare: number }[]>;
      expect(Object.values(rows).map(({ length }) => length)).toEqual([4, 3, 1]);
      for (const row of Object.values(rows)) {
        expect(new Set(row.map(({ size }) => Math.round(size * 10))).size).toBe(1);
        for (const { size, spare } of row) {
          expect(size).toBeGreaterThanOrEqual(14.4);
          expect(spare).toBeGreaterThanOrEqual(0);
        }
      }
      await close();
    },
  );

  test('prints on its paper, with the head of a table on each of its pages', async () => {
    const { page, close } = await openHtml(browser, await htmlOf(sample('stock-list-zh'), { sortable: true }));
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const { textOf } = await import('./printing.ts');
    const pages = textOf(pdf)
      .split('\f')
      .filter((text) => text.trim() !== '');
    expect(pages.length).toBeGreaterThan(1);
    const heads = await page.locator('thead th').first().textContent();
    for (const text of pages) expect(text).toContain(heads ?? 'a heading');
    await close();
  });

  test('sorts by a heading, numbers by their value and totals at the foot, where the script is allowed by its hash', async () => {
    const report: TestReport = {
      widgets: [{ id: 't', kind: 'table', name: 'Sizes', sql: 'sizes', settings: { totals: 'sum' } }],
      answers: {
        sizes: rowsOf('name n:number', [
          ['b', 1_000],
          ['a', 9.5],
          ['c', null],
          ['d', -20],
        ]),
      },
    };
    const { page, troubles, close } = await openHtml(browser, await htmlOf(report, { sortable: true }));
    const names = () => page.locator('tbody tr > :first-child').allInnerTexts();
    await page.getByRole('button', { name: 'n', exact: true }).click();
    expect(await names()).toEqual(['d', 'a', 'b', 'c']);
    await page.getByRole('button', { name: 'n', exact: true }).press('Enter');
    expect(await names()).toEqual(['b', 'a', 'd', 'c']);
    expect(await page.locator('tfoot').textContent()).toMatch(/Total.*989.5/);
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await page.getByRole('button', { name: 'name', exact: true }).click();
    expect(await names()).toEqual(['a', 'b', 'c', 'd']);
    expect(troubles).toEqual([]);
    await close();
  });

  test('offers no sorting where the order of rows says something, and prints changes with their sign', async () => {
    const rows = rowsOf('session change:number', [
      ['17 batch', 2],
      ['\u2003└ 18 shop', -1],
      ['\u2003└ 19 shop', 0],
    ]);
    const columns = [{ key: 'change', sign: true }];
    const tree = { id: 'tree', kind: 'table', name: 'Tree', sql: 'rows', settings: { columns, sortable: false } };
    const list = { ...tree, id: 'list', name: 'List', settings: { columns } };
    const html = await htmlOf({ widgets: [tree, list], answers: { rows } }, { sortable: true });
    const { page, close } = await openHtml(browser, html);
    expect(await page.getByRole('region', { name: 'Tree' }).getByRole('button').count()).toBe(0);
    const sorted = page.getByRole('region', { name: 'List' });
    await sorted.getByRole('button', { name: 'change' }).click();
    expect(await sorted.locator('tbody td').allInnerTexts()).toEqual(['−1', '0', '+2']);
    await close();
  });

  test('a script that got into a document would not run', async () => {
    const html = await htmlOf(sample('weekly-sales'), { sortable: true });
    const planted = html.replace(
      '</main>',
      '<script>document.title = "taken"</script><img src="http://evil.example/x.png"></main>',
    );
    const { page, troubles, close } = await openHtml(browser, planted);
    expect(await page.title()).not.toBe('taken');
    expect(troubles.filter((trouble) => trouble.startsWith('request'))).toEqual([]);
    expect(troubles.join()).toContain('Content Security Policy');
    await close();
  });

  test('no text of anybody becomes markup', async () => {
    const { page, close } = await openHtml(browser, '<!DOCTYPE html><title>parser</title>');
    const shape = `(html) => [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll(':not(svg *)')]
      .map((one) => one.tagName + [...one.attributes].map(({ name }) => ' ' + name).join('')).join('\\n')`;
    const shapeOf = async (text: string): Promise<string> => {
      const html = JSON.stringify(await htmlOf(everywhere(text)));
      // How a chart is drawn depends on the widths of its labels; what it may consist of does not.
      for (const name of (await page.evaluate(`(${drawn})(${html})`)) as string[]) expect(SVG_NAMES).toContain(name);
      return await page.evaluate(`(${shape})(${html})`);
    };
    const drawn = `(html) => [...new Set([...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('svg *')]
      .flatMap((one) => [one.tagName, ...[...one.attributes].map(({ name }) => name)]))]`;
    const plain = await shapeOf('word');
    const piece = fc.constantFrom(
      ...[
        '<',
        '>',
        '"',
        "'",
        '&',
        '/',
        '=',
        '</title>',
        '</style>',
        '<script>',
        '-->',
        '<!--',
        ']]>',
        '&quot;',
        '&#60;',
      ],
      ...[
        '<svg onload=x>',
        '" onclick="x',
        "' style='x",
        '\u0000',
        '\ud800',
        '\u2028',
        '\ufffe',
        'javascript:',
        '</text>',
        'a',
      ],
    );
    const hostile = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => `x${pieces.join('')}x`);
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        expect(await shapeOf(text)).toBe(plain);
      }),
      { numRuns: 40 },
    );
    await close();
  });
});

/** A report with one text in every place that holds texts of people or of data. */
function everywhere(text: string): TestReport {
  const code = `    ${text.replaceAll(/\s/g, '')}`;
  return {
    name: text,
    settings: {
      general: { name: text },
      header: { show: true, text },
      footer: { show: true, text },
      style: { font: text },
    },
    widgets: [
      { id: 't', kind: 'table', name: text, description: text, sql: 'rows' },
      { id: 'h', kind: 'histogram', name: text, sql: 'rows' },
      { id: 'm', kind: 'metric', name: text, description: text, sql: 'words' },
      { id: 'f', kind: 'table', name: text, sql: text },
      { id: 'c', kind: 'text', name: text, settings: { text: code } },
      { id: 'u', kind: text, name: text },
    ],
    answers: {
      rows: {
        columns: [
          { name: text, type: 'text' },
          { name: 'n', type: 'number' },
        ],
        values: [
          [text, 1],
          ['b', 2],
        ],
        truncation: null,
      },
      words: rowsOf('v', [[`w${text}`]]),
    },
  };
}
