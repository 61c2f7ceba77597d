import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import { COLUMNS, cellsOf } from './rows.ts';

/** The table as most programs print one with PDFKit: a `text()` a cell at fixed places, no measuring, no tags. */
const [count = '1000', out = ''] = process.argv.slice(2);
const packages = createRequire(import.meta.url);
const WIDTHS = [70, 120, 90, 90, 342, 90] as const;
const [MARGIN, ROW, TOP, BOTTOM] = [20, 14, 40, 570];

const start = performance.now();
const pdf = new PDFDocument({ size: 'A4', layout: 'landscape', margin: MARGIN, autoFirstPage: false });
const file = createWriteStream(out);
pdf.pipe(file);
pdf.registerFont('Body', packages.resolve('@expo-google-fonts/open-sans/400Regular/OpenSans_400Regular.ttf'));
let y = BOTTOM;
const row = (cells: readonly string[], at: number): void => {
  let x = MARGIN;
  for (const [column, width] of WIDTHS.entries()) {
    pdf.text(cells[column] ?? '', x, at, { width, lineBreak: false });
    x += width;
  }
};
let pages = 0;
for (let index = 0; index < Number(count); index += 1) {
  if (y + ROW > BOTTOM) {
    pdf.addPage();
    pages += 1;
    pdf.font('Body').fontSize(8);
    row(COLUMNS, MARGIN);
    y = TOP;
  }
  row(cellsOf(index), y);
  y += ROW;
  if (index % 1000 === 999) await new Promise(setImmediate);
}
pdf.end();
await finished(file);
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms: performance.now() - start, pages, bytes: file.bytesWritten, peakMiB }));
