/** Prints every gallery page as a PDF into a folder: `npm run gallery -- [folder] [name …]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../print/printing.ts';
import { gallery } from './gallery.ts';

const [folder = 'gallery', ...names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const page of gallery) {
  if (names.length > 0 && !names.includes(page.name)) continue;
  const { bytes, pages, warnings } = await print(page.report());
  writeFileSync(join(folder, `${page.name}.pdf`), bytes);
  process.stdout.write(`${page.name}.pdf  ${pages} pages, ${bytes.length} bytes  ${page.shows}\n`);
  for (const { message } of warnings) process.stdout.write(`  warning: ${message}\n`);
}
