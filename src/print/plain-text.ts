import type { Face } from '../scene/face.ts';
import type { TextMark } from '../scene/scene.ts';
import { glyphCode } from './glyph-codes.ts';
import type { EmbeddedFont, Pdf } from './page-resources.ts';
import { useFont } from './page-resources.ts';
import { coordinate as c } from './path-writer.ts';

/** Writes plain texts one after the other as one text object, which says font, size and colour only where they change. */
interface PlainTextWriter {
  /** False for a text that has to be drawn another way: shaped, linked, of several runs. */
  add(mark: TextMark): boolean;
  /** The same for the content of an element; `begin` is asked for the operator that begins it. */
  addContent(mark: TextMark, begin: () => string): boolean;
  /** What was added, as operators; empty when nothing was. */
  take(): string;
}

/** @param paint the operators that set a fill colour. */
export function createPlainTextWriter(pdf: Pdf, paint: (color: string) => string): PlainTextWriter {
  let [operators, color, font, size] = ['', '', '', 0];
  let [penX, penY] = [0, 0];
  const add = ({ line, x, y }: TextMark, begin: (() => string) | null): boolean => {
    const [run] = line.runs;
    if (run === undefined || line.runs.length > 1 || run.drawn !== undefined) return false;
    const { look, face, text } = run;
    if (look.link !== undefined || look.strike === true || face.plainWidths === null) return false;
    const embedded = useFont(pdf, face);
    const shown = shownPlain(embedded, face, text);
    if (shown === null) return false;
    const isFirst = operators === '';
    if (isFirst) operators = 'q BT ';
    if (isFirst || color !== look.color) operators += paint(look.color);
    if (isFirst || font !== embedded.id || size !== look.size) operators += `/${embedded.id} ${c(look.size)} Tf `;
    const left = c(x + run.x);
    const base = c(y);
    operators += isFirst ? `1 0 0 -1 ${left} ${base} Tm ` : `${c(left - penX)} ${c(penY - base)} Td `;
    operators += begin === null ? `(${shown})Tj ` : `${begin()}(${shown})Tj EMC `;
    color = look.color;
    font = embedded.id;
    size = look.size;
    penX = left;
    penY = base;
    return true;
  };
  return {
    add: (mark) => add(mark, null),
    addContent: add,
    take: () => {
      const taken = operators === '' ? '' : `${operators}ET Q\n`;
      operators = '';
      return taken;
    },
  };
}

const FIRST_PLAIN = 0x20;
const LAST_PLAIN = 0x7e;
const codesByFont = new WeakMap<EmbeddedFont, string[]>();

/** Two bytes a glyph in a literal string; null for a text with other than plain characters. */
function shownPlain(font: EmbeddedFont, face: Face, text: string): string | null {
  let codes = codesByFont.get(font);
  if (codes === undefined) {
    codes = [];
    codesByFont.set(font, codes);
  }
  let shown = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character < FIRST_PLAIN || character > LAST_PLAIN) return null;
    codes[character] ??= escaped(glyphCode(font, face.glyph(character), [character]));
    shown += codes[character];
  }
  return shown;
}

const ESCAPES: Readonly<Record<string, string>> = { '(': '\\(', ')': '\\)', '\\': '\\\\', '\r': '\\r', '\n': '\\n' };

/** Of four hexadecimal digits, two bytes as they stand in a literal string (ISO 32000-1 §7.3.4.2). */
const escaped = (hex: string): string =>
  Array.from(Buffer.from(hex, 'hex'), (byte) => String.fromCharCode(byte))
    .map((character) => ESCAPES[character] ?? character)
    .join('');
