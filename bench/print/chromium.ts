import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { BenchAnswer, BenchChart, BenchInput } from './report.ts';

/**
 * Prints the rounds of an input file (first argument) as people do with a browser: Vega-Lite and Vega in the page make
 * an SVG of each chart, Chromium (second argument) prints the page. Warm rounds use one page again.
 */
const input = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BenchInput;
const packages = createRequire(import.meta.url);
const { page: paper, chart, margin, gap, chartsPerPage } = input;

const fontFaces = input.fontFiles.map(({ weight, path }) => {
  const data = readFileSync(path).toString('base64');
  return `@font-face { font-family: 'Open Sans'; font-weight: ${weight}; src: url(data:font/ttf;base64,${data}); }`;
});
const style = `
  ${fontFaces.join('\n')}
  @page { size: ${paper.width}pt ${paper.height}pt; margin: 0 }
  body { margin: 0; font-family: 'Open Sans' }
  .sheet { position: relative; width: ${paper.width}pt; height: ${paper.height - 0.5}pt; break-after: page; overflow: hidden }
  .chart { position: absolute; width: ${chart.width}pt; height: ${chart.height}pt }
  .chart svg { width: 100%; height: 100% }
`;

const browser = await chromium.launch({ executablePath: process.argv[3] ?? '', args: ['--no-sandbox'] });
const page = await browser.newPage();
await page.setContent(`<!doctype html><style>${style}</style><body><b>·</b>·</body>`);
const modules = packages.resolve('vega').replace(/vega[\\/]build[\\/].*$/, '');
await page.addScriptTag({ path: `${modules}vega/build/vega.min.js` });
await page.addScriptTag({ path: `${modules}vega-lite/build/vega-lite.min.js` });
await page.evaluate('document.fonts.ready');

/** Runs in the page: plain JavaScript, for the page knows no types. */
const DRAW = `async ({ charts, box }) => {
  let html = '';
  for (const [index, { spec, rows }] of charts.entries()) {
    const slot = index % box.perPage;
    if (slot === 0) html += (index ? '</div>' : '') + '<div class="sheet">';
    const sized = { ...spec, width: box.width, height: box.height, padding: 0,
      autosize: { type: 'fit', contains: 'padding' }, data: { values: rows } };
    const view = new vega.View(vega.parse(vegaLite.compile(sized).spec), { renderer: 'none' });
    const svg = await view.toSVG();
    const left = box.margin + (slot % 2) * (box.width + box.gap);
    const top = box.margin + Math.floor(slot / 2) * (box.height + box.gap);
    html += '<div class="chart" style="left:' + left + 'pt;top:' + top + 'pt">' + svg + '</div>';
    view.finalize();
  }
  document.body.innerHTML = html + '</div>';
}`;

async function print(charts: readonly BenchChart[]): Promise<Buffer> {
  const box = { width: chart.width, height: chart.height, margin, gap, perPage: chartsPerPage };
  await page.evaluate(`(${DRAW})(${JSON.stringify({ charts, box })})`);
  return page.pdf({ preferCSSPageSize: true, printBackground: true });
}

for await (const line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const { length } = await print(input.rounds[Number(line)] ?? []);
  const answer: BenchAnswer = { milliseconds: performance.now() - start, bytes: length };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
