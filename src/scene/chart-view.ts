import type { Runtime, Spec as VegaSpec, View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import type { Spec } from '../charts/content.ts';
import { BroadsheetError } from '../errors.ts';
import type { DrawingContext } from './drawing-context.ts';
import type { FontRegistry } from './fonts.ts';
import { vega, vegaLite } from './vega-build.ts';
import { withoutScreen } from './vega-graph.ts';
import { createView, drawScene, installRuler, rootOf, tuplesOf } from './vega-parts.ts';
import type { StillView } from './vega-run.ts';

/** What a chart is made of, with its outer size in points. */
export interface ChartRequest {
  /** Vega-Lite without data and size: reads the dataset `rows`. Charts of equal `spec` share the compiled form. */
  readonly spec: Spec;
  readonly rows: readonly object[];
  /** Values for the parameters that the spec declares. */
  readonly signals?: Readonly<Record<string, unknown>>;
  /** Scales whose domain or range are taken from signals, by scale name. */
  readonly scales?: Readonly<Record<string, { readonly domain?: string; readonly range?: string }>>;
  readonly width: number;
  readonly height: number;
  /** How much around the plot axes and legend will take, where known; a good guess saves one layout. */
  readonly margin?: { readonly x: number; readonly y: number };
}

/** A box relative to the chart's top left corner. */
export interface ChartBounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A chart laid out and ready to be drawn, any number of times, until it is released. */
export interface ChartScene {
  readonly width: number;
  readonly height: number;
  /** Around all marks: within 0 … width and 0 … height unless the chart was given too little room. */
  readonly bounds: ChartBounds;
  /** What around the plot axes and legend take: a good guess for the next chart of this spec. */
  readonly margin: { readonly x: number; readonly y: number };
  draw(context: DrawingContext): void;
  /** Gives the view back for the next chart of this shape. Not drawing afterwards is the caller's duty. */
  release(): void;
}

export interface ChartStudio {
  /** @throws BroadsheetError `bad_request` when the spec is no chart or names data of its own. */
  prepare(request: ChartRequest): ChartScene;
}

interface Shape {
  readonly runtime: Runtime;
  readonly idle: StillView[];
}

const MAX_SHAPES = 64;
const MAX_IDLE_VIEWS = 4;
const MAX_PASSES = 4;
/** Room left over when the size is corrected, so that a label that then is a hair wider costs no further pass. */
const SLACK = 0.5;
/** Room for axes when nothing is known about them. */
const USUAL_MARGIN = { x: 40, y: 32 };

/**
 * Lays charts out with Vega, without a screen. Specifications are compiled once per shape and views are used again with
 * new data (both bounded, least recently used first out). `fonts` becomes the ruler of all of Vega in this process.
 */
export function createChartStudio(fonts: FontRegistry): ChartStudio {
  installRuler(fonts);
  const shapes = new Map<string, Shape>();
  const shapeOf = (request: ChartRequest): Shape => {
    const key = JSON.stringify([request.spec, request.scales]);
    const shape = shapes.get(key) ?? { runtime: compileShape(request), idle: [] };
    shapes.delete(key);
    shapes.set(key, shape);
    for (const oldest of shapes.keys()) {
      if (shapes.size <= MAX_SHAPES) break;
      shapes.delete(oldest);
    }
    return shape;
  };
  return {
    prepare: (request) => {
      const shape = shapeOf(request);
      const view = shape.idle.pop() ?? createView(shape.runtime);
      fill(view, request);
      const { bounds, margin } = layOut(view, request);
      const { width, height } = request;
      return {
        width,
        height,
        bounds,
        margin,
        draw: (context) => drawScene(view, context, width, height),
        release: () => {
          if (shape.idle.length < MAX_IDLE_VIEWS && !shape.idle.includes(view)) shape.idle.push(view);
          else view.finalize();
        },
      };
    },
  };
}

const silent = {
  level: () => silent,
  error: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
};

function compileShape({ spec, scales = {} }: ChartRequest): Runtime {
  if ('datasets' in spec || JSON.stringify(spec).includes('"url"')) {
    throw new BroadsheetError('bad_request', 'a chart may not name data of its own');
  }
  // Descriptions of marks are for SVG alone, and take as long as drawing.
  const config = { ...(spec.config as Spec | undefined), aria: false };
  const size = { width: 200, height: 100, padding: 0, autosize: { type: 'pad' } };
  const sized = { ...spec, ...size, data: { name: 'rows' }, config };
  try {
    const vegaSpec = vegaLite.compile(sized as unknown as TopLevelSpec, { logger: silent as never }).spec;
    return withoutScreen(vega.parse(bindScales(vegaSpec, scales)));
  } catch (error) {
    throw new BroadsheetError('bad_request', 'the chart cannot be drawn', undefined, { cause: error });
  }
}

/** Takes the domain or range of scales from signals, which Vega-Lite itself cannot express for whole lists. */
function bindScales(spec: VegaSpec, scales: NonNullable<ChartRequest['scales']>): VegaSpec {
  const bound = (spec.scales ?? []).map((scale) => {
    const { domain, range } = scales[scale.name] ?? {};
    return {
      ...scale,
      ...(domain && { domain: { signal: domain } }),
      ...(range && { range: { signal: range } }),
    } as typeof scale;
  });
  return { ...spec, scales: bound };
}

function fill(view: StillView, { rows, signals = {} }: ChartRequest): void {
  view.replaceRows('rows', tuplesOf(view, rows));
  for (const [name, value] of Object.entries(signals)) view.signal(name, value);
}

/** Sizes the plot so that plot, axes and legend together fill the given room. */
function layOut(
  view: View,
  { width, height, margin = USUAL_MARGIN }: ChartRequest,
): Pick<ChartScene, 'bounds' | 'margin'> {
  let plotWidth = Math.max(1, width - margin.x);
  let plotHeight = Math.max(1, height - margin.y);
  let bounds: ChartBounds = { left: 0, top: 0, right: width, bottom: height };
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    view.width(plotWidth).height(plotHeight).resize().run();
    bounds = boundsOf(view);
    const spareX = width - (bounds.right - Math.min(0, bounds.left));
    const spareY = height - (bounds.bottom - Math.min(0, bounds.top));
    if (isClose(spareX) && isClose(spareY)) break;
    plotWidth = Math.max(1, plotWidth + spareX - SLACK);
    plotHeight = Math.max(1, plotHeight + spareY - SLACK);
  }
  return { bounds, margin: { x: width - view.width(), y: height - view.height() } };
}

/** Close enough to be left: what is over by four points is not seen, and correcting it takes half as long again. */
const isClose = (spare: number): boolean => spare >= 0 && spare <= 9 * SLACK;

function boundsOf(view: View): ChartBounds {
  const [left = 0, top = 0] = view.origin();
  const { x1, y1, x2, y2 } = rootOf(view).bounds;
  return { left: left + x1, top: top + y1, right: left + x2, bottom: top + y2 };
}
