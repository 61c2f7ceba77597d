import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { breakLines, breakLinesCut, createRuler, type Span } from '../../src/scene/text.ts';

const fonts = createFontRegistry();
const ruler = createRuler(fonts);
const look = { face: fonts.face(), size: 10, color: '#000000' };
const bold = { ...look, face: fonts.face({ weight: 700 }) };
const span = (text: string, of = look): Span => ({ ...of, text });
const lines = (spans: Span[], width: number) =>
  breakLines(spans, width, ruler).map(({ runs }) => runs.map((run) => run.text).join(''));

describe('paragraphs', () => {
  test('break at spaces and keep every word', () => {
    const text = 'The quick brown fox jumps over the lazy dog, again and again and again.';
    const broken = lines([span(text)], 100);
    expect(broken.length).toBeGreaterThan(2);
    expect(broken.join('')).toBe(text);
  });

  test('a soft hyphen is drawn only where a line ends in it', () => {
    expect(lines([span('docu\u00admenta\u00adtion')], 200)).toEqual(['documentation']);
    expect(lines([span('docu\u00admenta\u00adtion')], 35)).toEqual(['docu-', 'menta-', 'tion']);
  });

  test('an empty paragraph between line ends is an empty line', () => {
    expect(lines([span('a\n\nb')], 100)).toEqual(['a', '', 'b']);
    expect(lines([span('')], 100)).toEqual([]);
  });

  test('no line is wider than its box, whatever the text, and no text is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.boolean()), { maxLength: 4 }),
        fc.integer({ min: 30, max: 300 }),
        (parts, width) => {
          const spans = parts.map(([text, isBold]) => {
            const of = isBold ? bold : look;
            // A single letter that is wider than the box (U+FDFD is a whole sentence) cannot be parted.
            // Blanks that no line breaks at count as width where they are the last of a line.
            const letters = [...text.replaceAll(/[\p{C}\p{M}\p{Zl}\p{Zp}]/gu, '').replaceAll(/\s/gu, ' ')];
            return span(letters.filter((letter) => ruler.width(letter, of.face, of.size) <= width).join(''), of);
          });
          const broken = breakLines(spans, width, ruler);
          for (const line of broken) {
            expect(line.width).toBeLessThanOrEqual(width + 0.02);
            const ends = line.runs
              .filter(({ text }) => text.trim() !== '')
              .map(({ x, text, face, look }) => x + ruler.width(text.trimEnd(), face, look.size));
            const end = Math.max(0, ...ends);
            expect(line.width).toBeCloseTo(end, 1);
          }
          // Letters of Korean that are spelt apart are composed, a hyphen that no line breaks at is drawn as a hyphen.
          const bare = (text: string): string =>
            text.replaceAll(/\s/g, '').replaceAll('\u2011', '\u2010').normalize('NFC');
          const kept = broken.flatMap(({ runs }) => runs.map((run) => run.text)).join('');
          expect(bare(kept)).toBe(bare(spans.map(({ text }) => text).join('')));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a text cut to its lines ends in an ellipsis inside the box', () => {
    const { lines: cut, cut: wasCut } = breakLinesCut([span('word '.repeat(100))], 80, ruler, 3);
    expect(wasCut).toBe(true);
    expect(cut).toHaveLength(3);
    expect(cut[2]?.runs.map((run) => run.text).join('')).toMatch(/…$/);
    expect(cut[2]?.width).toBeLessThanOrEqual(80.02);
  });

  test('a word of twenty thousand characters is laid out as far as it is shown, in bounded time', () => {
    const started = performance.now();
    const { lines: cut } = breakLinesCut([span('x'.repeat(20_000))], 100, ruler, 24);
    expect(cut).toHaveLength(24);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
