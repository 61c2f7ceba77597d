import type { Font } from 'fontkit';
import { create } from 'fontkit';
import type { FontFile } from './font-files.ts';
import { readFontBytes } from './font-files.ts';
import { advanceOf, createShaper, isSimple, type PlacedGlyph, type ShapedText } from './shaping.ts';

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
  /** True for text whose characters are one glyph each, wherever they stand. */
  isDirect(text: string): boolean;
  /** The glyph of a character by itself; its `id` is 0 when the face has none. */
  glyph(codePoint: number): PlacedGlyph;
  /** Glyphs from left to right, of text that this face has all glyphs for; `rtl` null lets the script decide. */
  shape(text: string, rtl?: boolean | null): ShapedText;
  /** The opened font, for PDFKit's `registerFont`. */
  readonly font: Font;
}

const MAX_KNOWN_GLYPHS = 10_000;

export interface FaceSource {
  /** Says how to open the font; by default the file of the face. */
  readonly open?: () => Font;
  /** Called at each opening with the way to close it again: a closed face opens itself when it is asked. */
  readonly onOpen?: (close: () => void) => void;
}

/** A face whose file is opened when first measured with or drawn with. */
export function createFace(file: FontFile, { open = () => openFont(file.path), onOpen }: FaceSource = {}): Face {
  let font: Font | undefined;
  let glyphs = new Map<number, PlacedGlyph>();
  let shaper: ReturnType<typeof createShaper> | undefined;
  let plainWidths: { readonly widths: Float64Array | null } | undefined;
  const opened = (): Font => {
    if (font === undefined) {
      font = ownView(open(), file.name);
      onOpen?.(() => {
        [font, shaper, glyphs] = [undefined, undefined, new Map()];
      });
    }
    return font;
  };
  const glyph = (codePoint: number): PlacedGlyph => {
    let known = glyphs.get(codePoint);
    if (known === undefined) {
      if (glyphs.size >= MAX_KNOWN_GLYPHS) glyphs.clear();
      known = plainGlyph(opened(), codePoint);
      glyphs.set(codePoint, known);
    }
    return known;
  };
  const isDirect = (text: string): boolean => file.plain && isSimple(text);
  const shape = (text: string, rtl: boolean | null = null): ShapedText => {
    if (!isDirect(text)) {
      shaper ??= createShaper();
      return shaper(opened(), text, rtl);
    }
    const row = Array.from(text, (character) => glyph(character.codePointAt(0) ?? 0));
    return { glyphs: rtl === true ? row.reverse() : row, advance: row.reduce((sum, { advance }) => sum + advance, 0) };
  };
  let heights: ReturnType<typeof heightsOf> | undefined;
  const measured = (): ReturnType<typeof heightsOf> => {
    heights ??= heightsOf(opened());
    return heights;
  };
  return {
    name: file.name,
    family: file.family,
    weight: file.weight,
    italic: file.italic,
    get ascent() {
      return measured().ascent;
    },
    get descent() {
      return measured().descent;
    },
    get capHeight() {
      return measured().capHeight;
    },
    get xHeight() {
      return measured().xHeight;
    },
    has: (codePoint) => glyph(codePoint).id !== 0,
    widthInEm: (text) => {
      if (!isDirect(text)) return shape(text).advance / measured().unitsPerEm;
      let width = 0;
      for (const character of text) width += glyph(character.codePointAt(0) ?? 0).advance;
      return width / measured().unitsPerEm;
    },
    get plainWidths() {
      plainWidths ??= { widths: file.plain ? plainWidthsOf(glyph, opened().unitsPerEm) : null };
      return plainWidths.widths;
    },
    isDirect,
    glyph,
    shape,
    get font() {
      return opened();
    },
  };
}

/** Kept, for fontkit reads them anew each time. */
const heightsOf = ({ unitsPerEm, ascent, descent, capHeight, xHeight }: Font) => ({
  unitsPerEm,
  ascent: ascent / unitsPerEm,
  descent: -descent / unitsPerEm,
  capHeight: (capHeight || ascent * 0.7) / unitsPerEm,
  xHeight: (xHeight || ascent * 0.5) / unitsPerEm,
});

const FIRST_PLAIN = 0x20;
const LAST_PLAIN = 0x7e;

function plainWidthsOf(glyph: (codePoint: number) => PlacedGlyph, unitsPerEm: number): Float64Array | null {
  const widths = new Float64Array(LAST_PLAIN + 1);
  for (let code = FIRST_PLAIN; code <= LAST_PLAIN; code += 1) {
    const { id, advance } = glyph(code);
    if (id === 0) return null;
    widths[code] = advance / unitsPerEm;
  }
  return widths;
}

/** Opens a font file: one font, or those of a collection. `size` is the bytes the fonts are in. */
export function openFonts(path: string): { readonly fonts: readonly Font[]; readonly size: number } {
  const bytes = readFontBytes(path);
  const opened = create(bytes);
  return { fonts: 'fonts' in opened ? opened.fonts : [opened], size: bytes.length };
}

/** Opens one font of a file: the only one, or that with this number of a collection. */
export function openFont(path: string, number = 0): Font {
  const font = openFonts(path).fonts[number];
  if (!font) throw new Error(`no font number ${number} in its file`);
  return font;
}

function plainGlyph(font: Font, codePoint: number): PlacedGlyph {
  const { id } = font.glyphForCodePoint(codePoint);
  const width = advanceOf(font, id);
  return { id, advance: width, width, x: 0, y: 0, codePoints: [codePoint] };
}

/**
 * The font as it is used here. PDFKit names embedded fonts by what they call themselves, which subset files of one family
 * share. And fontkit keeps one object per glyph with the code points it was first made for, where a letter's body without
 * its dots stands for many letters.
 */
function ownView(font: Font, name: string): Font {
  const getGlyph = (id: number, codePoints?: number[]) => {
    const glyph = font.getGlyph(id, codePoints);
    return codePoints === undefined ? glyph : Object.create(glyph, { codePoints: { value: codePoints } });
  };
  return Object.create(font, { postscriptName: { value: name }, getGlyph: { value: getGlyph } }) as Font;
}
