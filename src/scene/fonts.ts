import type { Face } from './face.ts';
import { createFaceShelf } from './face-shelf.ts';
import type { Flavor } from './font-packages.ts';
import type { PassedOver } from './found-fonts.ts';
import { cutIntoRuns, type Resolve } from './text-runs.ts';

/** A stretch of text that one face has all glyphs for. */
export interface TextRun {
  readonly text: string;
  readonly face: Face;
  /** Whether it is drawn from right to left; absent in lines that have no such text. */
  readonly rtl?: boolean;
  /** What is drawn for `text`, character by character, where it is not itself: mirrored brackets, missing glyphs. */
  readonly drawn?: string;
}

export interface FaceWish {
  /** Family or PostScript name; unknown ones give Open Sans. */
  readonly family?: string | null;
  /** 100 to 900, default 400. */
  readonly weight?: number;
  readonly italic?: boolean;
}

/**
 * The one truth about fonts: Vega's text metrics, page layout and PDFKit's drawing all ask here. Files are opened when
 * first used. Bounds: 256 fallback files open at a time, 50 000 characters with the face they are drawn with, in each
 * face 10 000 glyphs and 2000 shaped words. Widths are in the unit of `size`.
 */
export interface FontRegistry {
  /** The nearest face to a wish; never fails. */
  face(wish?: FaceWish): Face;
  /** Whether a family or PostScript name is one of these fonts'. */
  knows(name: string): boolean;
  /** The face of a PostScript name like `OpenSans-ExtraBoldItalic`; null when there is none. */
  named(postScriptName: string): Face | null;
  /**
   * Text cut into runs by fallback, in the order it is written: the wished face, Open Sans, the packaged Noto families,
   * the user's fonts, the system's. Control characters go. `japanese` gives Han characters their Japanese forms; by
   * default where the text has kana.
   */
  runs(text: string, face: Face, japanese?: boolean): readonly TextRun[];
  width(text: string, face: Face, size: number): number;
  /** Code points no font has, in order of first appearance; drawn as U+FFFD. */
  missing(): readonly number[];
  /** Files of the user's and the system's folders that were looked into and cannot be used; of all documents so far. */
  passedOver(): readonly PassedOver[];
  /** The same fonts with a list of missing glyphs of its own: one per document. */
  forDocument(): FontRegistry;
}

export interface FontOptions {
  /** Folder of further TrueType or OpenType fonts, looked into only when a name or a glyph asks for it. */
  readonly fontDir?: string | null;
  /**
   * Whether the machine's own fonts are the last resort for a glyph; then bytes depend on the machine. A list names other
   * folders than the usual ones. Default: no.
   */
  readonly systemFonts?: boolean | readonly string[];
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const KANA = /[\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d]/;
const MAX_RESOLVED = 50_000;
/** No reader of warnings wants more. */
const MAX_MISSING = 1000;

/** Whether Han characters in this text are Japanese ones. */
export const hasKana = (text: string): boolean => KANA.test(text);

export function createFontRegistry({ fontDir = null, systemFonts = false }: FontOptions = {}): FontRegistry {
  const shelf = createFaceShelf({ fontDir, systemFonts });
  const resolve = createResolve(shelf.candidates);
  const forDocument = (): FontRegistry => {
    const missing = new Set<number>();
    const lacks = (codePoint: number): void => {
      if (missing.size < MAX_MISSING) missing.add(codePoint);
    };
    const runs: FontRegistry['runs'] = (text, face, japanese = KANA.test(text)) =>
      PRINTABLE_ASCII.test(text) && resolve([0x61], face, 'plain') === face
        ? [{ text, face }]
        : cutIntoRuns(text, face, japanese ? 'japanese' : 'plain', resolve, lacks);
    return {
      face: shelf.face,
      named: shelf.named,
      knows: shelf.knows,
      runs,
      width: (text, face, size) => {
        let width = 0;
        for (const run of runs(text, face)) width += run.face.widthInEm(run.drawn ?? run.text);
        return width * size;
      },
      missing: () => [...missing],
      passedOver: shelf.passedOver,
      forDocument,
    };
  };
  return forDocument();
}

type Candidates = (codePoint: number, wished: Face, flavor: Flavor) => Iterable<Face>;

/** Remembers which face has which characters, 50 000 of all wished faces together. */
function createResolve(candidates: Candidates): Resolve {
  const known = new Map<Face, Map<Flavor, Map<number | string, Face | null>>>();
  let kept = 0;
  const find: Resolve = ([first = 0, ...others], face, flavor) => {
    const hasAll = (candidate: Face): boolean =>
      candidate.has(first) && others.every((codePoint) => candidate.has(codePoint));
    if (flavor !== 'emoji' && hasAll(face)) return face;
    for (const candidate of candidates(first, face, flavor)) if (hasAll(candidate)) return candidate;
    return null;
  };
  return (codePoints, face, flavor) => {
    const ofFace = known.get(face) ?? new Map<Flavor, Map<number | string, Face | null>>();
    known.set(face, ofFace);
    const ofFlavor = ofFace.get(flavor) ?? new Map<number | string, Face | null>();
    ofFace.set(flavor, ofFlavor);
    const key = codePoints.length === 1 ? (codePoints[0] ?? 0) : codePoints.join();
    let found = ofFlavor.get(key);
    if (found === undefined) {
      found = find(codePoints, face, flavor);
      if (kept >= MAX_RESOLVED) {
        known.clear();
        kept = 0;
        return found;
      }
      ofFlavor.set(key, found);
      kept += 1;
    }
    return found;
  };
}
