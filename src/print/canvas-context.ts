import { hasRightToLeft } from '../scene/bidi.ts';
import { canvasFont } from '../scene/canvas-font.ts';
import type { DrawingContext, DrawingGradient } from '../scene/drawing-context.ts';
import type { FontRegistry } from '../scene/fonts.ts';
import { visualRuns } from '../scene/visual-runs.ts';
import { CanvasGradient } from './canvas-gradient.ts';
import { CanvasPath } from './canvas-path.ts';
import { parseColor, type Rgba } from './color.ts';
import type { Pdf } from './page-resources.ts';
import { useAlpha, writeOperators } from './page-resources.ts';
import type { Matrix } from './path-writer.ts';
import { coordinate, factor, PathWriter } from './path-writer.ts';
import { textOperators } from './text-operators.ts';

/** What the page's graphics state has been set to so far; only differences are written. */
interface Written {
  fill: Rgba | null;
  stroke: Rgba | null;
  fillOperators: string;
  strokeOperators: string;
  pen: string;
  alpha: string;
}

interface Saved extends CanvasStyle {
  readonly matrix: Matrix;
  /** Set when a clip opened a graphics state on the page: what was written before it. */
  before: Written | null;
}

type CanvasStyle = Pick<
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

const NOTHING_WRITTEN: Written = {
  fill: null,
  stroke: null,
  fillOperators: '',
  strokeOperators: '',
  pen: '',
  alpha: '',
};
const CAPS: Readonly<Record<string, number>> = { butt: 0, round: 1, square: 2 };
const JOINS: Readonly<Record<string, number>> = { miter: 0, round: 1, bevel: 2 };

/**
 * A canvas that writes PDF operators: paths, live text in our fonts, opacity, dashes, clips, gradients. It
 * keeps the transformation itself and writes transformed coordinates, for Vega builds paths under one transformation
 * and paints them under another. One canvas draws one thing on one page; `finish` puts it there.
 */
export class PdfCanvas extends CanvasPath implements DrawingContext {
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
  private written: Written = { ...NOTHING_WRITTEN };
  private readonly saved: Saved[] = [];
  private readonly pdf: Pdf;
  private readonly fonts: FontRegistry;
  private operators = 'q\n';

  /** @param matrix puts the canvas on the page: from the page's top left corner, y downwards. */
  constructor(pdf: Pdf, fonts: FontRegistry, matrix: Matrix) {
    super(matrix);
    this.pdf = pdf;
    this.fonts = fonts;
  }

  /** Puts what was drawn onto the page, whose graphics state is then as it was before. */
  finish(): void {
    while (this.saved.length > 0) this.restore();
    this.operators += 'Q';
    this.flush();
  }

  save(): void {
    const { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, miterLimit } = this;
    const { lineDash, lineDashOffset, font, textAlign, textBaseline, matrix } = this;
    const style = { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, miterLimit };
    this.saved.push({ ...style, lineDash, lineDashOffset, font, textAlign, textBaseline, matrix, before: null });
  }

  restore(): void {
    const last = this.saved.pop();
    if (!last) return;
    const { before, ...style } = last;
    Object.assign(this, style);
    if (before) {
      this.operators += 'Q\n';
      this.written = before;
    }
  }

  fill(): void {
    this.paint(this.path.operators, 'f');
  }

  stroke(): void {
    this.paint(this.path.operators, 'S');
  }

  clip(): void {
    const last = this.saved.at(-1);
    if (last && !last.before) {
      last.before = { ...this.written };
      this.operators += 'q\n';
    }
    this.operators += `${this.path.operators || '0 0 0 0 re '}W n\n`;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.paint(this.rectangle(x, y, width, height), 'f');
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.paint(this.rectangle(x, y, width, height), 'S');
  }

  /** Paper cannot be erased; Vega clears only what it is about to paint. */
  clearRect(): void {}

  setLineDash(pattern: readonly number[]): void {
    this.lineDash = pattern;
  }

  fillText(text: string, x: number, y: number): void {
    this.text(text, x, y, 0);
  }

  strokeText(text: string, x: number, y: number): void {
    this.text(text, x, y, 1);
  }

  measureText(text: string): { readonly width: number } {
    const { face, size } = canvasFont(this.fonts, this.font);
    return { width: this.fonts.width(text, face, size) };
  }

  createLinearGradient(x1: number, y1: number, x2: number, y2: number): DrawingGradient {
    return new CanvasGradient([x1, y1, x2, y2]);
  }

  createRadialGradient(x1: number, y1: number, r1: number, x2: number, y2: number, r2: number): DrawingGradient {
    return new CanvasGradient([x1, y1, r1, x2, y2, r2]);
  }

  private rectangle(x: number, y: number, width: number, height: number): string {
    const path = new PathWriter();
    path.rect(this.matrix, x, y, width, height);
    return path.operators;
  }

  private text(text: string, x: number, y: number, mode: 0 | 1): void {
    if (text === '') return;
    const { face, size } = canvasFont(this.fonts, this.font);
    const runs = hasRightToLeft(text) ? visualRuns(this.fonts, text, face) : this.fonts.runs(text, face);
    const width = runs.reduce((sum, run) => sum + run.face.widthInEm(run.drawn ?? run.text) * size, 0);
    const left = x - width * (this.textAlign === 'center' ? 0.5 : /right|end/.test(this.textAlign) ? 1 : 0);
    const drop = { top: face.ascent, hanging: face.capHeight, middle: face.xHeight / 2, bottom: -face.descent };
    const baseline = y + size * (drop[this.textBaseline as keyof typeof drop] ?? 0);
    if (this.setUp(mode === 1))
      this.operators += textOperators(this.pdf, runs, size, this.matrix, left, baseline, mode);
  }

  private paint(path: string, operator: 'f' | 'S'): void {
    if (path !== '' && this.setUp(operator === 'S')) this.operators += `${path}${operator}\n`;
  }

  /** Writes colour, opacity and pen where they changed; false when nothing would be seen. */
  private setUp(stroke: boolean): boolean {
    const style = stroke ? this.strokeStyle : this.fillStyle;
    const opacity = typeof style === 'string' ? this.setColor(style, stroke) : this.setGradient(style, stroke);
    if (opacity <= 0) return false;
    if (stroke) this.setPen();
    // Opaque is how a page starts, so charts without transparency need no graphics state at all.
    if (opacity < 1 || this.written.alpha !== '') {
      const alpha = useAlpha(this.pdf, opacity, opacity);
      if (alpha !== this.written.alpha) this.operators += `/${alpha} gs\n`;
      this.written.alpha = alpha;
    }
    return true;
  }

  private setColor(style: string, stroke: boolean): number {
    const slot = stroke ? 'stroke' : 'fill';
    const color = parseColor(style);
    // Colours that were read once are the same list.
    if (this.written[slot] !== color) {
      const [red, green, blue] = color;
      const operators = `${factor(red)} ${factor(green)} ${factor(blue)} ${stroke ? 'RG' : 'rg'}\n`;
      if (this.written[`${slot}Operators`] !== operators) this.operators += operators;
      this.written[slot] = color;
      this.written[`${slot}Operators`] = operators;
    }
    return color[3] * this.globalAlpha;
  }

  private setGradient(style: DrawingGradient, stroke: boolean): number {
    if (!(style instanceof CanvasGradient)) return 0;
    this.flush();
    style.apply(this.pdf, this.matrix, stroke);
    this.written[stroke ? 'stroke' : 'fill'] = null;
    this.written[stroke ? 'strokeOperators' : 'fillOperators'] = 'gradient';
    return this.globalAlpha;
  }

  private setPen(): void {
    const scale = Math.sqrt(Math.abs(this.matrix[0] * this.matrix[3] - this.matrix[1] * this.matrix[2]));
    const dashes = this.lineDash.map((length) => coordinate(length * scale)).join(' ');
    const cap = CAPS[this.lineCap] ?? 0;
    const join = JOINS[this.lineJoin] ?? 0;
    const offset = coordinate(this.lineDashOffset * scale);
    const pen = `${coordinate(this.lineWidth * scale)} w ${cap} J ${join} j ${factor(this.miterLimit)} M [${dashes}] ${offset} d\n`;
    if (pen === this.written.pen) return;
    this.operators += pen;
    this.written.pen = pen;
  }

  private flush(): void {
    if (this.operators !== '') writeOperators(this.pdf, this.operators.trimEnd());
    this.operators = '';
  }
}
