import { hasRightToLeft } from '../scene/bidi.ts';
import { canvasFont } from '../scene/canvas-font.ts';
import type { DrawingContext, DrawingGradient } from '../scene/drawing-context.ts';
import type { Face } from '../scene/face.ts';
import type { FontRegistry } from '../scene/fonts.ts';
import { visualRuns } from '../scene/visual-runs.ts';
import { CanvasGradient } from './canvas-gradient.ts';
import { type CanvasStyle, StyledCanvas } from './canvas-style.ts';
import { parseColor, type Rgba } from './color.ts';
import type { Pdf } from './page-resources.ts';
import { useAlpha, writeOperators } from './page-resources.ts';
import type { Matrix } from './path-writer.ts';
import { factor, PathWriter } from './path-writer.ts';
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

interface Saved {
  readonly style: CanvasStyle;
  readonly matrix: Matrix;
  /** Set when a clip opened a graphics state on the page: what was written before it. */
  before: Written | null;
}

const NOTHING_WRITTEN: Written = {
  fill: null,
  stroke: null,
  fillOperators: '',
  strokeOperators: '',
  pen: '',
  alpha: '',
};
const known = new WeakMap<Rgba, string>();

/** A colour's channels as they are written; colours that were read once are the same list. */
function operandsOf(color: Rgba): string {
  let text = known.get(color);
  if (text === undefined) {
    text = color.slice(0, 3).map(factor).join(' ');
    known.set(color, text);
  }
  return text;
}

/** How far below the given line the baseline is, in ems. */
const DROPS: Readonly<Record<string, (face: Face) => number>> = {
  top: ({ ascent }) => ascent,
  hanging: ({ capHeight }) => capHeight,
  middle: ({ xHeight }) => xHeight / 2,
  bottom: ({ descent }) => -descent,
};

/**
 * A canvas that writes PDF operators: paths, live text in our fonts, opacity, dashes, clips, gradients. It
 * keeps the transformation itself and writes transformed coordinates, for Vega builds paths under one transformation
 * and paints them under another. One canvas draws one thing on one page; `finish` puts it there.
 */
export class PdfCanvas extends StyledCanvas implements DrawingContext {
  globalCompositeOperation = 'source-over';
  readonly pixelRatio = 1;
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
    this.saved.push({ style: this.style(), matrix: this.matrix, before: null });
  }

  restore(): void {
    const last = this.saved.pop();
    if (!last) return;
    this.setStyle(last.style);
    this.matrix = last.matrix;
    if (last.before) {
      this.operators += 'Q\n';
      this.written = last.before;
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
    const baseline = y + size * (DROPS[this.textBaseline]?.(face) ?? 0);
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
      const operators = `${operandsOf(color)} ${stroke ? 'RG' : 'rg'}\n`;
      if (this.written[`${slot}Operators`] !== operators) this.operators += operators;
      this.written[slot] = color;
      this.written[`${slot}Operators`] = operators;
    }
    return color[3] * this.globalAlpha;
  }

  private setGradient(style: DrawingGradient, stroke: boolean): number {
    if (!(style instanceof CanvasGradient)) return 0;
    const pattern = style.pattern(this.pdf, this.matrix);
    if (pattern !== null) this.operators += stroke ? `/Pattern CS /${pattern} SCN\n` : `/Pattern cs /${pattern} scn\n`;
    else {
      this.flush();
      style.apply(this.pdf, this.matrix, stroke);
    }
    this.written[stroke ? 'stroke' : 'fill'] = null;
    this.written[stroke ? 'strokeOperators' : 'fillOperators'] = 'gradient';
    return this.globalAlpha;
  }

  private setPen(): void {
    const pen = this.pen();
    if (pen === this.written.pen) return;
    this.operators += pen;
    this.written.pen = pen;
  }

  private flush(): void {
    if (this.operators !== '') writeOperators(this.pdf, this.operators.trimEnd());
    this.operators = '';
  }
}
