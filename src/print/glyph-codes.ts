import type { PlacedGlyph } from '../scene/shaping.ts';
import type { EmbeddedFont } from './page-resources.ts';

/** Codes of glyphs that stand for something else than where they were first drawn. */
const furtherCodes = new WeakMap<EmbeddedFont, Map<string, string>>();

/**
 * The code of a glyph in an embedded font, as four hex digits. A glyph that stands for different characters (a letter's
 * body without its dots, a bracket seen from behind, the mark of missing glyphs) gets a code for each: so every code
 * has one meaning, and readers copy what was written.
 */
export function glyphCode(
  font: EmbeddedFont,
  { id, width }: Pick<PlacedGlyph, 'id' | 'width'>,
  codePoints: readonly number[],
): string {
  const code = font.subset.includeGlyph(id);
  const meant = font.unicode[code];
  if (meant === undefined || code === 0) {
    font.widths[code] = width * font.scale;
    font.unicode[code] = codePoints;
    return hex(code);
  }
  if (isSame(meant, codePoints)) return hex(code);
  const further = furtherCodes.get(font) ?? new Map<string, string>();
  furtherCodes.set(font, further);
  const key = `${id}:${codePoints.join()}`;
  const known = further.get(key);
  if (known !== undefined) return known;
  font.subset.glyphs.push(id);
  const added = font.subset.glyphs.length - 1;
  font.widths[added] = width * font.scale;
  font.unicode[added] = codePoints;
  further.set(key, hex(added));
  return hex(added);
}

const hex = (code: number): string => code.toString(16).padStart(4, '0');

const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((codePoint, index) => codePoint === other[index]);
