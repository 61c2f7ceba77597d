import type { Face } from '../scene/face.ts';
import type { TextRun } from '../scene/fonts.ts';
import type { EmbeddedFont, Pdf } from './page-resources.ts';
import { useFont } from './page-resources.ts';
import type { Matrix } from './path-writer.ts';
import { coordinate, factor } from './path-writer.ts';

/** What a font's show-text operator needs for one text. */
interface EncodedText {
  readonly show: string;
}

const MAX_ENCODED = 4000;
const encodedByFont = new WeakMap<EmbeddedFont, Map<string, EncodedText>>();

/**
 * Live text as PDF operators: one text object for all runs, left edge on the baseline at `x`, `y` of a page whose y
 * runs downwards. `mode` is PDF's text rendering mode, 0 fill, 1 stroke.
 */
export function textOperators(
  pdf: Pdf,
  runs: readonly TextRun[],
  size: number,
  m: Matrix,
  x: number,
  y: number,
  mode: 0 | 1 = 0,
): string {
  let operators = mode === 0 ? 'BT ' : `BT ${mode} Tr `;
  let left = x;
  for (const { text, face } of runs) {
    const font = useFont(pdf, face);
    const at = `${coordinate(m[0] * left + m[2] * y + m[4])} ${coordinate(m[1] * left + m[3] * y + m[5])}`;
    const turn = `${factor(m[0])} ${factor(m[1])} ${factor(-m[2])} ${factor(-m[3])}`;
    const show = plainShow(font, face, text) ?? encode(font, text).show;
    operators += `/${font.id} ${coordinate(size)} Tf ${turn} ${at} Tm ${show} `;
    if (runs.length > 1) left += widthOf(face, text, size);
  }
  return mode === 0 ? `${operators}ET\n` : `${operators}0 Tr ET\n`;
}

const widthOf = (face: Face, text: string, size: number): number => face.widthInEm(text) * size;

const plainCodes = new WeakMap<EmbeddedFont, string[]>();

/** Plain characters are looked up one by one: most texts of a long table come once, and are not worth keeping. */
function plainShow(font: EmbeddedFont, face: Face, text: string): string | null {
  const widths = face.plainWidths;
  if (widths === null) return null;
  let codes = plainCodes.get(font);
  if (codes === undefined) {
    codes = [];
    plainCodes.set(font, codes);
  }
  let glyphs = '';
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return null;
    codes[code] ??= font.encode(text[index] ?? '')[0].join('');
    glyphs += codes[code];
  }
  return `<${glyphs}> Tj`;
}

function encode(font: EmbeddedFont, text: string): EncodedText {
  let ofFont = encodedByFont.get(font);
  if (!ofFont || ofFont.size >= MAX_ENCODED) {
    ofFont = new Map();
    encodedByFont.set(font, ofFont);
  }
  let encoded = ofFont.get(text);
  if (!encoded) {
    encoded = { show: showOperators(font, text) };
    ofFont.set(text, encoded);
  }
  return encoded;
}

/** Glyphs as one string where nothing is moved; else with kerning between and marks raised over their letters. */
function showOperators(font: EmbeddedFont, text: string): string {
  const [glyphs, positions] = font.encode(text);
  const moved = positions.some(
    ({ xAdvance, advanceWidth, xOffset, yOffset }) => xOffset !== 0 || yOffset !== 0 || xAdvance !== advanceWidth,
  );
  if (!moved) return `<${glyphs.join('')}> Tj`;
  const parts = glyphs.map((glyph, index) => {
    const { xAdvance = 0, advanceWidth = 0, xOffset = 0 } = positions[index] ?? {};
    return `${factor(-xOffset)} <${glyph}> ${factor(xOffset + advanceWidth - xAdvance)}`;
  });
  return `[${parts.join(' ')}] TJ`;
}
