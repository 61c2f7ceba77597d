import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkPicture } from '../../src/definition/picture.ts';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { pngOfPage } from '../../src/print/png.ts';
import { rasterise, withoutEmptyEnd } from '../../src/print/rasterise.ts';
import { drawingFor, print, rowsOf, typesetter } from './printing.ts';

const signal = new AbortController().signal;
const report = () =>
  print({
    name: 'Pixels',
    widgets: [
      { id: 'a', kind: 'histogram', name: 'Bars', sql: 'bars' },
      { id: 'b', kind: 'text', settings: { text: '# Hello\n\nWords.' } },
    ],
    answers: {
      bars: rowsOf('name n:number', [
        ['one', 5],
        ['two', 9],
      ]),
    },
  });

describe('pngOfPage', () => {
  test('paints a page as a sound PNG of the asked width, small enough for a mail, and alike every time', async () => {
    const { bytes } = await report();
    const [one, two] = [
      await pngOfPage(bytes, { page: 1, width: 900, signal }),
      await pngOfPage(bytes, { page: 1, width: 900, signal }),
    ];
    expect(checkPicture(one.bytes)).toMatchObject({ picture: { mediaType: 'image/png', width: 900, height: 1273 } });
    expect(one.bytes.length).toBeLessThan(300_000);
    const sha = (of: Uint8Array) => createHash('sha256').update(of).digest('hex');
    expect(sha(one.bytes)).toBe(sha(two.bytes));
  });

  test('leaves out the empty end of a page where it is asked to, but never most of the page', async () => {
    const { bytes } = await report();
    const whole = await pngOfPage(bytes, { page: 1, width: 600, signal });
    const short = await pngOfPage(bytes, { page: 1, width: 600, cropped: true, signal });
    expect(short.width).toBe(600);
    expect(short.height).toBeLessThan(whole.height * 0.7);
    expect(short.height).toBeGreaterThanOrEqual(Math.floor(whole.height * 0.4));
    const blank = withoutEmptyEnd({ width: 2, height: 10, data: new Uint8Array(80).fill(255) });
    expect([blank.height, blank.data.length]).toEqual([4, 32]);
  });

  test('of a mail has no footer and no empty paper above one', async () => {
    const drawing = await drawingFor({
      widgets: [{ id: 'a', kind: 'text', settings: { text: 'A few words.' } }],
      settings: { footer: { show: true, text: 'Confidential' } },
    });
    const press = { typesetter, signal };
    const { files } = await drawDocument({ ...drawing, preview: true }, press);
    const asked = await drawDocument({ ...drawing, outputs: ['png'] }, press);
    const heightOf = (of: typeof files): number =>
      Buffer.from(of.find(({ kind }) => kind === 'png')?.bytes ?? []).readUInt32BE(20);
    expect(heightOf(asked.files)).toBe(1697);
    expect(heightOf(files)).toBe(Math.ceil(1697 * 0.4));
  });

  test('paints in the colours of the theme', async () => {
    const { bytes } = await report();
    const { data } = await rasterise(bytes, { page: 1, width: 600 });
    let bars = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === 0x1a && data[at + 1] === 0x41 && data[at + 2] === 0x86) bars += 1;
    }
    expect(bars).toBeGreaterThan(5_000);
  });

  test('takes a smaller picture when the file would be too large, and says when none is small enough', async () => {
    const { bytes } = await report();
    const small = await pngOfPage(bytes, { page: 1, width: 1_600, maxBytes: 25_000, signal });
    expect(small.bytes.length).toBeLessThanOrEqual(25_000);
    expect(small.width).toBeLessThan(1_600);
    await expect(pngOfPage(bytes, { page: 1, width: 800, maxBytes: 500, signal })).rejects.toThrow('too much in it');
  });

  test('refuses what is no PDF and pages that are not there', async () => {
    const { bytes } = await report();
    await expect(pngOfPage(new Uint8Array(100), { page: 1, width: 800, signal })).rejects.toThrow('cannot be read');
    await expect(pngOfPage(bytes, { page: 9, width: 800, signal })).rejects.toThrow('no page 9');
    await expect(rasterise(bytes, { page: 1, width: 20_000 })).rejects.toThrow('too large');
  });

  test('ends at its time limit and when it is canceled', async () => {
    const { bytes } = await report();
    const late = pngOfPage(bytes, { page: 1, width: 800, timeoutMs: 1, signal });
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
    const stop = new AbortController();
    const stopped = pngOfPage(bytes, { page: 1, width: 800, signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'canceled' });
  });
});
