/**
 * Writes the pictures of `docs/gallery.md`: `npm run gallery:docs`. Pages of the gallery, and whole reports beside what
 * Chromium prints of the same definition and rows (`browser-page.ts`); needs Debian's chromium.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { encodePng } from '../../src/print/png-file.ts';
import { rasterise } from '../../src/print/rasterise.ts';
import { print, type TestReport } from '../print/printing.ts';
import { browserPage } from './browser-page.ts';
import { gallery } from './gallery.ts';

const FOLDER = new URL('../../docs/images/', import.meta.url).pathname;
const WIDTH = 640;
const SHOWN_WIDTH = 480;

/** Pages shown, and which of their sheets. */
const SHOWN: readonly (readonly [name: string, page: number])[] = [
  ['report-english', 1],
  ['report-english', 3],
  ['time-marks', 1],
  ['heat-maps', 1],
  ['numbers', 1],
  ['table-groups-totals', 1],
  ['table-columns', 1],
  ['script-arabic', 1],
  ['design-print', 1],
  ['workload-overview', 1],
  ['workload-waits-and-locks', 2],
  ['workload-statements', 1],
];
const COMPARED: readonly (readonly [name: string, page: number])[] = [
  ['weekly-sales', 1],
  ['server-health-ru', 1],
  ['stock-list-zh', 2],
];

mkdirSync(FOLDER, { recursive: true });

async function write(name: string, pdf: Uint8Array, page: number, width = WIDTH): Promise<void> {
  const png = encodePng(await rasterise(pdf, { page, width }));
  writeFileSync(join(FOLDER, `${name}.png`), png);
  process.stdout.write(`${name}.png ${png.length} bytes\n`);
}

const reportOf = (name: string): TestReport => {
  const page = gallery.find((one) => one.name === name);
  if (page === undefined) throw new Error(`the gallery has no page ${name}`);
  return page.report();
};

/** Header and footer as Chromium has them: small templates of its own in the margins. */
function bandTemplates(report: TestReport): { headerTemplate: string; footerTemplate: string } {
  const settings = report.settings as { header?: { text?: string }; footer?: { text?: string } } | undefined;
  const band =
    'font:7pt Open Sans,sans-serif;color:#5f6b7a;width:100%;margin:0 40pt;display:flex;justify-content:space-between';
  const numbers = '<span><span class="pageNumber"></span> / <span class="totalPages"></span></span>';
  return {
    headerTemplate: `<div style="${band}">${settings?.header?.text ?? ''}</div>`,
    footerTemplate: `<div style="${band}"><span>${settings?.footer?.text ?? ''}</span>${numbers}</div>`,
  };
}

for (const [name, page] of SHOWN)
  await write(`${name}-${page}`, (await print(reportOf(name))).bytes, page, SHOWN_WIDTH);

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-docs-'));
// Fonts of packages are read from disk.
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--allow-file-access-from-files'],
});
const packages = createRequire(import.meta.url);
const modules = packages.resolve('vega').replace(/vega[\\/]build[\\/].*$/, '');
for (const [name, page] of COMPARED) {
  const report = reportOf(name);
  await write(`beside-${name}-broadsheet`, (await print(report)).bytes, page);
  const { html, charts } = browserPage(report);
  // A4 less the margins, in CSS pixels: charts are as wide as their cards on paper.
  const tab = await browser.newPage({ viewport: { width: 687, height: 1000 }, timezoneId: 'Europe/Moscow' });
  const file = join(folder, `${name}.html`);
  writeFileSync(file, html);
  await tab.goto(pathToFileURL(file).href);
  await tab.addScriptTag({ path: `${modules}vega/build/vega.min.js` });
  await tab.addScriptTag({ path: `${modules}vega-lite/build/vega-lite.min.js` });
  await tab.evaluate(`(async (charts) => {
    await document.fonts.ready;
    const config = { font: 'Open Sans', view: { stroke: null }, axis: { grid: true, gridColor: '#e6e9ed' },
      range: { category: ['#1a4186', '#e8954a', '#23a08a', '#b5294e', '#72cdf4'] }, bar: { color: '#1a4186' },
      legend: { orient: 'bottom' } };
    const boxes = charts.map(({ id }) => document.getElementById(id));
    const sizes = boxes.map(({ clientWidth, clientHeight }) => ({ width: clientWidth, height: clientHeight }));
    for (const [at, { spec }] of charts.entries()) {
      const sized = { ...spec, config, ...sizes[at], autosize: { type: 'fit', contains: 'padding' } };
      const view = new vega.View(vega.parse(vegaLite.compile(sized).spec), { renderer: 'none' });
      boxes[at].innerHTML = await view.toSVG();
    }
  })(${JSON.stringify(charts)})`);
  const margin = { top: '0.75in', bottom: '0.75in', left: '0.55in', right: '0.55in' };
  const pdf = await tab.pdf({
    format: 'A4',
    margin,
    printBackground: true,
    tagged: true,
    displayHeaderFooter: true,
    ...bandTemplates(report),
  });
  await write(`beside-${name}-chromium`, pdf, page);
  await tab.close();
}
await browser.close();
rmSync(folder, { recursive: true });
