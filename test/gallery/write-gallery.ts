/**
 * Prints the gallery: `npm run gallery -- [folder] [name …]` writes a PDF and an HTML file per page of `gallery.ts`
 * into a folder (default `gallery`), with `index.html`, a contact sheet. `npm run gallery:accept -- [name …]` makes what is printed
 * now the golden images that `golden.test.ts` compares with: look at every changed one before it is committed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { encodePng } from '../../src/print/png-file.ts';
import { rasterise } from '../../src/print/rasterise.ts';
import { drawingFor, print, type TestReport, typesetter } from '../print/printing.ts';
import { contactSheet } from './contact-sheet.ts';
import { gallery } from './gallery.ts';
import { acceptGolden } from './golden.ts';

const THUMBNAIL_WIDTH = 420;

const { values, positionals } = parseArgs({
  options: { accept: { type: 'boolean', default: false }, 'no-pictures': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const names = values.accept ? positionals : positionals.slice(1);
const unknown = names.filter((name) => !gallery.some((page) => page.name === name));
if (unknown.length > 0) throw new Error(`the gallery has no page ${unknown.join(', ')}`);

const printed = [];
for (const page of gallery) {
  if (names.length > 0 && !names.includes(page.name)) continue;
  const made = await print(page.report());
  printed.push({ name: page.name, shows: page.shows, ...made });
  const warnings = made.warnings.map(({ message }) => `  warning: ${message}\n`).join('');
  const defects = made.defects.map((defect) => `  defect: ${defect}\n`).join('');
  process.stdout.write(`${page.name}  ${made.pages} pages, ${made.bytes.length} bytes  ${page.shows}\n`);
  process.stdout.write(warnings + defects);
}

/** The same report as one HTML file, of a drawing of its own: a PDF's manifest names what was written with it. */
async function htmlOf(report: TestReport): Promise<Uint8Array> {
  const { signal } = new AbortController();
  const drawn = await drawDocument({ ...(await drawingFor(report)), outputs: ['html'] }, { typesetter, signal });
  return drawn.files[0]?.bytes ?? new Uint8Array();
}

if (values.accept) {
  const bytes = await acceptGolden(printed, (name) => gallery.some((page) => page.name === name));
  process.stdout.write(`golden images of ${printed.length} pages: ${bytes} bytes\n`);
} else {
  const folder = positionals[0] ?? 'gallery';
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of printed) {
    writeFileSync(join(folder, `${name}.pdf`), bytes);
    if (values['no-pictures']) continue;
    const page = gallery.find((one) => one.name === name);
    if (page !== undefined) writeFileSync(join(folder, `${name}.html`), await htmlOf(page.report()));
    writeFileSync(join(folder, `${name}.png`), encodePng(await rasterise(bytes, { page: 1, width: THUMBNAIL_WIDTH })));
  }
  if (!values['no-pictures']) writeFileSync(join(folder, 'index.html'), contactSheet(printed));
}
