import type { Face } from './face.ts';
import { EMOJI_FAMILY, type Flavor } from './font-packages.ts';
import type { TextRun } from './fonts.ts';

/** The first face that has all of some characters; null when none has. */
export type Resolve = (codePoints: readonly number[], face: Face, flavor: Flavor) => Face | null;

/** Invisible: controls, direction and width marks, variation selectors, byte order mark; joiners matter to shaping. */
const INVISIBLE = /(?![\t\n]|\p{Join_Control})(?:[\p{Cc}\p{Cf}]|\p{Variation_Selector})/gu;
/** Characters that few fonts have, and the plain ones that look the same; other blanks are spaces. */
const LOOKALIKES: Readonly<Record<string, string>> = { '\u202f': '\u00a0', '\u2011': '\u2010' };
const RARE = /[\t\n\u1680\u2011\u2028\u2029\u202f\u205f]/g;
/** Text whose characters can be looked up one by one. */
const CLUSTERED = /\p{M}|\p{Join_Control}|\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
/** What is drawn as a picture: so by default, or because the text asks for it. */
const PICTURE =
  /(?:\p{Emoji_Presentation}(?!\ufe0e)|\p{Emoji}\ufe0f|\p{Extended_Pictographic}\u200d|\p{Emoji_Modifier}|\p{Regional_Indicator})/u;
/** Parts of a cluster that a face need not have a glyph of its own for. */
const UNDRAWN = /\p{Join_Control}|\p{Variation_Selector}|\p{Emoji_Modifier}|[\u{e0020}-\u{e007f}]/gu;
const REPLACEMENT = '\ufffd';
/** Beyond it the segmenter would hold millions of small objects at a time. */
const SEGMENTED = 4000;

let segmenter: Intl.Segmenter | undefined;
/** Made when first needed, for it takes long to load. */
const graphemes = (): Intl.Segmenter => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter;
};
const codePointsOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);
/** Korean as some file systems spell it, letter by letter: fonts have whole syllables. */
const JAMO = /[\u1100-\u11ff]+/g;
const composed = (text: string): string => text.replace(JAMO, (letters) => letters.normalize('NFC'));
const clean = (text: string): string =>
  text.replace(INVISIBLE, '').replace(RARE, (character) => LOOKALIKES[character] ?? ' ');

/**
 * Cuts text into runs of one face each. Characters as people see them (a letter with its marks, a family of pictographs)
 * are never parted where one face has them whole. What no face has is told to `lacks` and stands as U+FFFD.
 */
export function cutIntoRuns(
  written: string,
  face: Face,
  flavor: Flavor,
  resolve: Resolve,
  lacks: (codePoint: number) => void,
): readonly TextRun[] {
  const raw = composed(written);
  const runs = createRunList(face);
  const one = (character: string): void => {
    const codePoint = character.codePointAt(0) ?? 0;
    if (runs.takes(character, codePoint)) return;
    const found = resolve([codePoint], face, flavor);
    if (found) runs.add(character, found);
    else {
      lacks(codePoint);
      runs.add(character, resolve([0xfffd], face, flavor) ?? face, REPLACEMENT);
    }
  };
  const cluster = (text: string): void => {
    const own = PICTURE.test(text) ? text.replaceAll('\ufe0e', '') : clean(text);
    const isPicture = own === text && PICTURE.test(text);
    const needed = codePointsOf(own.replace(UNDRAWN, ''));
    const found = needed.length === 0 ? null : resolve(needed, face, isPicture ? 'emoji' : flavor);
    if (found) runs.add(isPicture ? own : withoutLacking(own, found), found);
    else for (const character of clean(text).replace(/\p{Join_Control}/gu, '')) one(character);
  };
  if (!CLUSTERED.test(raw)) for (const character of clean(raw)) one(character);
  else
    for (const part of partsOf(raw)) {
      for (const { segment } of graphemes().segment(part)) {
        if (segment.length > 1 || CLUSTERED.test(segment)) cluster(segment);
        else for (const character of clean(segment)) one(character);
      }
    }
  return runs.list;
}

function* partsOf(text: string): Iterable<string> {
  for (let at = 0; at < text.length; ) {
    let end = at + SEGMENTED;
    while (end < text.length && end > at + 1 && !/[\s\p{L}]/u.test(text.charAt(end))) end -= 1;
    if (end === at + 1) end = at + SEGMENTED;
    yield text.slice(at, end);
    at = end;
  }
}

/** Joiners that a font has no glyph for would be drawn as missing ones. */
const withoutLacking = (text: string, face: Face): string =>
  text.replace(/\p{Join_Control}/gu, (joiner) => (face.has(joiner.codePointAt(0) ?? 0) ? joiner : ''));

interface RunList {
  readonly list: readonly TextRun[];
  /** Takes a space or a mark into the run before it, so that runs are not cut at each blank of a Chinese line. Emoji have wide ones. */
  takes(character: string, codePoint: number): boolean;
  /** @param drawn what is drawn for `text`, as many characters. */
  add(text: string, face: Face, drawn?: string): void;
}

function createRunList(wished: Face): RunList {
  const list: { text: string; face: Face; drawn?: string }[] = [];
  /** A blank behind an emoji belongs to what follows: readers of PDF pass by one that stands alone in its font. */
  const isWaiting = (face: Face): boolean => {
    const last = list.at(-1);
    const isAlone = last?.text === ' ' && last.drawn === undefined && list.at(-2)?.face.family === EMOJI_FAMILY;
    return isAlone && face.family !== EMOJI_FAMILY && face.has(0x20);
  };
  return {
    list,
    takes: (character, codePoint) => {
      const last = list.at(-1);
      if (codePoint !== 0x20 || last === undefined || last.drawn !== undefined) return false;
      if (last.face.family === EMOJI_FAMILY) return false;
      if (last.face !== wished && !last.face.has(codePoint)) return false;
      last.text += character;
      return true;
    },
    add: (text, face, drawn) => {
      const last = list.at(-1);
      if (last !== undefined && drawn === undefined && isWaiting(face)) {
        last.text += text;
        last.face = face;
      } else if (last?.face === face && (last.drawn === undefined) === (drawn === undefined)) {
        last.text += text;
        if (drawn !== undefined) last.drawn += drawn;
      } else list.push(drawn === undefined ? { text, face } : { text, face, drawn });
    },
  };
}
