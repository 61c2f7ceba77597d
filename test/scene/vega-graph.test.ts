import fc from 'fast-check';
import type { Scene } from 'vega';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawChart } from '../../src/print/draw-chart.ts';
import { canvasFont } from '../../src/scene/canvas-font.ts';
import { type ChartScene, createChartStudio } from '../../src/scene/chart-view.ts';
import type { DrawingContext } from '../../src/scene/drawing-context.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { createRuler } from '../../src/scene/text.ts';
import { drawnPage } from '../print/blank-pdf.ts';

/** Exported by Vega, missing from its type declarations. */
const { CanvasRenderer, textMetrics } = vega as unknown as {
  readonly CanvasRenderer: new () => {
    initialize(...settings: readonly unknown[]): { render(scene: Scene): void };
  };
  readonly textMetrics: { width: (item: Readonly<Record<string, unknown>>, text: unknown) => number };
};

const fonts = createFontRegistry();
const SIZE = { width: 320, height: 240 };

/** Shapes that between them have all that is cut from a compiled chart or made one in it: groups, axes in front, legends, copies, sums. */
const SPECS: Readonly<Record<string, object>> = {
  'lines in groups, their points, a legend': {
    // Hours: Vega takes two ticks within one second for the same.
    transform: [{ calculate: 'datum.x * 3600000', as: 'time' }],
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'time', type: 'temporal', scale: { type: 'utc' } },
      y: { field: 'y', type: 'quantitative', title: 'Value' },
      color: { field: 's', type: 'nominal', legend: { orient: 'top' } },
    },
  },
  'piles, sorted by a sum': {
    mark: 'bar',
    encoding: {
      x: { field: 'x', type: 'ordinal', sort: '-y', axis: { labelOverlap: true } },
      y: { aggregate: 'sum', field: 'y', type: 'quantitative' },
      color: { field: 's', type: 'nominal' },
    },
  },
  'cells below their axes, a legend of a gradient': {
    mark: 'rect',
    encoding: {
      x: { field: 'x', type: 'ordinal' },
      y: { field: 's', type: 'ordinal', sort: ['c', 'a', 'd', 'b'] },
      color: { aggregate: 'mean', field: 'y', type: 'quantitative' },
    },
  },
  'layers of one source': {
    transform: [{ calculate: 'datum.y * 2', as: 'twice' }],
    layer: [
      { mark: 'area', encoding: { y: { aggregate: 'max', field: 'y', type: 'quantitative' } } },
      { mark: 'rule', encoding: { y: { aggregate: 'min', field: 'twice', type: 'quantitative' } } },
      { mark: { type: 'text', dy: -4 }, encoding: { text: { aggregate: 'count' }, y: { datum: 0 } } },
    ],
    encoding: { x: { field: 'x', type: 'quantitative' } },
  },
  'windows, filters and ranks': {
    transform: [
      { filter: 'datum.y !== null' },
      { window: [{ op: 'rank', as: 'rank' }], sort: [{ field: 'y', order: 'descending' }], groupby: ['s'] },
      { filter: 'datum.rank < 4' },
    ],
    mark: { type: 'tick', clip: true },
    encoding: {
      x: { field: 'y', type: 'quantitative' },
      y: { field: 's', type: 'nominal' },
      opacity: { field: 'rank', type: 'ordinal', legend: null },
    },
  },
  'signs by series, medians': {
    mark: 'point',
    encoding: {
      x: { field: 'x', type: 'quantitative' },
      y: { field: 'y', type: 'quantitative', aggregate: 'median' },
      shape: { field: 's', type: 'nominal', legend: null },
      detail: { field: 's', type: 'nominal' },
    },
  },
};

const row = fc.record({
  x: fc.integer({ min: 0, max: 12 }),
  y: fc.oneof(
    fc.integer({ min: -999, max: 999 }).map((count) => count / 10),
    fc.constant(null),
  ),
  s: fc.constantFrom('b', 'a', 'd', 'c|b', ''),
});
const rows = fc.array(row, { maxLength: 20 });

/** Vega of another load, untouched but for its ruler: laid out with as much room for axes as ours took. */
function drawnByVega(spec: object, data: readonly object[], { margin }: ChartScene): ChartScene['draw'] {
  const config = { aria: false };
  const size = { width: 200, height: 100, padding: 0, autosize: { type: 'pad' } };
  const whole = { ...spec, ...size, data: { name: 'rows' }, config };
  const view = new vega.View(vega.parse(compile(whole as never).spec), { renderer: 'none' });
  view.data(
    'rows',
    data.map((one) => ({ ...one })),
  );
  view
    .width(SIZE.width - margin.x)
    .height(SIZE.height - margin.y)
    .resize()
    .run();
  const { root } = view.scenegraph() as unknown as { root: Scene };
  return (context: DrawingContext) => {
    const settings = { externalContext: context };
    new CanvasRenderer().initialize(null, SIZE.width, SIZE.height, view.origin(), 1, settings).render(root);
  };
}

const drawnBy = async (scene: ChartScene): Promise<string> =>
  (await drawnPage((pdf) => drawChart(pdf, scene, 20, 20, fonts))).operators;

beforeAll(() => {
  const ruler = createRuler(fonts);
  textMetrics.width = ({ font = 'sans-serif', fontStyle = '', fontWeight = '', fontSize, limit }, text) => {
    if (text === null || text === undefined) return 0;
    const { face } = canvasFont(fonts, `${fontStyle} ${fontWeight} 10px ${font}`);
    const width = ruler.width(String(text).trim(), face, Number(fontSize ?? 11));
    return Number(limit) > 0 ? Math.min(width, Number(limit)) : width;
  };
});

describe('a chart without what is there for a screen', () => {
  for (const [name, spec] of Object.entries(SPECS)) {
    it(`is what Vega’s own view draws: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(rows, async (data) => {
          const scene = createChartStudio(fonts).prepare({ spec: spec as never, rows: data, ...SIZE });
          const expected = { ...scene, draw: drawnByVega(spec, data, scene) };
          expect(await drawnBy(scene)).toBe(await drawnBy(expected));
        }),
        { numRuns: 15 },
      );
    });
  }
});
