import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Font } from 'fontkit';
import { createFace, type Face, type FaceSource, openFont } from './face.ts';

/** A face from a folder of fonts. */
export interface FoundFace {
  readonly face: Face;
  /** False where the font surely lacks a character; costs nothing. */
  mayHave(codePoint: number): boolean;
}

const SYSTEM_FOLDERS: readonly string[] = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.local/share/fonts'),
  join(homedir(), '.fonts'),
  '/System/Library/Fonts',
  '/Library/Fonts',
];
const MAX_SYSTEM_FONTS = 500;
const MAX_ENTRIES = 5000;
const MAX_DEPTH = 5;
const MAX_SYSTEM_FONT_BYTES = 32 * 1024 * 1024;

/**
 * The font files of the machine, in order of path: at most 500 of at most 32 MB from 5000 entries of folders. What
 * cannot be read is passed over.
 */
export function systemFontPaths(folders: readonly string[] = SYSTEM_FOLDERS): readonly string[] {
  const found: string[] = [];
  let entriesLeft = MAX_ENTRIES;
  const visit = (folder: string, depth: number): void => {
    for (const entry of entriesOf(folder)) {
      entriesLeft -= 1;
      if (entriesLeft < 0 || found.length >= MAX_SYSTEM_FONTS) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) visit(path, depth + 1);
      else if (/\.(ttf|otf|ttc)$/i.test(entry.name) && isModest(path)) found.push(path);
    }
  };
  for (const folder of folders) visit(folder, 1);
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    return [];
  }
}

function isModest(path: string): boolean {
  try {
    const { size } = statSync(path);
    return size > 0 && size <= MAX_SYSTEM_FONT_BYTES;
  } catch {
    return false;
  }
}

/**
 * Looks into font files and says what they are and have, keeping none of them open. A file that is no font, or none
 * that can be embedded (pictures instead of outlines, `CFF2`), is passed over, for one bad file must not stop printing.
 */
export function lookInto(paths: readonly string[], source: Pick<FaceSource, 'onOpen'>): readonly FoundFace[] {
  return paths.flatMap((path) => {
    try {
      const font = openFont(path);
      if (!isEmbeddable(font)) return [];
      const blocks = blocksOf(font);
      return [{ face: faceOf(font, path, source), mayHave: (codePoint) => blocks.has(codePoint >> BLOCK_BITS) }];
    } catch {
      return [];
    }
  });
}

const BLOCK_BITS = 8;

/** The blocks of 256 code points that a font has something of. */
function blocksOf(font: Font): ReadonlySet<number> {
  const blocks = new Set<number>();
  for (const codePoint of font.characterSet) blocks.add(codePoint >> BLOCK_BITS);
  return blocks;
}

interface FontTables {
  readonly directory?: { readonly tables?: Readonly<Record<string, unknown>> };
  readonly 'OS/2'?: { readonly usWeightClass?: number; readonly fsType?: { readonly noEmbedding?: boolean } };
}

const tablesOf = (font: Font): FontTables => font as unknown as FontTables;

function isEmbeddable(font: Font): boolean {
  const { directory, 'OS/2': os2 } = tablesOf(font);
  const { glyf, 'CFF ': cff } = directory?.tables ?? {};
  return (glyf !== undefined || cff !== undefined) && os2?.fsType?.noEmbedding !== true;
}

function faceOf(font: Font, path: string, source: Pick<FaceSource, 'onOpen'>): Face {
  const weight = tablesOf(font)['OS/2']?.usWeightClass ?? 400;
  const { postscriptName, familyName } = font;
  const italic = font.italicAngle !== 0;
  return createFace({ name: postscriptName, family: familyName, weight, italic, path, plain: false }, source);
}
