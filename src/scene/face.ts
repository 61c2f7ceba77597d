import type { Font } from 'fontkit';
import { create } from 'fontkit';
import type { FontFile } from './font-files.ts';
import { readFontBytes } from './font-files.ts';

/** One glyph as PDFKit needs it to embed and encode. */
interface PlacedGlyph {
  readonly id: number;
  readonly advanceWidth: number;
  readonly codePoints: number[];
}

interface GlyphPosition {
  xAdvance: number;
  yAdvance: number;
  xOffset: number;
  yOffset: number;
}

/** A face of one weight and slant: measures text and is what PDFKit embeds, so that what is measured is what is drawn. */
export interface Face {
  /** Unique; the name to register the font under in PDFKit. */
  readonly name: string;
  readonly family: string;
  readonly weight: number;
  readonly italic: boolean;
  /** Heights above and (descent, positive) below the baseline, in em. */
  readonly ascent: number;
  readonly descent: number;
  readonly capHeight: number;
  readonly xHeight: number;
  has(codePoint: number): boolean;
  /** Width in em of text that this face has all glyphs for. */
  widthInEm(text: string): number;
  /**
   * Widths in em of the characters U+0020 to U+007E, by code point, where this face draws them one by one as they are;
   * null when it has not all of them or places them by their neighbours. What long tables are measured and drawn with.
   */
  readonly plainWidths: Float64Array | null;
  /** The opened font, for PDFKit's `registerFont`. */
  readonly font: Font;
}

/** Scripts and marks whose glyphs depend on their neighbours. */
const NEEDS_SHAPING = /\p{M}|\p{Join_Control}|[\u0590-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** A face whose file is opened when first measured with or drawn with. */
export function createFace(file: FontFile, opened?: Font): Face {
  let font: Font | undefined;
  let glyphs: Map<number, PlacedGlyph> | undefined;
  let plainWidths: { readonly widths: Float64Array | null } | undefined;
  const facade = (): Font => {
    font ??= withDirectLayout(opened ?? openFont(file.path), file, glyphOf);
    return font;
  };
  const glyphOf = (codePoint: number): PlacedGlyph => {
    glyphs ??= new Map();
    let glyph = glyphs.get(codePoint);
    if (!glyph) {
      const id = facade().glyphForCodePoint(codePoint).id;
      glyph = { id, advanceWidth: advanceOf(facade(), id), codePoints: [codePoint] };
      glyphs.set(codePoint, glyph);
    }
    return glyph;
  };
  const inEm = (pick: (opened: Font) => number): number => pick(facade()) / facade().unitsPerEm;
  return {
    name: file.name,
    family: file.family,
    weight: file.weight,
    italic: file.italic,
    get ascent() {
      return inEm(({ ascent }) => ascent);
    },
    get descent() {
      return inEm(({ descent }) => -descent);
    },
    get capHeight() {
      return inEm(({ capHeight, ascent }) => capHeight || ascent * 0.7);
    },
    get xHeight() {
      return inEm(({ xHeight, ascent }) => xHeight || ascent * 0.5);
    },
    has: (codePoint) => glyphOf(codePoint).id !== 0,
    widthInEm: (text) => {
      if (!isDirect(file, text)) return facade().layout(text).advanceWidth / facade().unitsPerEm;
      let width = 0;
      for (const character of text) width += glyphOf(character.codePointAt(0) ?? 0).advanceWidth;
      return width / facade().unitsPerEm;
    },
    get plainWidths() {
      plainWidths ??= { widths: file.plain ? plainWidthsOf(glyphOf, facade().unitsPerEm) : null };
      return plainWidths.widths;
    },
    get font() {
      return facade();
    },
  };
}

const FIRST_PLAIN = 0x20;
const LAST_PLAIN = 0x7e;

function plainWidthsOf(glyphOf: (codePoint: number) => PlacedGlyph, unitsPerEm: number): Float64Array | null {
  const widths = new Float64Array(LAST_PLAIN + 1);
  for (let code = FIRST_PLAIN; code <= LAST_PLAIN; code += 1) {
    const { id, advanceWidth } = glyphOf(code);
    if (id === 0) return null;
    widths[code] = advanceWidth / unitsPerEm;
  }
  return widths;
}

/** Opens a font file; of a collection the first font. */
export function openFont(path: string): Font {
  const opened = create(readFontBytes(path));
  if ('fonts' in opened) {
    const [first] = opened.fonts;
    if (!first) throw new Error('font collection without fonts');
    return first;
  }
  return opened;
}

const isDirect = (file: FontFile, text: string): boolean => file.plain && !NEEDS_SHAPING.test(text);

/** From the hmtx table directly: a glyph object would decode its outline only to tell its width. */
function advanceOf(font: Font, id: number): number {
  const { hmtx } = font as Font & {
    hmtx: { metrics: { get(id: number): { advance: number } | undefined; length: number } };
  };
  const metric = hmtx.metrics.get(Math.min(id, hmtx.metrics.length - 1));
  return metric ? metric.advance : 0;
}

/**
 * The font with a `layout` that maps plain text straight to glyphs, about ten times faster than full shaping and equal
 * in width to it. PDFKit scales the positions it is given in place, so each call makes its own.
 */
function withDirectLayout(font: Font, file: FontFile, glyphOf: (codePoint: number) => PlacedGlyph): Font {
  const shape = font.layout.bind(font);
  const layout = (text: string, features?: string[] | Record<string, boolean>): unknown => {
    if (features || !isDirect(file, text)) return shape(text, features);
    const glyphs: PlacedGlyph[] = [];
    const positions: GlyphPosition[] = [];
    for (const character of text) {
      const glyph = glyphOf(character.codePointAt(0) ?? 0);
      glyphs.push(glyph);
      positions.push({ xAdvance: glyph.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 });
    }
    return {
      glyphs,
      positions,
      get advanceWidth() {
        return positions.reduce((sum, position) => sum + position.xAdvance, 0);
      },
    };
  };
  return Object.create(font, { layout: { value: layout }, postscriptName: { value: file.name } }) as Font;
}
