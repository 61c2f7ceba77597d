import { dayText, instantText, isInstant, type OffsetAt } from '../rows/instant-text.ts';
import type { Column, Value } from '../rows/rows.ts';

/** Most characters that Excel keeps in a cell. */
export const CELL_LENGTH = 32_767;

/** Indexes into `cellXfs` of the style sheet. */
export const STYLE = {
  plain: 0,
  header: 1,
  day: 2,
  instant: 3,
  exactInstant: 4,
  title: 5,
  link: 6,
  wrapped: 7,
  share: 8,
} as const;

const DAY_MS = 86_400_000;
/** Day zero of Excel's count. It believes in a 29 February 1900: days before March of that year are written as text. */
const EPOCH = Date.UTC(1899, 11, 30);
const FIRST_DAY = Date.UTC(1900, 2, 1);
const AFTER_LAST_DAY = Date.UTC(10_000, 0, 1);

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu;

/** Text for XML; what XML can't hold becomes U+FFFD. */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(FORBIDDEN, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => XML[character] ?? '')
    .replaceAll('\r', '&#13;');

/** Column letters: 0 is `A`, 25 `Z`, 26 `AA`. */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

/** A text cell; `_x0041_` in a text would be read as the letter A, so the underscore itself is written that way. */
export function textCell(place: string, text: string, style: number = STYLE.plain): string {
  const written = xmlText(text.slice(0, CELL_LENGTH)).replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  const styled = style === STYLE.plain ? '' : ` s="${style}"`;
  return `<c r="${place}"${styled} t="inlineStr"><is><t xml:space="preserve">${written}</t></is></c>`;
}

export const numberCell = (place: string, value: number, style: number = STYLE.plain): string =>
  `<c r="${place}"${style === STYLE.plain ? '' : ` s="${style}"`}><v>${value}</v></c>`;

/**
 * A value as a cell of its type; null is no cell. Instants become the zone's wall clock, since Excel knows no zones; what
 * Excel has no date for, and decimals of more digits than it holds, are texts. A text is never a formula.
 * @param style of plain numbers; days and instants have their own.
 */
export function valueCell(
  place: string,
  value: Value,
  { type, style = STYLE.plain }: { readonly type: Column['type']; readonly style?: number },
  offsetAt: OffsetAt,
): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof value === 'string') return textCell(place, value);
  if ((type === 'time' || type === 'date') && isInstant(value)) return dateCell(place, value, type, offsetAt);
  return Number.isFinite(value) ? numberCell(place, value, style) : '';
}

function dateCell(place: string, value: number, type: 'time' | 'date', offsetAt: OffsetAt): string {
  const wall = type === 'time' ? value + offsetAt(value) : value;
  if (wall < FIRST_DAY || wall >= AFTER_LAST_DAY) {
    return textCell(place, type === 'time' ? instantText(value, offsetAt) : dayText(value));
  }
  const isExact = wall % 1000 !== 0;
  const style = type === 'date' ? STYLE.day : isExact ? STYLE.exactInstant : STYLE.instant;
  return numberCell(place, (wall - EPOCH) / DAY_MS, style);
}
