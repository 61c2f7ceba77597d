import { describe, expect, test } from 'vitest';
import { checkPicture, decodePicture, PICTURE_LIMITS } from '../../src/definition/picture.ts';
import { jpeg, png, pngDataUrl, turnedJpeg } from './pictures.ts';

const problemOf = (result: ReturnType<typeof decodePicture>) => ('problem' in result ? result.problem : null);

describe('pictures', () => {
  test('PNG and JPEG are known by their bytes, whatever the label says', () => {
    const url = `data:image/jpeg;base64,${png(4, 3).toString('base64')}`;
    expect(decodePicture(url)).toMatchObject({ picture: { mediaType: 'image/png', width: 4, height: 3 } });
    expect(checkPicture(jpeg(640, 480))).toMatchObject({
      picture: { mediaType: 'image/jpeg', width: 640, height: 480 },
    });
    expect(decodePicture(pngDataUrl(5, 5, { alpha: true }))).toHaveProperty('picture');
  });

  test.each([
    ['no data URL', 'hello'],
    ['an address', 'https://example.org/a.png'],
    ['text', 'data:text/html;base64,PGI+'],
    ['SVG', `data:image/svg+xml;base64,${Buffer.from('<svg/>').toString('base64')}`],
    ['nothing', ''],
  ])('%s is told as a problem', (_, url) => {
    expect(problemOf(decodePicture(url))).toBeTypeOf('string');
  });

  test('a header of 20 000 pixels is refused before anything is decoded', () => {
    expect(problemOf(checkPicture(png(20_000, 10, { rows: new Uint8Array(1) })))).toBe('too many pixels (20000 × 10)');
    expect(problemOf(checkPicture(jpeg(20_000, 10)))).toBe('too many pixels (20000 × 10)');
  });

  test('a small header before a compressed bomb is a damaged image', () => {
    const bomb = png(10, 10, { rows: new Uint8Array(50_000_000) });
    expect(bomb.length).toBeLessThan(PICTURE_LIMITS.bytes);
    expect(problemOf(checkPicture(bomb))).toBe('a damaged PNG image');
  });

  test('no cut and no changed byte of a file makes it throw; a cut is always seen', () => {
    for (const file of [png(6, 6), jpeg(6, 6), turnedJpeg(6)]) {
      for (let length = 0; length < file.length; length += 1) {
        expect(checkPicture(file.subarray(0, length))).toHaveProperty('problem');
      }
      for (let index = 0; index < file.length; index += 1) {
        const changed = Buffer.from(file);
        changed[index] = (changed[index] ?? 0) ^ 0xff;
        expect(() => checkPicture(changed)).not.toThrow();
      }
    }
  });

  test('more bytes than allowed are refused unread', () => {
    const url = `data:image/png;base64,${'A'.repeat(6 * 1024 * 1024)}`;
    expect(problemOf(decodePicture(url))).toBe('larger than 4 MB');
  });
});
