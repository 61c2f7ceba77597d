import type { Face } from '../scene/face.ts';
import type { TextRun } from '../scene/fonts.ts';
import { glyphCode } from './glyph-codes.ts';
import type { EmbeddedFont, Pdf } from './page-resources.ts';
import { useFont } from './page-resources.ts';
import type { Matrix } from './path-writer.ts';
import { coordinate, coordinateText, factor } from './path-writer.ts';
import { atSize, type ShownText, showShaped } from './shaped-text.ts';

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
  for (const run of runs) {
    const { face } = run;
    const font = useFont(pdf, face);
    const at = `${coordinateText(m[0] * left + m[2] * y + m[4])} ${coordinateText(m[1] * left + m[3] * y + m[5])}`;
    const turn = `${factor(m[0])} ${factor(m[1])} ${factor(-m[2])} ${factor(-m[3])}`;
    operators += `/${font.id} ${coordinate(size)} Tf ${turn} ${at} Tm ${showOperators(font, run, size)} `;
    if (runs.length > 1) left += face.widthInEm(run.drawn ?? run.text) * size;
  }
  return mode === 0 ? `${operators}ET\n` : `${operators}0 Tr ET\n`;
}

function showOperators(font: EmbeddedFont, { text, face, rtl, drawn }: TextRun, size: number): string {
  if (drawn !== undefined) return standingIn(font, face, drawn, text, rtl === true);
  if (face.isDirect(text)) return direct(font, face, text, rtl === true);
  return atSize(shapedOnce(font, face, text, rtl ?? null), size);
}

const codesByFont = new WeakMap<EmbeddedFont, Map<number, string>>();
const MAX_CODES = 10_000;

/** Characters are looked up one by one: most texts of a long table come once, and are not worth keeping. */
function direct(font: EmbeddedFont, face: Face, text: string, rtl: boolean): string {
  let codes = codesByFont.get(font);
  if (codes === undefined || codes.size >= MAX_CODES) {
    codes = new Map();
    codesByFont.set(font, codes);
  }
  let shown = '';
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    let code = codes.get(codePoint);
    if (code === undefined) {
      code = glyphCode(font, face.glyph(codePoint), [codePoint]);
      codes.set(codePoint, code);
    }
    shown = rtl ? code + shown : shown + code;
  }
  return `<${shown}> Tj`;
}

/** Glyphs that are drawn for other characters, as many as these. */
function standingIn(font: EmbeddedFont, face: Face, drawn: string, text: string, rtl: boolean): string {
  const meant = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const codes = Array.from(drawn, (character, index) =>
    glyphCode(font, face.glyph(character.codePointAt(0) ?? 0), [meant[index] ?? 0xfffd]),
  );
  return `<${(rtl ? codes.reverse() : codes).join('')}> Tj`;
}

const MAX_SHAPED = 4000;
const LONGEST_KEPT = 256;
const shapedByFont = new WeakMap<EmbeddedFont, Map<string, ShownText>>();

/** Shaping is slow and texts repeat: of each font 4000 are kept. */
function shapedOnce(font: EmbeddedFont, face: Face, text: string, rtl: boolean | null): ShownText {
  if (text.length > LONGEST_KEPT) return showShaped(font, face, text, rtl);
  let ofFont = shapedByFont.get(font);
  if (!ofFont || ofFont.size >= MAX_SHAPED) {
    ofFont = new Map();
    shapedByFont.set(font, ofFont);
  }
  const key = rtl === null ? text : `${rtl ? '\u0002' : '\u0003'}${text}`;
  let shown = ofFont.get(key);
  if (!shown) {
    shown = showShaped(font, face, text, rtl);
    ofFont.set(key, shown);
  }
  return shown;
}
