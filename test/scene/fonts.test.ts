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

  it('has Korean, also where it was spelt letter by letter', () => {
    const document = fonts.forDocument();
    const [whole] = document.runs('한국어', fonts.face({ weight: 700 }));
    expect(whole?.face.name).toMatch(/^NotoSansKR-700-/);
    expect(document.runs('한국어'.normalize('NFD'), fonts.face()).map(({ text }) => text)).toEqual(
      document.runs('한국어', fonts.face()).map(({ text }) => text),
    );
    expect(document.missing()).toEqual([]);
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

  it('has a face for every script it is meant for', () => {
    const document = fonts.forDocument();
    const families = (text: string): string[] => [
      ...new Set(document.runs(text, document.face()).map(({ face }) => face.family)),
    ];
    expect(families('Tiếng Việt, Ελλάδα, Съешь, שלום')).toEqual(['Open Sans']);
    expect(families('ἀρχῇ')).toEqual(expect.arrayContaining(['Open Sans']));
    expect(families('ʃtʁaːsə')).toEqual(expect.arrayContaining(['Noto Sans']));
    expect(families('数据库')).toEqual(['Noto Sans SC']);
    expect(families('データ')).toEqual(['Noto Sans JP']);
    expect(families('العربية')).toEqual(['Noto Sans Arabic']);
    expect(families('हिन्दी')).toEqual(['Noto Sans']);
    expect(families('ภาษา')).toEqual(['Noto Sans Thai']);
    expect(families('😀')).toEqual(['Noto Emoji']);
    expect(families('𝔸')).toEqual(['Noto Sans Math']);
    expect(document.missing()).toEqual([]);
  });

  it('draws Han characters in the forms of the language around them', () => {
    const face = fonts.face();
    expect(fonts.runs('骨', face)[0]?.face.family).toBe('Noto Sans SC');
    expect(fonts.runs('骨のある', face)[0]?.face.family).toBe('Noto Sans JP');
    expect(fonts.runs('骨', face, true)[0]?.face.family).toBe('Noto Sans JP');
  });

  it('keeps what is one character to people in one run, and in as few glyphs as the font has', () => {
    const face = fonts.face();
    for (const cluster of ['👨‍👩‍👧', '🇩🇪', '👍🏽', '1️⃣', '❤️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']) {
      const runs = fonts.runs(cluster, face);
      expect(runs).toMatchObject([{ text: cluster, face: { family: 'Noto Emoji' } }]);
      expect(runs[0]?.face.shape(cluster).glyphs).toHaveLength(1);
    }
    expect(fonts.runs('x\u0323\u0302', face)).toEqual([{ text: 'x\u0323\u0302', face }]);
    expect(fonts.runs('❤\ufe0e', face)[0]?.text).toBe('❤');
  });

  it('gives the blank behind an emoji to what follows it', () => {
    const runs = (text: string) => fonts.runs(text, fonts.face()).map((run) => [run.text, run.face.family]);
    expect(runs('😀 up')).toEqual([
      ['😀', 'Noto Emoji'],
      [' up', 'Open Sans'],
    ]);
    expect(runs('😀 ₽')[1]).toEqual([' ₽', 'Noto Sans']);
    expect(runs('😀 😀')[1]).toEqual([' ', 'Open Sans']);
  });

  it('joins Arabic letters, and leaves out joiners that a font lacks', () => {
    const [run] = fonts.runs('بيت', fonts.face());
    const joined = run?.face.shape('بيت', true).glyphs.map(({ id }) => id) ?? [];
    const apart = [...'بيت'].flatMap((letter) => run?.face.shape(letter, true).glyphs.map(({ id }) => id) ?? []);
    expect(joined).not.toEqual(apart.reverse());
    expect(fonts.runs('a\u200db', fonts.face())).toEqual([{ text: 'ab', face: fonts.face() }]);
  });

  it('draws a visible mark for what no font has, and still knows what it was', () => {
    const document = fonts.forDocument();
    const runs = document.runs('ok \u{10330}!', document.face());
    expect(runs.map(({ text, drawn }) => [text, drawn])).toEqual([
      ['ok ', undefined],
      ['\u{10330}', '\ufffd'],
      ['!', undefined],
    ]);
    expect(runs[1]?.face.glyph(0xfffd).id).not.toBe(0);
    expect(document.missing()).toEqual([0x10330]);
  });

  it('measures plain text without shaping exactly as full shaping does', () => {
    const face = fonts.face();
    const shaped = face.font;
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
