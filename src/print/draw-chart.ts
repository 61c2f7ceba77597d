import type { ChartScene } from '../scene/chart-view.ts';
import type { FontRegistry } from '../scene/fonts.ts';
import { PdfCanvas } from './canvas-context.ts';
import type { Pdf } from './page-resources.ts';

/**
 * Draws a chart onto the document's current page, its top left corner at `x`, `y` in points. The page's graphics state,
 * font and pen position are left as they were; marked content around it is the caller's.
 */
export function drawChart(pdf: Pdf, chart: ChartScene, x: number, y: number, fonts: FontRegistry): void {
  const canvas = new PdfCanvas(pdf, fonts, [1, 0, 0, 1, x, y]);
  chart.draw(canvas);
  canvas.finish();
}
