import { describe, expect, it } from 'vitest';
import { createFontRegistry } from '../../src/scene/fonts.ts';

const fonts = createFontRegistry();

describe('font registry', () => {
  it('finds Open Sans faces by PostScript name and by weight and slant', () => {
    expect(fonts.named('OpenSans-ExtraBoldItalic')).toMatchObject({ weight: 800, italic: true });
    expect(fonts.named('OpenSans-Italic')).toMatchObject({ weight: 400, italic: true });
    expect(fonts.face({ weight: 700 }).name).toBe('OpenSans-Bold');
    expect(fonts.face({ family: 'OpenSans-Light' }).name).toBe('OpenSans-Light');
    expect(fonts.named('NoSuchFont')).toBeNull();
    expect(fonts.face({ family: 'NoSuchFont' }).name).toBe('OpenSans-Regular');
  });

  it('makes a report font heavier for emphasis, never lighter', () => {
    expect(fonts.face({ family: 'OpenSans-Light', weight: 700 }).name).toBe('OpenSans-Bold');
    expect(fonts.face({ family: 'OpenSans-ExtraBoldItalic', weight: 600 }).name).toBe('OpenSans-ExtraBoldItalic');
  });

  it('has the PostScript names that the files themselves state', () => {
    for (const name of ['OpenSans-Regular', 'OpenSans-SemiBoldItalic', 'OpenSans-ExtraBold', 'OpenSans-LightItalic']) {
      const face = fonts.named(name);
      expect(Object.getPrototypeOf(face?.font).postscriptName).toBe(name);
    }
  });

  it('cuts text into runs: Latin and Cyrillic in Open Sans, Chinese in Noto subsets of the same weight', () => {
    const runs = fonts.runs('Отчёт 数据 report', fonts.face({ weight: 600 }));
    expect(runs.map(({ text }) => text).join('')).toBe('Отчёт 数据 report');
    expect(runs[0]?.face.name).toBe('OpenSans-SemiBold');
    expect(runs.find(({ text }) => text.includes('数'))?.face.name).toMatch(/^NotoSansSC-600-/);
  });

  it('finds the signs of currencies that Open Sans lacks', () => {
    const document = fonts.forDocument();
    for (const sign of '₽₺₹₴₿') document.runs(sign, fonts.face({ weight: 700, italic: true }));
    expect(document.missing()).toEqual([]);
    expect(document.runs('1 500 ₽', fonts.face({ weight: 700 }))[1]?.face.name).toBe('NotoSans-700-latin-ext');
  });

  it('drops control characters and replaces narrow spaces that fonts lack', () => {
    const face = fonts.face();
    const document = fonts.forDocument();
    expect(document.runs('a\u0000b\u200bc\ufeff', face)).toEqual([{ text: 'abc', face }]);
    expect(document.runs('1\u202f000\u2028\u205f', face)).toEqual([{ text: '1\u00a0000  ', face }]);
    expect(document.missing()).toEqual([]);
  });

  it('lists the code points no font has, per document', () => {
    const one = fonts.forDocument();
    const other = fonts.forDocument();
    one.width('ok \u{10330}', one.face(), 10);
    expect(one.missing()).toEqual([0x10330]);
    expect(other.missing()).toEqual([]);
  });

  it('measures plain text without shaping exactly as full shaping does', () => {
    const face = fonts.face();
    const shaped = Object.getPrototypeOf(face.font) as typeof face.font;
    for (const text of ['Total 1,204.50', 'AVATAR To Wa.', 'Количество запросов', 'naïve café — “quoted”']) {
      const features = { liga: false };
      expect(face.widthInEm(text)).toBeCloseTo(shaped.layout(text, features).advanceWidth / shaped.unitsPerEm, 9);
    }
  });

  it('adds up over runs', () => {
    const face = fonts.face();
    const parts = fonts.runs('CPU 使用率', face).map((run) => fonts.width(run.text, run.face, 9));
    expect(fonts.width('CPU 使用率', face, 9)).toBeCloseTo(
      parts.reduce((sum, part) => sum + part, 0),
      9,
    );
  });
});
