import { describe, expect, it } from 'vitest';
import { startsRightToLeft, visualStretches } from '../../src/scene/bidi.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { alignedX, breakLines, breakLinesCut, createRuler, type Line, singleLine } from '../../src/scene/text.ts';
import { visualRuns } from '../../src/scene/visual-runs.ts';

const fonts = createFontRegistry();
const ruler = createRuler(fonts);
const look = { face: fonts.face(), size: 10, color: '#000000' };

const stretches = (text: string): string[] =>
  visualStretches(text, startsRightToLeft(text)).map(({ from, to, rtl }) => (rtl ? '<' : '>') + text.slice(from, to));

/** What stands from left to right, each run turned as it is drawn. */
const drawn = (line: Line): string =>
  [...line.runs]
    .sort((one, other) => one.x - other.x)
    .map(({ text, drawn: own = text, rtl }) => (rtl === true ? [...own].reverse().join('') : own))
    .join('');

describe('text in both directions', () => {
  it('begins where its first strong character says, isolates apart', () => {
    expect(startsRightToLeft('123 שלום abc')).toBe(true);
    expect(startsRightToLeft('123 abc שלום')).toBe(false);
    expect(startsRightToLeft('\u2068שלום\u2069 abc')).toBe(false);
    expect(startsRightToLeft('12.5 %')).toBe(false);
  });

  it('stands in the order of UAX #9', () => {
    expect(stretches('abc אבג def')).toEqual(['>abc ', '<אבג', '> def']);
    expect(stretches('אבג abc דהו')).toEqual(['< דהו', '>abc', '<אבג ']);
    expect(stretches('אבג 12.5%')).toEqual(['>12.5%', '<אבג ']);
    expect(stretches('نسبة 123 ١٢٣ نعم')).toEqual(['< نعم', '>١٢٣', '< ', '>123', '<نسبة ']);
    expect(stretches('אבג 😀 דהו')).toEqual(['<אבג 😀 דהו']);
  });

  it('keeps a number on its side of an isolated name', () => {
    expect(drawn(singleLine({ ...look, text: '\u2068אבג\u2069 123' }, ruler))).toBe('גבא 123');
    expect(drawn(singleLine({ ...look, text: 'abc \u2068אבג\u2069 123' }, ruler))).toBe('abc גבא 123');
  });

  it('draws brackets as their mirror images and keeps what they mean', () => {
    const line = singleLine({ ...look, text: 'אב (גד) ה' }, ruler);
    expect(drawn(line)).toBe('ה (דג) בא');
    expect(line.runs.map(({ text }) => text).join('')).toBe('אב (גד) ה');
    expect(line.runs.find(({ text }) => text === '(')?.drawn).toBe(')');
  });

  it('is broken before it is put in order, so that lines are read downwards', () => {
    const text = 'אחת שתיים three four חמש שש';
    const lines = breakLines([{ ...look, text }], 62, ruler);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.map(({ runs }) => runs.map((run) => run.text).join('')).join(' ')).toBe(text);
    expect(lines.every(({ rtl }) => rtl === true)).toBe(true);
    for (const line of lines) expect(line.width).toBeLessThanOrEqual(62.02);
    expect(drawn(lines[0] ?? { runs: [], width: 0 })).toMatch(/תחא$/);
  });

  it('has its ellipsis at the left where it runs from right to left', () => {
    const { lines, cut } = breakLinesCut([{ ...look, text: 'אחת שתיים שלוש ארבע חמש שש שבע' }], 60, ruler, 2);
    expect(cut).toBe(true);
    expect(drawn(lines[1] ?? { runs: [], width: 0 })).toMatch(/^…/);
  });

  it('begins at the right of a box that aligns to the beginning', () => {
    const hebrew = singleLine({ ...look, text: 'שלום' }, ruler);
    const latin = singleLine({ ...look, text: 'hello' }, ruler);
    expect(alignedX(hebrew, 100, 'left')).toBe(100 - hebrew.width);
    expect(alignedX(hebrew, 100, 'center')).toBe((100 - hebrew.width) / 2);
    expect(alignedX(latin, 100, 'left')).toBe(0);
  });

  it('measures a line as wide as its runs are together, and they touch', () => {
    for (const text of ['abc العربية (نعم) def', 'שָׁלוֹם עולם 123', 'لا إله ١٢٣ PostgreSQL 18.']) {
      const runs = [...singleLine({ ...look, text }, ruler).runs].sort((one, other) => one.x - other.x);
      let x = 0;
      for (const run of runs) {
        expect(run.x).toBeCloseTo(x, 6);
        x += run.width;
      }
      expect(singleLine({ ...look, text }, ruler).width).toBeCloseTo(x, 6);
      // A blank between the directions may come from the face of either side.
      expect(x).toBeCloseTo(ruler.width(text, look.face, look.size), 1);
      expect(visualRuns(fonts, text, look.face).map((run) => run.text)).toEqual(runs.map((run) => run.text));
    }
  });
});
