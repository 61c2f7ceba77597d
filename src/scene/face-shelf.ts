import type { Face } from './face.ts';
import { createFace } from './face.ts';
import { BODY_FAMILY, CODE_FAMILY, type FontFile, type FontPath, userFontPaths } from './font-files.ts';
import { codeFiles, createPackagedLookup, type Flavor, openSansFiles } from './font-packages.ts';
import type { FaceWish } from './fonts.ts';
import { distanceOf, type FoundFaces, lookInto, type PassedOver } from './found-fonts.ts';
import { systemFontPaths } from './system-fonts.ts';

export interface ShelfOptions {
  readonly fontDir: string | null;
  /** True = those of the machine's usual folders; a list = of these. */
  readonly systemFonts: boolean | readonly string[];
}

/** All faces there are: named, nearest to a wish, and those that may have a character. */
export interface FaceShelf {
  face(wish?: FaceWish): Face;
  named(name: string): Face | null;
  /** Whether a family or PostScript name is that of a face which can be wished for. */
  knows(name: string): boolean;
  /** Faces that may have a character the wished one lacks, best first; only what is asked for is opened. */
  candidates(codePoint: number, wished: Face, flavor: Flavor): Iterable<Face>;
  /** Files of the folders looked into so far that cannot be used, and why. */
  passedOver(): readonly PassedOver[];
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
  const passedOver: PassedOver[] = [];
  const names = new Set([...shipped, ...code].map(({ name }) => name));
  const look = (files: readonly FontPath[]): FoundFaces =>
    lookInto(files, { onOpen, names, onPassedOver: (file) => passedOver.push(file) });
  let ofUser: FoundFaces | undefined;
  let ofSystem: FoundFaces | undefined;
  const userFaces = (): FoundFaces => {
    ofUser ??= look(fontDir === null ? [] : userFontPaths(fontDir));
    return ofUser;
  };
  const systemFaces = (): FoundFaces => {
    ofSystem ??= look(systemFonts === false ? [] : systemFontPaths(systemFonts === true ? undefined : systemFonts));
    return ofSystem;
  };
  /** Of the faces that can be wished for; the user's are tried before they are given. */
  const wishable = (suits: (face: Face) => boolean): Face[] => [
    ...[...shipped, ...code].filter(suits),
    ...userFaces()
      .all.filter(({ face, isSound }) => suits(face) && isSound())
      .map(({ face }) => face),
  ];
  const named = (name: string): Face | null => {
    const own = [...shipped, ...code].find((face) => face.name === name);
    return own ?? (name.startsWith('OpenSans-') ? null : (wishable((face) => face.name === name)[0] ?? null));
  };
  const packagedFace = (file: FontFile): Face => {
    const face = packagedFaces.get(file.name) ?? createFace(file, { onOpen });
    packagedFaces.set(file.name, face);
    return face;
  };
  return {
    named,
    knows: (name) => name === BODY_FAMILY || wishable((face) => face.family === name || face.name === name).length > 0,
    face: ({ family = null, weight = 400, italic = false } = {}) => {
      if (!family || family === BODY_FAMILY) return nearest(shipped, weight, italic);
      if (family === CODE_FAMILY) return nearest(code, weight, italic);
      const ofFamily = wishable((candidate) => candidate.family === family);
      if (ofFamily.length > 0) return nearest(ofFamily, weight, italic);
      const exact = named(family);
      // A report's own font sets family and slant; emphasis inside the page may only make it heavier.
      if (exact === null) return nearest(shipped, weight, italic);
      if (weight <= 400 && !italic) return exact;
      const kin = wishable((candidate) => candidate.family === exact.family);
      return nearest(kin, Math.max(exact.weight, weight), exact.italic || italic);
    },
    *candidates(codePoint, { weight, italic }, flavor) {
      if (flavor !== 'emoji') yield nearest(shipped, weight, italic);
      for (const file of packaged(codePoint, weight, italic, flavor)) yield packagedFace(file);
      yield nearest(code, weight, italic);
      yield* userFaces().candidates(codePoint, { weight, italic });
      yield* systemFaces().candidates(codePoint, { weight, italic });
    },
    passedOver: () => passedOver,
  };
}

function nearest(faces: readonly Face[], weight: number, italic: boolean): Face {
  const distance = (face: Face): number => distanceOf(face, { weight, italic });
  const [first] = faces;
  if (!first) throw new Error('no faces to choose from');
  return faces.reduce((best, face) => (distance(face) < distance(best) ? face : best), first);
}
