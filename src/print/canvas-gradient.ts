import type { DrawingGradient } from '../scene/drawing-context.ts';
import { parseColor } from './color.ts';
import { type Pdf, useGradient } from './page-resources.ts';
import type { Matrix } from './path-writer.ts';

/** Two points, or two circles `x, y, radius`. */
type Shape = readonly [number, number, number, number] | readonly [number, number, number, number, number, number];

/** PDFKit's gradient; its type declarations leave out what is needed here. */
interface PdfGradient {
  stop(offset: number, color: readonly number[], opacity: number): void;
  setTransform(...matrix: Matrix): void;
  apply(stroke: boolean): void;
}

/** A gradient as the canvas remembers it until something is painted with it. */
export class CanvasGradient implements DrawingGradient {
  private readonly shape: Shape;
  private readonly stops: { readonly offset: number; readonly color: string }[] = [];

  constructor(shape: Shape) {
    this.shape = shape;
  }

  addColorStop(offset: number, color: string): void {
    this.stops.push({ offset: Math.min(1, Math.max(0, offset)), color });
  }

  /** Its name among the page's patterns; null when it lets through what is behind it, which `apply` does in another way. */
  pattern(pdf: Pdf, matrix: Matrix): string | null {
    const stops = this.ordered().map(({ offset, color }) => ({ offset, color: parseColor(color) }));
    if (stops.length < 2 || stops.some(({ color }) => color[3] < 1)) return null;
    const colors = stops.map(({ offset, color }) => ({ offset, color: color.slice(0, 3) }));
    return useGradient(pdf, { shape: this.shape, stops: colors, matrix });
  }

  /** Makes it the page's fill or stroke colour; the canvas must have written all it had before. */
  apply(pdf: Pdf, matrix: Matrix, stroke: boolean): void {
    const gradient = (this.shape.length === 4
      ? pdf.linearGradient(...this.shape)
      : pdf.radialGradient(...this.shape)) as unknown as PdfGradient;
    for (const { offset, color } of this.ordered()) {
      const [red, green, blue, opacity] = parseColor(color);
      gradient.stop(offset, [red * 255, green * 255, blue * 255], opacity);
    }
    gradient.setTransform(...matrix);
    gradient.apply(stroke);
  }

  private ordered(): { readonly offset: number; readonly color: string }[] {
    return [...this.stops].sort((one, other) => one.offset - other.offset);
  }
}
