import type { Face } from './face.ts';
import { createFace } from './face.ts';
import { BODY_FAMILY, CODE_FAMILY, type FontFile, userFontPaths } from './font-files.ts';
import { codeFiles, createPackagedLookup, type Flavor, openSansFiles } from './font-packages.ts';
import type { FaceWish } from './fonts.ts';
import { type FoundFace, lookInto, systemFontPaths } from './found-fonts.ts';

export interface ShelfOptions {
  readonly fontDir: string | null;
  readonly systemFonts: boolean;
}

/** All faces there are: named, nearest to a wish, and those that may have a character. */
export interface FaceShelf {
  face(wish?: FaceWish): Face;
  named(name: string): Face | null;
  /** Faces that may have a character the wished one lacks, best first; only what is asked for is opened. */
  candidates(codePoint: number, wished: Face, flavor: Flavor): Iterable<Face>;
}

/** Of fallback fonts this many are open at a time; the first opened goes first, and opens again when it is asked. */
const MAX_OPEN = 256;

function createOpenFiles(): (close: () => void) => void {
  const open = new Set<() => void>();
  return (close) => {
    open.add(close);
    for (const oldest of open) {
      if (open.size <= MAX_OPEN) return;
      open.delete(oldest);
      oldest();
    }
  };
}

export function createFaceShelf({ fontDir, systemFonts }: ShelfOptions): FaceShelf {
  const shipped = openSansFiles().map((file) => createFace(file));
  const code = codeFiles().map((file) => createFace(file));
  const onOpen = createOpenFiles();
  const packaged = createPackagedLookup();
  const packagedFaces = new Map<string, Face>();
  let ofUser: readonly FoundFace[] | undefined;
  let ofSystem: readonly FoundFace[] | undefined;
  const userFaces = (): readonly FoundFace[] => {
    ofUser ??= fontDir === null ? [] : lookInto(userFontPaths(fontDir), { onOpen });
    return ofUser;
  };
  const systemFaces = (): readonly FoundFace[] => {
    ofSystem ??= systemFonts ? lookInto(systemFontPaths(), { onOpen }) : [];
    return ofSystem;
  };
  const wishable = (): Face[] => [...shipped, ...code, ...userFaces().map(({ face }) => face)];
  const named = (name: string): Face | null =>
    [...shipped, ...code].find((face) => face.name === name) ??
    (name.startsWith('OpenSans-') ? null : (userFaces().find(({ face }) => face.name === name)?.face ?? null));
  const packagedFace = (file: FontFile): Face => {
    const face = packagedFaces.get(file.name) ?? createFace(file, { onOpen });
    packagedFaces.set(file.name, face);
    return face;
  };
  return {
    named,
    face: ({ family = null, weight = 400, italic = false } = {}) => {
      if (!family || family === BODY_FAMILY) return nearest(shipped, weight, italic);
      if (family === CODE_FAMILY) return nearest(code, weight, italic);
      const ofFamily = wishable().filter((candidate) => candidate.family === family);
      if (ofFamily.length > 0) return nearest(ofFamily, weight, italic);
      const exact = named(family);
      // A report's own font sets family and slant; emphasis inside the page may only make it heavier.
      if (exact) return weight <= 400 && !italic ? exact : nearestOf(exact, wishable(), weight, italic);
      return nearest(shipped, weight, italic);
    },
    *candidates(codePoint, { weight, italic }, flavor) {
      if (flavor !== 'emoji') yield nearest(shipped, weight, italic);
      for (const file of packaged(codePoint, weight, italic, flavor)) yield packagedFace(file);
      yield nearest(code, weight, italic);
      for (const { face, mayHave } of userFaces()) if (mayHave(codePoint)) yield face;
      for (const { face, mayHave } of systemFaces()) if (mayHave(codePoint)) yield face;
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
