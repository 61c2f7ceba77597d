import type { Face } from './face.ts';
import type { FontRegistry } from './fonts.ts';

/** A face at a size. */
export interface SizedFace {
  readonly face: Face;
  readonly size: number;
}

const MAX_KNOWN = 500;
const GENERIC = new Set(['sans-serif', 'serif', 'monospace', 'system-ui']);
const knownByRegistry = new WeakMap<FontRegistry, Map<string, SizedFace>>();

/** Reads a canvas font like `italic 600 7.5px Open Sans, sans-serif`; generic families mean Open Sans. */
export function canvasFont(fonts: FontRegistry, font: string): SizedFace {
  let known = knownByRegistry.get(fonts);
  if (!known || known.size >= MAX_KNOWN) {
    known = new Map();
    knownByRegistry.set(fonts, known);
  }
  let sized = known.get(font);
  if (!sized) {
    sized = readFont(fonts, font);
    known.set(font, sized);
  }
  return sized;
}

function readFont(fonts: FontRegistry, font: string): SizedFace {
  const parts = /^(.*?)([\d.]+)px\s*(.*)$/.exec(font);
  const words = (parts?.[1] ?? '').split(/\s+/);
  const family = (parts?.[3] ?? '').split(',')[0]?.replace(/["']/g, '').trim() ?? '';
  return {
    face: fonts.face({
      family: family === '' || GENERIC.has(family) ? null : family,
      weight: weightOf(words),
      italic: words.includes('italic') || words.includes('oblique'),
    }),
    size: Number.parseFloat(parts?.[2] ?? '10'),
  };
}

function weightOf(words: readonly string[]): number {
  if (words.includes('bold')) return 700;
  return Number(words.find((word) => /^[1-9]00$/.test(word)) ?? 400);
}
