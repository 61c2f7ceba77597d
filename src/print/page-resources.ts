import { deflateSync } from 'node:zlib';
import type PDFDocument from 'pdfkit';
import type { Face } from '../scene/face.ts';
import { type Matrix, multiply } from './path-writer.ts';

/** A PDFKit document. */
export type Pdf = InstanceType<typeof PDFDocument>;

/** A font as PDFKit embeds it: glyphs are added to its subset as they are first drawn. */
export interface EmbeddedFont {
  readonly id: string;
  /** Of the subset's glyphs, by their number in it: the glyph in the font, its width and what it stands for. */
  readonly subset: { readonly glyphs: number[]; includeGlyph(id: number): number; encode(): Uint8Array };
  readonly widths: (number | undefined)[];
  readonly unicode: (readonly number[] | undefined)[];
  /** Thousandths of the font size per unit of the font. */
  readonly scale: number;
  ref(): unknown;
}

/** The stream of a page's operators. */
interface PageContent {
  buffer: Uint8Array[];
  compress: boolean;
  finalize(): void;
}

/** What of PDFKit 0.20 is used beyond its documented interface; all of it is named here and nowhere else. */
interface PdfInternals {
  page: { fonts: Record<string, unknown>; ext_gstates: Record<string, unknown>; patterns: Record<string, unknown> };
  _ctm: Matrix;
  _font: EmbeddedFont | null;
  _fontSource: unknown;
  _fontFamily: unknown;
  ref(data: Record<string, unknown>): { end(): void };
  addContent(content: Uint8Array | string): unknown;
  flushPages(): void;
  _pageBuffer: readonly { readonly content: PageContent }[];
  registerFont(name: string, font: unknown): unknown;
  font(name: string): unknown;
}

const internalsOf = (pdf: Pdf): PdfInternals => pdf as unknown as PdfInternals;

interface Resources {
  readonly fonts: Map<Face, EmbeddedFont>;
  readonly alphas: Map<string, unknown>;
  /** Gradients, by what they are made of, and the parts that they share. */
  readonly gradients: Map<string, unknown>;
  /** Operators of the current page that PDFKit has not been given yet. */
  pending: string;
}

const resourcesByDocument = new WeakMap<Pdf, Resources>();

function resourcesOf(pdf: Pdf): Resources {
  const known = resourcesByDocument.get(pdf);
  if (known !== undefined) return known;
  const made: Resources = { fonts: new Map(), alphas: new Map(), gradients: new Map(), pending: '' };
  resourcesByDocument.set(pdf, made);
  handOnBefore(pdf, made);
  return made;
}

/** What PDFKit itself writes to a page, and a page's end, come after the operators that wait. */
function handOnBefore(pdf: Pdf, resources: Resources): void {
  const internals = internalsOf(pdf);
  const { addContent, flushPages } = internals;
  const handOn = (): void => {
    const operators = resources.pending;
    resources.pending = '';
    if (operators !== '') addContent.call(pdf, Buffer.from(operators, 'latin1'));
  };
  internals.addContent = (content) => {
    handOn();
    return addContent.call(pdf, content);
  };
  internals.flushPages = () => {
    handOn();
    for (const { content } of internals._pageBuffer) packQuickly(content);
    flushPages.call(pdf);
  };
}

/** zlib's usual 6 takes two thirds more time for three percent. */
const PAGE_LEVEL = 4;

function packQuickly(content: PageContent): void {
  const { finalize } = content;
  content.finalize = () => {
    if (content.compress && content.buffer.length > 0) {
      content.buffer = [deflateSync(Buffer.concat(content.buffer), { level: PAGE_LEVEL })];
      content.compress = false;
    }
    finalize.call(content);
  };
}

/** The embedded font of a face, listed in the current page's resources. The document's own current font stays. */
export function useFont(pdf: Pdf, face: Face): EmbeddedFont {
  const { fonts } = resourcesOf(pdf);
  const internals = internalsOf(pdf);
  let font = fonts.get(face);
  if (!font) {
    const { _font, _fontSource, _fontFamily } = internals;
    internals.registerFont(face.name, face.font);
    internals.font(face.name);
    font = internals._font ?? undefined;
    Object.assign(internals, { _font, _fontSource, _fontFamily });
    if (!font) throw new Error(`PDFKit opened no font for ${face.name}`);
    keepSubsets(face, font);
    fonts.set(face, font);
  }
  internals.page.fonts[font.id] ??= font.ref();
  return font;
}

const MOST_SUBSETS = 4;
const subsetsByFace = new WeakMap<Face, Map<string, Uint8Array>>();

/** Reports that come again use the same glyphs, and cutting them out of the font takes as long as drawing a page. */
function keepSubsets(face: Face, { subset }: EmbeddedFont): void {
  const { encode } = subset;
  subset.encode = () => {
    const known = subsetsByFace.get(face) ?? new Map<string, Uint8Array>();
    subsetsByFace.set(face, known);
    const key = subset.glyphs.join();
    let encoded = known.get(key);
    if (encoded === undefined) {
      encoded = encode.call(subset);
      if (known.size >= MOST_SUBSETS) known.clear();
      known.set(key, encoded);
    }
    return encoded;
  };
}

/** PostScript names of the fonts that were used so far, in order of their letters. */
export const fontNames = (pdf: Pdf): string[] =>
  [...resourcesOf(pdf).fonts.keys()].map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1));

/** Name of the graphics state with this opacity, listed in the current page's resources. */
export function useAlpha(pdf: Pdf, fill: number, stroke: number): string {
  const { alphas } = resourcesOf(pdf);
  const internals = internalsOf(pdf);
  const name = `A${Math.round(fill * 1000)}x${Math.round(stroke * 1000)}`;
  let state = alphas.get(name);
  if (!state) {
    const made = internals.ref({ Type: 'ExtGState', ca: fill, CA: stroke });
    made.end();
    alphas.set(name, made);
    state = made;
  }
  internals.page.ext_gstates[name] = state;
  return name;
}

/** A gradient without transparency: colours at offsets from 0 to 1, in order, at least two. */
export interface Gradient {
  /** Two points, or two circles `x, y, radius`. */
  readonly shape: readonly number[];
  readonly stops: readonly { readonly offset: number; readonly color: readonly number[] }[];
  /** From where it is drawn to the page, y downwards. */
  readonly matrix: Matrix;
}

/**
 * Name of the pattern that paints with a gradient, listed in the current page's resources. Its colours, a dozen functions for
 * the legend of a heat map, are written once for all gradients of the document that have them.
 */
export function useGradient(pdf: Pdf, { shape, stops, matrix }: Gradient): string {
  const { gradients } = resourcesOf(pdf);
  const internals = internalsOf(pdf);
  const once = (name: string, data: () => Record<string, unknown>): unknown => {
    const known = gradients.get(name);
    if (known !== undefined) return known;
    const made = internals.ref(data());
    made.end();
    gradients.set(name, made);
    return made;
  };
  const colors = stops.map(({ offset, color }) => `${offset} ${color.join(' ')}`).join();
  const shading = `${shape.join(' ')} ${colors}`;
  const toPage = multiply(internals._ctm, matrix);
  const pattern = once(`${shading} ${toPage.join(' ')}`, () => ({
    Type: 'Pattern',
    PatternType: 2,
    Matrix: [...toPage],
    Shading: once(shading, () => ({
      ShadingType: shape.length === 4 ? 2 : 3,
      ColorSpace: 'DeviceRGB',
      Coords: [...shape],
      Extend: [true, true],
      Function: once(colors, () => ramp(stops)),
    })),
  }));
  const name = `G${[...gradients.values()].indexOf(pattern)}`;
  internals.page.patterns[name] = pattern;
  return name;
}

function ramp(stops: Gradient['stops']): Record<string, unknown> {
  const parts = stops.slice(1).map(({ color }, index) => ({
    FunctionType: 2,
    Domain: [0, 1],
    C0: stops[index]?.color,
    C1: color,
    N: 1,
  }));
  const Bounds = stops.slice(1, -1).map(({ offset }) => offset);
  return { FunctionType: 3, Domain: [0, 1], Functions: parts, Bounds, Encode: parts.flatMap(() => [0, 1]) };
}

/**
 * Writes drawing operators to the current page. They must leave the graphics state as they found it. They are gathered
 * to a page's length: a buffer for each cell of a long table would cost more than what is in it.
 */
export function writeOperators(pdf: Pdf, operators: string): void {
  resourcesOf(pdf).pending += `${operators}\n`;
}
