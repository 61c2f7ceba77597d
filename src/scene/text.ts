import type { TextStyle } from '../charts/theme.ts';
import type { Align } from '../definition/definition.ts';
import { hasRightToLeft, startsRightToLeft } from './bidi.ts';
import type { Face } from './face.ts';
import { type FontRegistry, hasKana, type TextRun } from './fonts.ts';
import { chunksOf, cutWord } from './line-breaks.ts';
import { type LinePiece, orderedLine } from './line-order.ts';

/** How a stretch of text looks; sizes in points. */
export interface TextLook {
  readonly face: Face;
  readonly size: number;
  readonly color: string;
  /** Target of the link that the text is part of: `#name` of a place in the document, or an address. */
  readonly link?: string;
  /** A link without a line below it. */
  readonly quiet?: boolean;
  readonly strike?: boolean;
}

/** A stretch of text of one look. */
export interface Span extends TextLook {
  readonly text: string;
}

/** A stretch of a line that one face draws; `x` from the line's own left end. */
export interface LineRun extends TextRun {
  readonly x: number;
  readonly width: number;
  readonly look: TextLook;
}

export interface Line {
  /** In the order they are read, which is not that of their `x` where scripts of both directions meet. */
  readonly runs: readonly LineRun[];
  /** Without the spaces at its end. */
  readonly width: number;
  /** True in a paragraph that runs from right to left. */
  readonly rtl?: boolean;
}

/** A word as its faces' runs and its width in em: what the ruler keeps. */
interface ShapedWord {
  readonly runs: readonly (TextRun & { readonly em: number })[];
  readonly em: number;
}

/**
 * Measures text as the page will show it. Words are measured once and kept: tables repeat theirs. One ruler per
 * document; the number of words kept is bounded.
 */
export interface Ruler {
  readonly fonts: FontRegistry;
  /** @param japanese whether Han characters are Japanese ones; by default where the text itself has kana. */
  shape(text: string, face: Face, japanese?: boolean): ShapedWord;
  /** In points. */
  width(text: string, face: Face, size: number): number;
}

const MAX_WORDS = 30_000;
const LONGEST_KEPT = 64;
const JAPANESE_KEY = '\u0001';

export function createRuler(fonts: FontRegistry): Ruler {
  const words = new Map<Face, Map<string, ShapedWord>>();
  let kept = 0;
  const measure = (text: string, face: Face, japanese?: boolean): ShapedWord => {
    const runs = fonts
      .runs(text, face, japanese)
      .map((run) => ({ ...run, em: run.face.widthInEm(run.drawn ?? run.text) }));
    return { runs, em: runs.reduce((sum, run) => sum + run.em, 0) };
  };
  const shape = (text: string, face: Face, japanese?: boolean): ShapedWord => {
    if (text.length > LONGEST_KEPT) return measure(text, face, japanese);
    if (kept >= MAX_WORDS) {
      words.clear();
      kept = 0;
    }
    const ofFace = words.get(face) ?? new Map<string, ShapedWord>();
    const key = japanese === true ? `${JAPANESE_KEY}${text}` : text;
    const known = ofFace.get(key);
    if (known !== undefined) return known;
    const word = measure(text, face, japanese);
    words.set(face, ofFace.set(key, word));
    kept += 1;
    return word;
  };
  return { fonts, shape, width: (text, face, size) => shape(text, face).em * size };
}

/** The look of a theme's text style in the report's font family. */
export function lookOf(fonts: FontRegistry, style: TextStyle, family: string | null, italic = false): TextLook {
  return { face: fonts.face({ family, weight: style.weight, italic }), size: style.size, color: style.color };
}

/** What is known of a paragraph before it is broken. */
interface Paragraph {
  /** Whether it has text from right to left, and whether it begins with it. */
  readonly mixed: boolean;
  readonly rtl: boolean;
  readonly japanese: boolean;
}

function paragraphOf(text: string): Paragraph {
  const mixed = hasRightToLeft(text);
  return { mixed, rtl: mixed && startsRightToLeft(text), japanese: hasKana(text) };
}

interface OpenLine {
  runs: LineRun[];
  /** What the runs are made of. */
  pieces: LinePiece[];
  /** Where the next text goes, and the width without the spaces at the end. */
  end: number;
  width: number;
  /** Set while the line ends in a soft hyphen. */
  hyphen: TextLook | null;
}

const emptyLine = (): OpenLine => ({ runs: [], pieces: [], end: 0, width: 0, hyphen: null });

function append(line: OpenLine, text: string, look: TextLook, ruler: Ruler, { mixed, japanese }: Paragraph): void {
  if (mixed) line.pieces.push({ text, look });
  for (const { text: own, face, em, drawn } of ruler.shape(text, look.face, japanese).runs) {
    const width = em * look.size;
    const last = line.runs.at(-1);
    if (last?.face === face && last.look === look && last.drawn === undefined && drawn === undefined) {
      line.runs[line.runs.length - 1] = { ...last, text: last.text + own, width: last.width + width };
    } else {
      const run = { x: line.end, width, text: own, face, look };
      line.runs.push(drawn === undefined ? run : { ...run, drawn });
    }
    line.end += width;
  }
}

/**
 * Break spans into lines of at most `width` points. A word wider than the line is cut; nothing is ever wider than
 * `width` but a single character that is. The empty text gives no line; `\n` ends one. Beyond `maxLines` nothing is laid
 * out. Lines are put in the order of their scripts' directions one by one, after they are broken (UAX #9).
 */
export function breakLines(
  spans: readonly Span[],
  width: number,
  ruler: Ruler,
  maxLines = Number.POSITIVE_INFINITY,
  paragraph: Paragraph = paragraphOf(spans.map(({ text }) => text).join('')),
): Line[] {
  const lines: Line[] = [];
  let line = emptyLine();
  const finish = (): void => {
    if (line.hyphen !== null) append(line, '-', line.hyphen, ruler, paragraph);
    const own = line.hyphen === null ? line.width : line.end;
    lines.push(
      paragraph.mixed
        ? orderedLine(line.pieces, paragraph.rtl, ruler, paragraph.japanese)
        : { runs: line.runs, width: own },
    );
    line = emptyLine();
  };
  for (const chunk of chunksOf(spans.map(({ text }) => text))) {
    if (lines.length >= maxLines) return lines;
    const parts = chunk.parts.flatMap(({ text, span }) => lookedUp(text, spans[span]));
    const own = parts.reduce((sum, { text, look }) => sum + wordWidth(text, look, ruler), 0);
    const lastLook = parts.at(-1)?.look;
    const room = chunk.end === 'hyphen' && lastLook ? width - ruler.width('-', lastLook.face, lastLook.size) : width;
    if (line.end > 0 && own > 0 && line.end + own > room + 0.01) finish();
    for (const { text, look } of parts) {
      let isFirst = true;
      for (const piece of piecesOf(text, look, own, width, ruler)) {
        const overflows = line.end > 0 && line.end + ruler.width(piece, look.face, look.size) > width + 0.01;
        if (!isFirst || overflows) finish();
        if (lines.length >= maxLines) return lines;
        append(line, piece, look, ruler, paragraph);
        line.width = line.end;
        isFirst = false;
      }
    }
    line.hyphen = chunk.end === 'hyphen' ? (lastLook ?? null) : null;
    if (chunk.spaces !== '' && lastLook !== undefined) append(line, chunk.spaces, lastLook, ruler, paragraph);
    if (chunk.end === 'always') {
      line.hyphen = null;
      finish();
    }
  }
  if (line.runs.length > 0) {
    line.hyphen = null;
    finish();
  }
  return lines.slice(0, maxLines);
}

/** A text as one line, however wide it is. */
export function singleLine(span: Span, ruler: Ruler): Line {
  const paragraph = paragraphOf(span.text);
  if (paragraph.mixed) return orderedLine([{ text: span.text, look: span }], paragraph.rtl, ruler, paragraph.japanese);
  const line = emptyLine();
  append(line, span.text, span, ruler, paragraph);
  return { runs: line.runs, width: line.end };
}

/** No line holds a longer word, and shaping it whole would take long. */
const LONGEST_WORD = 2000;
const wordWidth = (text: string, look: TextLook, ruler: Ruler): number =>
  text.length > LONGEST_WORD ? Number.POSITIVE_INFINITY : ruler.width(text, look.face, look.size);

const lookedUp = (text: string, look: Span | undefined): { text: string; look: Span }[] =>
  look === undefined ? [] : [{ text, look }];

function piecesOf(text: string, look: TextLook, own: number, width: number, ruler: Ruler): Iterable<string> {
  if (own <= width + 0.01) return [text];
  return cutWord(text, width, (part) => ruler.width(part, look.face, look.size));
}

/** Lines that end in `…` where they were cut to `maxLines`. */
export function breakLinesCut(
  spans: readonly Span[],
  width: number,
  ruler: Ruler,
  maxLines: number,
): { lines: Line[]; cut: boolean } {
  const paragraph = paragraphOf(spans.map(({ text }) => text).join(''));
  const lines = breakLines(spans, width, ruler, maxLines + 1, paragraph);
  const look = spans.at(-1);
  if (lines.length <= maxLines || look === undefined) return { lines, cut: false };
  const text =
    lines[maxLines - 1]?.runs
      .map((run) => run.text)
      .join('')
      .trimEnd() ?? '';
  const ellipsis = ruler.width('…', look.face, look.size);
  const [kept = ''] = cutWord(text, width - ellipsis, (part) => ruler.width(part, look.face, look.size));
  const last = breakLines([{ ...look, text: `${kept.trimEnd()}…` }], width + 1, ruler, 1, paragraph);
  return { lines: [...lines.slice(0, maxLines - 1), ...last], cut: true };
}

/** Where a line starts in a box of this width; `left` is where its paragraph begins, which may be the right. */
export function alignedX(line: Line, width: number, align: Align): number {
  if (align === 'right' || (align === 'left' && line.rtl === true)) return width - line.width;
  return align === 'center' ? (width - line.width) / 2 : 0;
}

/**
 * The distance from the top of a line box to the baseline: the face's own height is centred in the line height, so that
 * neighbouring texts of one style share their baselines whatever fallback faces they need.
 */
export function baselineOf(look: TextLook, lineHeight: number): number {
  const { ascent, descent } = look.face;
  return (lineHeight - (ascent + descent) * look.size) / 2 + ascent * look.size;
}
