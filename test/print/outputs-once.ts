/**
 * Draws pages of the gallery in every format, in the order they are named, and writes a line `page format sha256` for each
 * file: run in processes of its own to compare bytes between them. Without names: all pages.
 */
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { gallery } from '../gallery/gallery.ts';
import { drawingFor, typesetter } from './printing.ts';

const { signal } = new AbortController();
const wished = process.argv.slice(2);
const pages = wished.length === 0 ? gallery : wished.map((name) => gallery.find((page) => page.name === name));

for (const page of pages) {
  if (page === undefined) throw new Error('no such page');
  const drawing = await drawingFor(page.report());
  const drawn = await drawDocument(
    { ...drawing, outputs: ['pdf', 'html', 'csv', 'xlsx', 'png'] },
    { typesetter, signal },
  );
  for (const { kind, sha256 } of drawn.files) process.stdout.write(`${page.name} ${kind} ${sha256}\n`);
}
