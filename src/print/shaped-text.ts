import type { Face } from '../scene/face.ts';
import { isCompleting, type PlacedGlyph } from '../scene/shaping.ts';
import { glyphCode } from './glyph-codes.ts';
import type { EmbeddedFont } from './page-resources.ts';
import { coordinate, factor } from './path-writer.ts';

/** Operators that show a text, with the heights (in em) that are yet to be written for the font size. */
export type ShownText = readonly (string | { readonly rise: number })[];

/** The operators at a font size. */
export const atSize = (shown: ShownText, size: number): string =>
  shown.map((part) => (typeof part === 'string' ? part : `${coordinate(part.rise * size)} Ts`)).join(' ');

type Shown = (string | { rise: number })[];

/**
 * Glyphs in their places and what they mean to readers. Words are written in the order they are read, also where they
 * stand from right to left, for that is the order in which a reader of tagged text gets them.
 */
export function showShaped(font: EmbeddedFont, face: Face, text: string, rtl: boolean | null): ShownText {
  const words = text.split(/(?<= )|(?= )/).map((word) => ({ word, shaped: face.shape(word, rtl) }));
  const shown: Shown = [];
  const move = (advance: number): void => {
    if (advance !== 0) shown.push(`[${factor(-advance * font.scale)}] TJ`);
  };
  const turned = rtl === true && words.length > 1;
  if (turned) move(words.reduce((sum, { shaped }) => sum + shaped.advance, 0));
  for (const { word, shaped } of words) {
    if (turned) move(-shaped.advance);
    for (const { glyphs, actual } of meaningsOf(shaped.glyphs, word, rtl === true)) {
      if (actual !== null) shown.push(`/Span <</ActualText <${utf16(actual)}>>> BDC`);
      showGlyphs(font, glyphs, shown);
      if (actual !== null) shown.push('EMC');
    }
    if (turned) move(-shaped.advance);
  }
  return shown;
}

/** Glyphs that mean something together; `actual` null where their own code points say it. */
interface Meaning {
  readonly glyphs: readonly PlacedGlyph[];
  readonly actual: readonly number[] | null;
}

/**
 * Where the glyphs of a word, in the order it is written, say the word, each speaks for itself, together with those that
 * only complete it (dots, a second half). Where the script reorders or drops characters, the word says what it is.
 */
function meaningsOf(glyphs: readonly PlacedGlyph[], word: string, rtl: boolean): readonly Meaning[] {
  const clusters: PlacedGlyph[][] = [];
  for (const glyph of glyphs) {
    const last = clusters.at(-1);
    if (last !== undefined && isCompleting(glyph)) last.push(glyph);
    else clusters.push([glyph]);
  }
  const said = (rtl ? [...clusters].reverse() : clusters).flat().flatMap(({ codePoints }) => codePoints);
  if (String.fromCodePoint(...said) !== word)
    return [{ glyphs, actual: Array.from(word, (character) => character.codePointAt(0) ?? 0) }];
  return [{ glyphs, actual: null }];
}

/**
 * One glyph after the other, moved where the font wants it; marks raised over their letters. Glyphs without a meaning of
 * their own (dots of Arabic letters) come last, so that they part no word for those who read it.
 */
function showGlyphs(font: EmbeddedFont, glyphs: readonly PlacedGlyph[], shown: Shown): void {
  const writer = createGlyphWriter(font, shown);
  const mute: { glyph: PlacedGlyph; at: number }[] = [];
  let at = 0;
  for (const glyph of glyphs) {
    if (glyph.codePoints.length === 0) mute.push({ glyph, at });
    else writer.show(glyph, at);
    at += glyph.advance;
  }
  for (const each of mute) writer.show(each.glyph, each.at);
  writer.end(at);
}

function createGlyphWriter(font: EmbeddedFont, shown: Shown) {
  const unitsPerEm = 1000 / font.scale;
  let parts = '';
  /** Where the pen is, along and above the baseline. */
  let [pen, height] = [0, 0];
  const moveTo = (x: number): void => {
    if (Math.abs(x - pen) > 1e-6) parts += factor((pen - x) * font.scale);
    pen = x;
  };
  const rise = (y: number): void => {
    if (y === height) return;
    if (parts !== '') shown.push(`[${parts}] TJ`);
    parts = '';
    shown.push({ rise: y / unitsPerEm });
    height = y;
  };
  return {
    show: (glyph: PlacedGlyph, at: number): void => {
      rise(glyph.y);
      moveTo(at + glyph.x);
      parts += `<${glyphCode(font, glyph, glyph.codePoints)}>`;
      pen += glyph.width;
    },
    end: (at: number): void => {
      moveTo(at);
      rise(0);
      if (parts !== '') shown.push(`[${parts}] TJ`);
    },
  };
}

/** UTF-16 with its byte order mark, in hex, as PDF writes text. */
const utf16 = (codePoints: readonly number[]): string =>
  `feff${Buffer.from(String.fromCodePoint(...codePoints), 'utf16le')
    .swap16()
    .toString('hex')}`;
