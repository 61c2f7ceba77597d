import { mirrored, startsRightToLeft, visualStretches } from './bidi.ts';
import type { Face } from './face.ts';
import type { FontRegistry, TextRun } from './fonts.ts';

/** Runs of text, given in the order it is written, as they stand from left to right where they are drawn right to left. */
export function turned(runs: readonly TextRun[]): readonly TextRun[] {
  return runs
    .flatMap(mirroredParts)
    .map((run) => ({ ...run, rtl: true }))
    .reverse();
}

/** Brackets and their like are drawn as their mirror images, and still mean what was written. */
function mirroredParts(run: TextRun): readonly TextRun[] {
  if (run.drawn !== undefined) return [run];
  const parts: TextRun[] = [];
  let plain = '';
  for (const character of run.text) {
    const mirror = mirrored(character);
    if (mirror === null || !run.face.has(mirror.codePointAt(0) ?? 0)) plain += character;
    else {
      if (plain !== '') parts.push({ text: plain, face: run.face });
      plain = '';
      parts.push({ text: character, face: run.face, drawn: mirror });
    }
  }
  if (plain !== '') parts.push({ text: plain, face: run.face });
  return parts;
}

/** The runs of one line of one look, from left to right. */
export function visualRuns(fonts: FontRegistry, text: string, face: Face): readonly TextRun[] {
  return visualStretches(text, startsRightToLeft(text)).flatMap(({ from, to, rtl }) => {
    const runs = fonts.runs(text.slice(from, to), face);
    return rtl ? turned(runs) : runs.map((run) => ({ ...run, rtl }));
  });
}
