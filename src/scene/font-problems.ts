import type { Font } from 'fontkit';

interface FontTables {
  readonly directory?: {
    readonly tables?: Readonly<Record<string, { readonly offset: number; readonly length: number } | undefined>>;
  };
  readonly 'OS/2'?: { readonly fsType?: Permissions };
}

const NEEDED = ['cmap', 'head', 'hhea', 'hmtx', 'maxp'] as const;

/** What the font's licence lets embedders do (OpenType, OS/2 table, `fsType`). */
interface Permissions {
  readonly noEmbedding?: boolean;
  readonly viewOnly?: boolean;
  readonly editable?: boolean;
  readonly noSubsetting?: boolean;
  readonly bitmapOnly?: boolean;
}

/**
 * Why a font cannot be embedded in part, as its tables say it; null when it can.
 * @param size bytes of its file: a file that was cut short ends before its tables do.
 */
export function fontProblem(font: Font, size: number): string | null {
  const { directory, 'OS/2': os2 } = font as unknown as FontTables;
  const { glyf, 'CFF ': cff, ...others } = directory?.tables ?? {};
  if (NEEDED.some((tag) => others[tag] === undefined)) return 'damaged: tables are missing';
  if (glyf === undefined && cff === undefined) return 'no outlines that PDF knows';
  for (const table of [glyf, cff, ...Object.values(others)])
    if (table !== undefined && table.offset + table.length > size) return 'damaged: cut short';
  const { noEmbedding, viewOnly, editable, noSubsetting, bitmapOnly } = os2?.fsType ?? {};
  // Older fonts set several bits: the least restrictive holds.
  if (noEmbedding && !viewOnly && !editable) return 'its licence forbids embedding';
  if (noSubsetting) return 'its licence forbids embedding in part';
  return bitmapOnly ? 'its licence allows pictures of it only' : null;
}

const TRIED_GLYPHS = 32;

/** Makes a subset of glyphs from all over the font, as the printer will; why that fails, null when it does not. */
export function trialProblem(open: () => Font): string | null {
  try {
    const font = open();
    const { numGlyphs } = font;
    for (const codePoint of font.characterSet) if (font.glyphForCodePoint(codePoint).id >= numGlyphs) return 'damaged';
    const subset = font.createSubset();
    const step = Math.max(1, Math.floor(numGlyphs / TRIED_GLYPHS));
    const last = numGlyphs - 1;
    for (let id = 0; id <= last; id = id === last ? numGlyphs : Math.min(last, id + step)) {
      const glyph = font.getGlyph(id);
      // Reading the outline is what fails when it is damaged.
      if (glyph.path.commands.length >= 0) subset.includeGlyph(glyph);
    }
    return subset.encode().length > 0 ? null : 'damaged';
  } catch {
    return 'damaged';
  }
}
