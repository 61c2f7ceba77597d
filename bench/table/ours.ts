import { writeFileSync } from 'node:fs';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';
import { tableDrawing } from './drawing.ts';

/**
 * Prints ROWS rows as a run does, from the rows to the file: `ours.ts ROWS OUT.pdf tagged|untagged`. Formats, measures
 * and lays out every cell; numbers are aligned by their decimals, the header and the row count stand on every page.
 */
const [count = '1000', out = '', tags = 'tagged'] = process.argv.slice(2);
const drawing = tableDrawing(Number(count), tags === 'tagged');
const start = performance.now();
const typesetter = createTypesetter({ fontDir: null });
const drawn = await drawDocument(drawing, { typesetter, signal: new AbortController().signal });
const [file] = drawn.files;
if (file === undefined) throw new Error('nothing was printed');
writeFileSync(out, file.bytes);
const ms = performance.now() - start;
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms, pages: file.pages, bytes: file.bytes.length, peakMiB }));
