import type { WebChart, WebMetric } from '../scene/web-body.ts';
import type { WebReport } from '../scene/web-report.ts';
import type { HtmlColors } from './html-colors.ts';
import { escapeText } from './html-text.ts';
import { isRamp } from './oklab.ts';
import { SvgCanvas, type SvgPaint } from './svg-canvas.ts';
import { svgNumber } from './svg-path.ts';

export interface ChartShape {
  /** Points, which become what the page has room for. */
  readonly width: number;
  readonly height: number;
  /** Unique in the document. */
  readonly id: string;
  /** More of the element's class: when it is shown. */
  readonly className: string;
  /** Its name and what it says in words; null = it says nothing that is not beside it. */
  readonly words: { readonly title: string; readonly alt: string } | null;
}

export interface ChartInk {
  readonly colors: HtmlColors;
  readonly fonts: WebReport['fonts'];
}

type Draw = WebChart['draw'] | NonNullable<WebMetric['draw']>;

/** A chart as an inline SVG that takes its place's width; null when it cannot be drawn. */
export function svgChart(draw: Draw, shape: ChartShape, { colors, fonts }: ChartInk): string | null {
  const { width, height, id, className, words } = shape;
  const chart = draw(width, height);
  if (chart === null) return null;
  try {
    const fills = new Map<string, string>();
    const paint: SvgPaint = (color, use) => {
      const written = colors.paint(color, use);
      if (use === 'fill') fills.set(written, color);
      return written;
    };
    const canvas = new SvgCanvas({ ...colors, paint, fonts, id });
    chart.draw(canvas);
    let drawn = canvas.finish();
    // Lightness says how much: in the dark, steps of one hue keep their order only as they are.
    if (isRamp([...fills.values()].filter((color) => !colors.isSurface(color)))) {
      for (const [written, color] of fills) {
        if (!colors.isSurface(color)) drawn = drawn.replaceAll(`fill="${written}"`, `fill="${color}"`);
      }
    }
    const name = words === null ? ' aria-hidden="true"' : ` role="img" aria-labelledby="${id}t ${id}d"`;
    const title =
      words === null
        ? ''
        : `<title id="${id}t">${escapeText(words.title)}</title><desc id="${id}d">${escapeText(words.alt)}</desc>`;
    const box = `0 0 ${svgNumber(width)} ${svgNumber(height)}`;
    return `<svg class="${className}" viewBox="${box}" xmlns="http://www.w3.org/2000/svg"${name}>${title}${drawn}</svg>`;
  } finally {
    chart.release();
  }
}
