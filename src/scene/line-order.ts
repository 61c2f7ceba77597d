import { visualStretches } from './bidi.ts';
import type { TextRun } from './fonts.ts';
import type { Line, LineRun, Ruler, TextLook } from './text.ts';
import { turned } from './visual-runs.ts';

/** Text of one look as it was given: with its direction marks. */
export interface LinePiece {
  readonly text: string;
  readonly look: TextLook;
}

/** A line whose text runs in both directions, from its pieces in the order they are written. */
export function orderedLine(pieces: readonly LinePiece[], rtl: boolean, ruler: Ruler, japanese: boolean): Line {
  const text = pieces
    .map((piece) => piece.text)
    .join('')
    .trimEnd();
  const placed: { at: number; runs: LineRun[] }[] = [];
  let x = 0;
  for (const stretch of visualStretches(text, rtl)) {
    const parts = within(pieces, stretch.from, stretch.to);
    const runs: LineRun[] = [];
    for (const part of stretch.rtl ? parts.reverse() : parts) {
      const written = ruler.shape(part.text, part.look.face, japanese).runs;
      for (const run of stretch.rtl ? turned(written) : written.map((each) => ({ ...each, rtl: false }))) {
        const width = run.face.widthInEm(run.drawn ?? run.text) * part.look.size;
        runs.push({ ...bare(run), x, width, look: part.look });
        x += width;
      }
    }
    placed.push({ at: stretch.from, runs: stretch.rtl ? runs.reverse() : runs });
  }
  const runs = placed.sort((one, other) => one.at - other.at).flatMap((stretch) => stretch.runs);
  return rtl ? { runs, width: x, rtl } : { runs, width: x };
}

function within(pieces: readonly LinePiece[], from: number, to: number): LinePiece[] {
  const parts: LinePiece[] = [];
  let start = 0;
  for (const { text, look } of pieces) {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    if (part !== '') parts.push({ text: part, look });
    start += text.length;
  }
  return parts;
}

const bare = ({ text, face, rtl, drawn }: TextRun): TextRun => ({
  text,
  face,
  ...(rtl === undefined ? {} : { rtl }),
  ...(drawn === undefined ? {} : { drawn }),
});
