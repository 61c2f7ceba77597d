import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import type { Pdf } from '../../src/print/page-resources.ts';

/** A PDF of one uncompressed A4 page that `draw` draws on: its bytes, and its operators as text. */
export async function drawnPage(draw: (pdf: Pdf) => void): Promise<{ bytes: Buffer; operators: string }> {
  const info = { CreationDate: new Date(0) };
  const pdf = new PDFDocument({ size: 'A4', margin: 0, compress: false, font: null, info } as never);
  const parts: Buffer[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      parts.push(chunk);
      done();
    },
  });
  pdf.pipe(sink);
  draw(pdf);
  pdf.end();
  await finished(sink);
  const bytes = Buffer.concat(parts);
  const stream = /stream\n([\s\S]*?)\nendstream/.exec(bytes.toString('latin1'));
  return { bytes, operators: stream?.[1] ?? '' };
}
