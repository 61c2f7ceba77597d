import type { Bidi } from 'bidi-js';
import bidiFactory from 'bidi-js';

/** The package's declarations speak of its module build; Node loads the other, which is the function itself. */
const bidi = (bidiFactory as unknown as () => Bidi)();

/** Letters and marks of right-to-left scripts: without one, text stands in the order it is written in. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const PICTOGRAPHS = /[\u{1f000}-\u{1faff}]/gu;
/** They make letters of one direction stand in the other: "exe.png" for gnp.exe. No language needs them. */
const OVERRIDES = /[\u202d\u202e]/g;
const ISOLATES = new Set(['LRI', 'RLI', 'FSI']);
const MAX_LOOKED_AT = 2000;

export const hasRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** Whether a paragraph runs from right to left: by its first strong character outside of isolates (UAX #9, P2 and P3). */
export function startsRightToLeft(text: string): boolean {
  let depth = 0;
  for (const character of text.slice(0, MAX_LOOKED_AT)) {
    const type = bidi.getBidiCharTypeName(character);
    if (ISOLATES.has(type)) depth += 1;
    else if (type === 'PDI') depth = Math.max(0, depth - 1);
    else if (depth === 0 && (type === 'R' || type === 'AL')) return true;
    else if (depth === 0 && type === 'L') return false;
  }
  return false;
}

/** A stretch of one direction: UTF-16 offsets, `to` exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly rtl: boolean;
}

/** A line's stretches of one direction as they stand from left to right (UAX #9, L1 and L2). */
export function visualStretches(line: string, baseRtl: boolean): readonly Stretch[] {
  // The library reads UTF-16 units, so that pictographs beyond U+FFFF would count as Latin letters: they are neutral.
  const units = line.replace(PICTOGRAPHS, '\u2605\u2605').replace(OVERRIDES, '\u200b');
  const { levels } = bidi.getEmbeddingLevels(units, baseRtl ? 'rtl' : 'ltr');
  levels.fill(baseRtl ? 1 : 0, line.trimEnd().length);
  const stretches: (Stretch & { level: number })[] = [];
  for (let from = 0; from < line.length; ) {
    const level = levels[from] ?? 0;
    let to = from + 1;
    while (to < line.length && levels[to] === level) to += 1;
    stretches.push({ from, to, rtl: level % 2 === 1, level });
    from = to;
  }
  const highest = Math.max(0, ...stretches.map(({ level }) => level));
  for (let level = highest; level > 0; level -= 1) flip(stretches, level);
  return stretches;
}

function flip(stretches: { level: number }[], level: number): void {
  for (let start = 0; start < stretches.length; start += 1) {
    let end = start;
    while (end < stretches.length && (stretches[end]?.level ?? 0) >= level) end += 1;
    if (end - start > 1) stretches.splice(start, end - start, ...stretches.slice(start, end).reverse());
    start = end;
  }
}

/** The sign that stands for a bracket and its like inside right-to-left text; null for all others. */
export const mirrored = (character: string): string | null => bidi.getMirroredCharacter(character);
