import { canvasFont } from '../scene/canvas-font.ts';
import type { DrawingContext, DrawingGradient } from '../scene/drawing-context.ts';
import type { FontRegistry } from '../scene/fonts.ts';
import { parseColor } from './color.ts';
import { escapeText } from './html-text.ts';
import { isInside, SvgPath, svgNumber } from './svg-path.ts';

/** Gives the words that a colour is written with, by what is painted; `color` is opaque, `#rrggbb`. */
export type SvgPaint = (color: string, use: SvgUse) => string;

type SvgUse = 'fill' | 'stroke' | 'text' | 'text on shape';

interface SvgCanvasParts {
  readonly fonts: FontRegistry;
  readonly paint: SvgPaint;
  /** Whether a colour is that of the page or a card, not that of data. */
  readonly isSurface: (color: string) => boolean;
  /** Begins the ids in the drawing; unique in the document. */
  readonly id: string;
}

type Style = Pick<
  DrawingContext,
  'fillStyle' | 'strokeStyle' | 'globalAlpha' | 'lineWidth' | 'lineCap' | 'lineJoin' | 'lineDashOffset' | 'font'
> & { textAlign: string; textBaseline: string; lineDash: readonly number[] };

interface Saved {
  readonly style: Style;
  readonly matrix: SvgPath['matrix'];
  /** Groups that clips opened since. */
  groups: number;
}

class SvgGradient implements DrawingGradient {
  readonly stops: [number, string][] = [];

  addColorStop(offset: number, color: string): void {
    this.stops.push([offset, color]);
  }
}

const ANCHORS: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' };

/**
 * A canvas that writes SVG: paths in transformed coordinates and live text, which browsers set in the fonts they have.
 * Strokes of one look that follow each other become one path. Colours go through `paint`, so that a stylesheet can
 * change them. Of a gradient its last colour is taken, pictures are left out: no chart of ours has either.
 */
export class SvgCanvas extends SvgPath implements DrawingContext {
  fillStyle: string | DrawingGradient = '#000000';
  strokeStyle: string | DrawingGradient = '#000000';
  globalAlpha = 1;
  globalCompositeOperation = 'source-over';
  lineWidth = 1;
  lineCap = 'butt';
  lineJoin = 'miter';
  miterLimit = 10;
  lineDashOffset = 0;
  font = '10px sans-serif';
  textAlign = 'start';
  textBaseline = 'alphabetic';
  readonly pixelRatio = 1;
  private lineDash: readonly number[] = [];
  private readonly saved: Saved[] = [];
  private readonly parts: SvgCanvasParts;
  /** Filled shapes that text may stand on, with whether they are as the page itself. */
  private readonly shapes: { readonly rings: number[][]; readonly isSurface: boolean }[] = [];
  private clips = 0;
  private pending: { d: string; look: string } | null = null;
  private out = '';

  constructor(parts: SvgCanvasParts) {
    super();
    this.parts = parts;
  }

  /** The elements that were drawn. */
  finish(): string {
    while (this.saved.length > 0) this.restore();
    this.flush();
    return this.out;
  }

  save(): void {
    const { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, lineDashOffset, font } = this;
    const { textAlign, textBaseline, lineDash, matrix } = this;
    const pen = { lineWidth, lineCap, lineJoin, lineDashOffset, lineDash };
    const style = { fillStyle, strokeStyle, globalAlpha, font, textAlign, textBaseline, ...pen };
    this.saved.push({ style, matrix, groups: 0 });
  }

  restore(): void {
    const last = this.saved.pop();
    if (last === undefined) return;
    Object.assign(this, last.style);
    this.matrix = last.matrix;
    if (last.groups > 0) this.flush();
    this.out += '</g>'.repeat(last.groups);
  }

  fill(): void {
    const { fillStyle, rings } = this;
    const isPainted = this.paintFill(this.d) && this.globalAlpha > 0.5;
    if (isPainted && typeof fillStyle === 'string') {
      this.shapes.push({ rings, isSurface: this.parts.isSurface(fillStyle) });
    }
  }

  stroke(): void {
    this.paintStroke(this.d);
  }

  clip(): void {
    const last = this.saved.at(-1);
    if (last === undefined) return;
    this.flush();
    const id = `${this.parts.id}c${this.clips}`;
    this.clips += 1;
    last.groups += 1;
    this.out += `<clipPath id="${id}"><path d="${this.d}"/></clipPath><g clip-path="url(#${id})">`;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.paintFill(this.rectangle(x, y, width, height));
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.paintStroke(this.rectangle(x, y, width, height));
  }

  clearRect(): void {}

  setLineDash(pattern: readonly number[]): void {
    this.lineDash = pattern;
  }

  fillText(text: string, x: number, y: number): void {
    this.text(text, x, y, this.fillStyle, '');
  }

  strokeText(text: string, x: number, y: number): void {
    this.text(text, x, y, this.strokeStyle, ` fill="none" stroke-width="${svgNumber(this.lineWidth)}"`);
  }

  measureText(text: string): { readonly width: number } {
    const { face, size } = canvasFont(this.parts.fonts, this.font);
    return { width: this.parts.fonts.width(text, face, size) };
  }

  createLinearGradient(): DrawingGradient {
    return new SvgGradient();
  }

  createRadialGradient(): DrawingGradient {
    return new SvgGradient();
  }

  drawImage(): void {}

  private paintFill(d: string): boolean {
    const paint = this.paintOf(this.fillStyle, 'fill');
    if (d === '' || paint === null) return false;
    this.flush();
    this.out += `<path d="${d}"${paint}/>`;
    return true;
  }

  private paintStroke(d: string): void {
    const paint = this.paintOf(this.strokeStyle, 'stroke');
    if (d === '' || paint === null || this.lineWidth <= 0) return;
    const look = ` fill="none"${paint}${this.pen()}`;
    // What is seen through would be darker where two strokes cross.
    if (this.pending?.look === look && !look.includes('opacity')) this.pending.d += d;
    else {
      this.flush();
      this.pending = { d, look };
    }
  }

  private flush(): void {
    if (this.pending !== null) this.out += `<path d="${this.pending.d}"${this.pending.look}/>`;
    this.pending = null;
  }

  private pen(): string {
    const scale = this.scaleNow();
    const dashes = this.lineDash.map((length) => svgNumber(length * scale)).join(' ');
    return [
      ` stroke-width="${svgNumber(this.lineWidth * scale)}"`,
      this.lineCap === 'butt' ? '' : ` stroke-linecap="${this.lineCap === 'round' ? 'round' : 'square'}"`,
      this.lineJoin === 'miter' ? '' : ` stroke-linejoin="${this.lineJoin === 'round' ? 'round' : 'bevel'}"`,
      dashes === '' ? '' : ` stroke-dasharray="${dashes}"`,
      dashes === '' || this.lineDashOffset === 0
        ? ''
        : ` stroke-dashoffset="${svgNumber(this.lineDashOffset * scale)}"`,
    ].join('');
  }

  private text(text: string, x: number, y: number, style: string | DrawingGradient, more: string): void {
    const shape = this.shapes.findLast(({ rings }) => isInside(rings, ...this.placed(x, y)));
    const paint = this.paintOf(style, shape === undefined || shape.isSurface ? 'text' : 'text on shape');
    if (text.trim() === '' || paint === null) return;
    this.flush();
    const { face, size } = canvasFont(this.parts.fonts, this.font);
    const drop = { top: face.ascent, hanging: face.capHeight, middle: face.xHeight / 2, bottom: -face.descent };
    const baseline = y + size * (drop[this.textBaseline as keyof typeof drop] ?? 0);
    const anchor = ANCHORS[this.textAlign];
    const weight = /(?:^|\s)(bold|[1-9]00)\s/.exec(this.font)?.[1];
    const [a, b, c, d] = this.matrix;
    const isTurned = Math.abs(b) > 1e-6 || Math.abs(c) > 1e-6;
    const place = isTurned
      ? ` transform="matrix(${[a, b, c, d].map(factorText).join(' ')} ${this.point(x, baseline)})"`
      : this.point(x, baseline).replace(/^(\S+) (\S+)$/, ' x="$1" y="$2"');
    const scale = isTurned ? 1 : this.scaleNow();
    this.out += [
      `<text${place} font-size="${svgNumber(size * scale)}"`,
      weight === undefined || weight === '400' ? '' : ` font-weight="${weight === 'bold' ? '700' : weight}"`,
      this.font.startsWith('italic') ? ' font-style="italic"' : '',
      anchor === undefined ? '' : ` text-anchor="${anchor}"`,
      `${paint}${more}>${escapeText(text)}</text>`,
    ].join('');
  }

  private paintOf(style: string | DrawingGradient, use: SvgUse): string | null {
    const named =
      typeof style === 'string' ? style : style instanceof SvgGradient ? style.stops.at(-1)?.[1] : undefined;
    const [red, green, blue, alpha] = parseColor(named ?? '#000000');
    const opacity = alpha * this.globalAlpha;
    if (opacity <= 0) return null;
    const hex = [red, green, blue]
      .map((part) =>
        Math.round(part * 255)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('');
    const slot = use === 'stroke' ? 'stroke' : 'fill';
    const seen = opacity < 1 ? ` ${slot}-opacity="${svgNumber(opacity)}"` : '';
    return ` ${slot}="${this.parts.paint(`#${hex}`, use)}"${seen}`;
  }

  private scaleNow(): number {
    const [a, b, c, d] = this.matrix;
    return Math.sqrt(Math.abs(a * d - b * c));
  }
}

const factorText = (value: number): string => String(Math.round(value * 1e4) / 1e4);
