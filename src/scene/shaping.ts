import type { Font, Glyph, GlyphPosition } from 'fontkit';

/** A glyph in its place: lengths in units of the font, `x` and `y` move it without moving what follows. */
export interface PlacedGlyph {
  readonly id: number;
  readonly advance: number;
  /** The advance that the font itself gives the glyph. */
  readonly width: number;
  readonly x: number;
  readonly y: number;
  /** What it stands for; empty for a glyph that only completes its neighbour. */
  readonly codePoints: readonly number[];
}

/** A text's glyphs from left to right. */
export interface ShapedText {
  readonly glyphs: readonly PlacedGlyph[];
  /** Sum of the advances. */
  readonly advance: number;
}

/** Scripts and marks whose glyphs depend on their neighbours. */
const NEEDS_SHAPING =
  /\p{M}|\p{Join_Control}|[\u0590-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;

/** True where each character is one glyph that does not look at its neighbours. */
export const isSimple = (text: string): boolean => !NEEDS_SHAPING.test(text);

const MAX_KEPT_WORDS = 2000;
const LONGEST_KEPT = 64;
/** Contextual rules of complex fonts take time that grows faster than the word. */
const LONGEST_SHAPED = 2000;

/** Shapes text with the font's own rules, word by word; at most 2000 words of up to 64 characters are kept. */
export function createShaper(): (font: Font, text: string, rtl: boolean | null) => ShapedText {
  const words = new Map<string, ShapedText>();
  const shapeWord = (font: Font, word: string, rtl: boolean | null): ShapedText => {
    if (word.length > LONGEST_KEPT) return shapeLong(font, word, rtl);
    const key = rtl === null ? word : `${rtl ? '<' : '>'}${word}`;
    let shaped = words.get(key);
    if (shaped === undefined) {
      if (words.size >= MAX_KEPT_WORDS) words.clear();
      shaped = shapeWhole(font, word, rtl);
      words.set(key, shaped);
    }
    return shaped;
  };
  return (font, text, rtl) => {
    const parts = text.split(/(?<= )|(?= )/);
    if (parts.length === 1) return shapeWord(font, text, rtl);
    const shaped = parts.map((word) => shapeWord(font, word, rtl));
    return joined(rtl === true ? shaped.reverse() : shaped);
  };
}

const joined = (parts: readonly ShapedText[]): ShapedText => ({
  glyphs: parts.flatMap(({ glyphs }) => glyphs),
  advance: parts.reduce((sum, { advance }) => sum + advance, 0),
});

function shapeLong(font: Font, word: string, rtl: boolean | null): ShapedText {
  const parts: ShapedText[] = [];
  for (let at = 0; at < word.length; at += LONGEST_SHAPED)
    parts.push(shapeWhole(font, word.slice(at, at + LONGEST_SHAPED), rtl));
  return joined(rtl === true ? parts.reverse() : parts);
}

function shapeWhole(font: Font, text: string, rtl: boolean | null): ShapedText {
  const direction = rtl === null ? undefined : rtl ? 'rtl' : 'ltr';
  const run = layOut(font, text.replace(SARA_AM, '\u0e4d$1\u0e32'), direction);
  if (run === null) return unshaped(font, text, rtl === true);
  const glyphs = run.glyphs.map((glyph, index) => placed(font, glyph, run.positions[index]));
  return { glyphs: run.direction === 'rtl' ? marksBehindBases(glyphs) : glyphs, advance: run.advanceWidth };
}

/** Null where the font's rules make fontkit fail (anchors that are missing): one word must not cost the document. */
function layOut(font: Font, text: string, direction: string | undefined) {
  try {
    return font.layout(text, undefined, undefined, undefined, direction);
  } catch {
    return null;
  }
}

function unshaped(font: Font, text: string, rtl: boolean): ShapedText {
  const glyphs = Array.from(text, (character): PlacedGlyph => {
    const codePoint = character.codePointAt(0) ?? 0;
    const { id } = font.glyphForCodePoint(codePoint);
    const width = advanceOf(font, id);
    return { id, advance: width, width, x: 0, y: 0, codePoints: [codePoint] };
  });
  return { glyphs: rtl ? glyphs.reverse() : glyphs, advance: glyphs.reduce((sum, { advance }) => sum + advance, 0) };
}

/** A Thai vowel of two parts: the first goes below the tone mark before it (as HarfBuzz has it, which this shaper lacks). */
const SARA_AM = /([\u0e48-\u0e4b]?)\u0e33/g;

/**
 * Turned into right-to-left order, marks come before their letters. Readers of PDF know them as marks when they are drawn
 * after the letter, as they are in other scripts.
 */
function marksBehindBases(glyphs: readonly PlacedGlyph[]): readonly PlacedGlyph[] {
  const ordered: PlacedGlyph[] = [];
  let marks: PlacedGlyph[] = [];
  for (const glyph of glyphs) {
    if (glyph.advance === 0 && isCompleting(glyph)) marks.push(glyph);
    else {
      ordered.push(glyph, ...marks.reverse().map((mark) => ({ ...mark, x: mark.x - glyph.advance })));
      marks = [];
    }
  }
  return [...ordered, ...marks];
}

/** Whether a glyph only completes the one before it in writing. */
export const isCompleting = ({ codePoints }: PlacedGlyph): boolean =>
  codePoints.every((codePoint) => /\p{M}/u.test(String.fromCodePoint(codePoint)));

const placed = (font: Font, { id, codePoints }: Glyph, position: GlyphPosition | undefined): PlacedGlyph => ({
  id,
  advance: position?.xAdvance ?? 0,
  width: advanceOf(font, id),
  x: position?.xOffset ?? 0,
  y: position?.yOffset ?? 0,
  codePoints,
});

/** From the hmtx table directly: a glyph object would decode its outline only to tell its width. */
export function advanceOf(font: Font, id: number): number {
  const { hmtx } = font as Font & {
    hmtx: { metrics: { get(id: number): { advance: number } | undefined; length: number } };
  };
  const metric = hmtx.metrics.get(Math.min(id, hmtx.metrics.length - 1));
  return metric ? metric.advance : 0;
}
