import { basename, extname } from 'node:path';
import type { Font } from 'fontkit';
import { createFace, type Face, type FaceSource, openFont, openFonts } from './face.ts';
import type { FontPath } from './font-files.ts';
import { fontProblem, trialProblem } from './font-problems.ts';

/** A font file that is not used, and why. */
export interface PassedOver {
  readonly path: string;
  /** In English, for the operator: `damaged`, `its licence forbids embedding` … */
  readonly reason: string;
}

/** A face from a folder of fonts. */
interface FoundFace {
  readonly face: Face;
  /** False where the font surely lacks a character; costs nothing. */
  mayHave(codePoint: number): boolean;
  /** Whether the font can be embedded, tried once with some of its glyphs. */
  isSound(): boolean;
}

/** The faces of some font files. What is in them is known, but none is kept open. */
export interface FoundFaces {
  readonly all: readonly FoundFace[];
  /** Sound faces that may have a character: family by family, the nearest of each first. */
  candidates(codePoint: number, wished: Pick<Face, 'weight' | 'italic'>): Iterable<Face>;
}

/** How far a face is from what was wished for. */
export const distanceOf = (face: Face, { weight, italic }: Pick<Face, 'weight' | 'italic'>): number =>
  Math.abs(face.weight - weight) + (face.italic === italic ? 0 : 1000);

interface Looking extends Pick<FaceSource, 'onOpen'> {
  /** Names of faces that are taken; those found are added. Of fonts that call themselves the same, the later get numbers. */
  readonly names: Set<string>;
  readonly onPassedOver: (file: PassedOver) => void;
}

/**
 * Looks into font files and says what they are and have. A file that cannot be used is told to `onPassedOver`, for one
 * bad file must not stop printing.
 */
export function lookInto(files: readonly FontPath[], looking: Looking): FoundFaces {
  const { onPassedOver } = looking;
  const all = files.flatMap(({ path, problem }) => {
    if (problem !== null) {
      onPassedOver({ path, reason: problem });
      return [];
    }
    try {
      return facesIn(path, looking);
    } catch {
      onPassedOver({ path, reason: 'damaged, or no font' });
      return [];
    }
  });
  const families = familiesOf(all);
  return {
    all,
    *candidates(codePoint, wished) {
      for (const family of families) {
        const able = family.filter(({ mayHave }) => mayHave(codePoint));
        able.sort((one, other) => distanceOf(one.face, wished) - distanceOf(other.face, wished));
        for (const { face, isSound } of able) if (isSound()) yield face;
      }
    },
  };
}

/** By families, those of running text first, else in order of their first file. */
function familiesOf(all: readonly FoundFace[]): readonly (readonly FoundFace[])[] {
  const families = [...Map.groupBy(all, ({ face }) => face.family).values()];
  const rank = ([first]: readonly FoundFace[]): number => (/\b(serif|mono)\b/i.test(first?.face.family ?? '') ? 1 : 0);
  return families.sort((one, other) => rank(one) - rank(other));
}

function facesIn(path: string, looking: Looking): readonly FoundFace[] {
  const { fonts, size } = openFonts(path);
  return fonts.flatMap((font, number) => {
    const reason = fontProblem(font, size);
    if (reason === null) return [foundFace(font, { path, number }, looking)];
    looking.onPassedOver({ path, reason });
    return [];
  });
}

/** Where a font is: the number in its collection, 0 in a file of its own. */
interface Place {
  readonly path: string;
  readonly number: number;
}

function foundFace(font: Font, place: Place, looking: Looking): FoundFace {
  const blocks = blocksOf(font);
  const face = faceOf(font, place, looking);
  let isSound: boolean | undefined;
  return {
    face,
    mayHave: (codePoint) => blocks.has(codePoint >> BLOCK_BITS),
    isSound: () => {
      if (isSound === undefined) {
        const reason = trialProblem(() => face.font);
        isSound = reason === null;
        if (reason !== null) looking.onPassedOver({ path: place.path, reason });
      }
      return isSound;
    },
  };
}

const BLOCK_BITS = 8;

/** The blocks of 256 code points that a font has something of. */
function blocksOf(font: Font): ReadonlySet<number> {
  const blocks = new Set<number>();
  for (const codePoint of font.characterSet) blocks.add(codePoint >> BLOCK_BITS);
  return blocks;
}

interface Described {
  readonly 'OS/2'?: { readonly usWeightClass?: number };
  getName(key: string): string | null;
}

function faceOf(font: Font, { path, number }: Place, { names, onOpen }: Looking): Face {
  const described = font as unknown as Described;
  const weight = described['OS/2']?.usWeightClass ?? 400;
  const name = freeName(font.postscriptName || basename(path, extname(path)), names);
  // Of "Noto Sans Black" the family is "Noto Sans", where the font says so.
  const family = described.getName('preferredFamily') ?? described.getName('fontFamily') ?? name;
  const italic = font.italicAngle !== 0;
  const open = (): Font => openFont(path, number);
  const source = onOpen === undefined ? { open } : { open, onOpen };
  return createFace({ name, family, weight, italic, path, plain: false }, source);
}

/** PDFKit knows fonts by their names. */
function freeName(wished: string, names: Set<string>): string {
  let name = wished;
  for (let number = 2; names.has(name); number += 1) name = `${wished}-${number}`;
  names.add(name);
  return name;
}
