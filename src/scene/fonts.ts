import type { Face } from './face.ts';
import { createFace, openFont } from './face.ts';
import type { FontFile } from './font-files.ts';
import { BODY_FAMILY, CODE_FAMILY, codeFiles, createSubsetLookup, openSansFiles, userFontPaths } from './font-files.ts';

/** A stretch of text that one face has all glyphs for. */
export interface TextRun {
  readonly text: string;
  readonly face: Face;
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
 * first used and then kept; there are at most a few hundred of them. Widths are in the unit of `size`.
 */
export interface FontRegistry {
  /** The nearest face to a wish; never fails. */
  face(wish?: FaceWish): Face;
  /** The face of a PostScript name like `OpenSans-ExtraBoldItalic`; null when there is none. */
  named(postScriptName: string): Face | null;
  /** Text cut into runs by fallback: the wished face, Open Sans, Noto Sans, Noto Sans SC, the user's fonts. Control characters go. */
  runs(text: string, face: Face): readonly TextRun[];
  width(text: string, face: Face, size: number): number;
  /** Code points no font has, in order of first appearance; drawn as the wished face's missing-glyph mark. */
  missing(): readonly number[];
  /** The same fonts with a list of missing glyphs of its own: one per document. */
  forDocument(): FontRegistry;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Invisible: controls, direction and width marks, variation selectors, byte order mark; joiners matter to shaping. */
const INVISIBLE = /(?![\t\n]|\p{Join_Control})(?:[\p{Cc}\p{Cf}]|\p{Variation_Selector})/gu;
/** Characters that few fonts have, and the plain ones that look the same; other blanks are spaces. */
const LOOKALIKES: Readonly<Record<string, string>> = { '\u202f': '\u00a0', '\u2011': '\u2010' };
const RARE = /[\t\n\u1680\u2011\u2028\u2029\u202f\u205f]/g;
const MAX_RESOLVED = 50_000;

/** @param options.fontDir folder of further TrueType or OpenType fonts, looked into only when a name or a glyph asks for it. */
export function createFontRegistry(options: { readonly fontDir?: string | null } = {}): FontRegistry {
  const faces = createFaceShelf(options.fontDir ?? null);
  const resolved = new Map<Face, Map<number, Face | null>>();
  const resolve = (codePoint: number, face: Face): Face | null => {
    let known = resolved.get(face);
    if (!known || known.size >= MAX_RESOLVED) {
      known = new Map();
      resolved.set(face, known);
    }
    let found = known.get(codePoint);
    if (found === undefined) {
      found = face.has(codePoint) ? face : faces.fallback(codePoint, face);
      known.set(codePoint, found);
    }
    return found;
  };
  const forDocument = (): FontRegistry => {
    const missing = new Set<number>();
    const runs = (text: string, face: Face): readonly TextRun[] =>
      PRINTABLE_ASCII.test(text) && resolve(0x61, face) === face
        ? [{ text, face }]
        : cutIntoRuns(text, face, resolve, missing);
    return {
      face: faces.face,
      named: faces.named,
      runs,
      width: (text, face, size) => {
        let width = 0;
        for (const run of runs(text, face)) width += run.face.widthInEm(run.text);
        return width * size;
      },
      missing: () => [...missing],
      forDocument,
    };
  };
  return forDocument();
}

function cutIntoRuns(
  raw: string,
  face: Face,
  resolve: (codePoint: number, face: Face) => Face | null,
  missing: Set<number>,
): readonly TextRun[] {
  const text = raw.replace(INVISIBLE, '').replace(RARE, (character) => LOOKALIKES[character] ?? ' ');
  const runs: { text: string; face: Face }[] = [];
  let last: { text: string; face: Face } | undefined;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    // A space or a combining mark stays with its neighbour, so that runs are not cut at each blank of a Chinese line.
    const stays = last && (codePoint === 0x20 || /\p{M}/u.test(character)) && last.face.has(codePoint);
    const found = stays && last ? last.face : resolve(codePoint, face);
    if (!found) missing.add(codePoint);
    const wanted = found ?? face;
    if (last?.face === wanted) last.text += character;
    else {
      last = { text: character, face: wanted };
      runs.push(last);
    }
  }
  return runs;
}

interface FaceShelf {
  face(wish?: FaceWish): Face;
  named(name: string): Face | null;
  fallback(codePoint: number, face: Face): Face | null;
}

function createFaceShelf(fontDir: string | null): FaceShelf {
  const shipped = openSansFiles().map((file) => createFace(file));
  const code = codeFiles().map((file) => createFace(file));
  const subsetFiles = createSubsetLookup();
  const subsetFaces = new Map<string, Face>();
  let user: readonly Face[] | undefined;
  const userFaces = (): readonly Face[] => {
    user ??= fontDir ? openUserFonts(fontDir) : [];
    return user;
  };
  const named = (name: string): Face | null =>
    [...shipped, ...code, ...(name.startsWith('OpenSans-') ? [] : userFaces())].find((face) => face.name === name) ??
    null;
  const face = ({ family = null, weight = 400, italic = false }: FaceWish = {}): Face => {
    if (!family || family === BODY_FAMILY) return nearest(shipped, weight, italic);
    if (family === CODE_FAMILY) return nearest(code, weight, italic);
    const ofFamily = userFaces().filter((candidate) => candidate.family === family);
    if (ofFamily.length > 0) return nearest(ofFamily, weight, italic);
    const exact = named(family);
    // A report's own font sets family and slant; emphasis inside the page may only make it heavier.
    if (exact) return weight <= 400 && !italic ? exact : nearestOf(exact, [...shipped, ...userFaces()], weight, italic);
    return nearest(shipped, weight, italic);
  };
  const subsetFace = (file: FontFile): Face => {
    const face = subsetFaces.get(file.name) ?? createFace(file);
    subsetFaces.set(file.name, face);
    return face;
  };
  return {
    face,
    named,
    fallback: (codePoint, wished) => {
      const body = nearest(shipped, wished.weight, wished.italic);
      if (body.has(codePoint)) return body;
      const { weight, italic } = wished;
      const candidates = subsetFiles(codePoint, weight, italic).map(subsetFace);
      const found = candidates.find((candidate) => candidate.has(codePoint));
      return found ?? userFaces().find((candidate) => candidate.has(codePoint)) ?? null;
    },
  };
}

const nearestOf = (exact: Face, all: readonly Face[], weight: number, italic: boolean): Face =>
  nearest(
    all.filter(({ family }) => family === exact.family),
    Math.max(exact.weight, weight),
    exact.italic || italic,
  );

function nearest(faces: readonly Face[], weight: number, italic: boolean): Face {
  const distance = (face: Face): number => Math.abs(face.weight - weight) + (face.italic === italic ? 0 : 1000);
  const [first] = faces;
  if (!first) throw new Error('no faces to choose from');
  return faces.reduce((best, face) => (distance(face) < distance(best) ? face : best), first);
}

/** Opens what the user's folder has; a file that is no font is passed over, for one bad file must not stop printing. */
function openUserFonts(fontDir: string): readonly Face[] {
  return userFontPaths(fontDir).flatMap((path) => {
    try {
      const font = openFont(path);
      const weight = (font['OS/2'] as { usWeightClass?: number } | undefined)?.usWeightClass ?? 400;
      const { postscriptName, familyName } = font;
      const italic = font.italicAngle !== 0;
      return [createFace({ name: postscriptName, family: familyName, weight, italic, path, plain: false }, font)];
    } catch {
      return [];
    }
  });
}
