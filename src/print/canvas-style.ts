import type { DrawingContext, DrawingGradient } from '../scene/drawing-context.ts';
import { CanvasPath } from './canvas-path.ts';
import { coordinate, factor } from './path-writer.ts';

/** What a canvas paints with, as it is saved and restored. */
export type CanvasStyle = Pick<
  DrawingContext,
  | 'fillStyle'
  | 'strokeStyle'
  | 'globalAlpha'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
  | 'miterLimit'
  | 'lineDashOffset'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
> & { lineDash: readonly number[] };

/** The half of a canvas that has a style. Charts save it at every text: its properties are copied one by one, the fast way. */
export class StyledCanvas extends CanvasPath {
  fillStyle: string | DrawingGradient = '#000000';
  strokeStyle: string | DrawingGradient = '#000000';
  globalAlpha = 1;
  lineWidth = 1;
  lineCap = 'butt';
  lineJoin = 'miter';
  miterLimit = 10;
  lineDashOffset = 0;
  font = '10px sans-serif';
  textAlign = 'start';
  textBaseline = 'alphabetic';
  protected lineDash: readonly number[] = [];

  setLineDash(pattern: readonly number[]): void {
    this.lineDash = pattern;
  }

  protected style(): CanvasStyle {
    return {
      fillStyle: this.fillStyle,
      strokeStyle: this.strokeStyle,
      globalAlpha: this.globalAlpha,
      lineWidth: this.lineWidth,
      lineCap: this.lineCap,
      lineJoin: this.lineJoin,
      miterLimit: this.miterLimit,
      lineDash: this.lineDash,
      lineDashOffset: this.lineDashOffset,
      font: this.font,
      textAlign: this.textAlign,
      textBaseline: this.textBaseline,
    };
  }

  protected setStyle(style: CanvasStyle): void {
    this.fillStyle = style.fillStyle;
    this.strokeStyle = style.strokeStyle;
    this.globalAlpha = style.globalAlpha;
    this.lineWidth = style.lineWidth;
    this.lineCap = style.lineCap;
    this.lineJoin = style.lineJoin;
    this.miterLimit = style.miterLimit;
    this.lineDash = style.lineDash;
    this.lineDashOffset = style.lineDashOffset;
    this.font = style.font;
    this.textAlign = style.textAlign;
    this.textBaseline = style.textBaseline;
  }

  /** The pen as operators. */
  protected pen(): string {
    const [a, b, c, d] = this.matrix;
    const scale = Math.sqrt(Math.abs(a * d - b * c));
    const dashes = this.lineDash.map((length) => coordinate(length * scale)).join(' ');
    const cap = CAPS[this.lineCap] ?? 0;
    const join = JOINS[this.lineJoin] ?? 0;
    const offset = coordinate(this.lineDashOffset * scale);
    return `${coordinate(this.lineWidth * scale)} w ${cap} J ${join} j ${factor(this.miterLimit)} M [${dashes}] ${offset} d\n`;
  }
}

const CAPS: Readonly<Record<string, number>> = { butt: 0, round: 1, square: 2 };
const JOINS: Readonly<Record<string, number>> = { miter: 0, round: 1, bevel: 2 };
