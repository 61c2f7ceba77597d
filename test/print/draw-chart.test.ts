import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AxisPlan, ChartContent, ChartPlan } from '../../src/charts/content.ts';
import { contentOf } from '../../src/charts/kinds.ts';
import { timeTicks } from '../../src/charts/time-axis.ts';
import { valueTicks } from '../../src/charts/value-axis.ts';
import { drawChart } from '../../src/print/draw-chart.ts';
import type { ChartScene } from '../../src/scene/chart-view.ts';
import { sheetStyle } from '../../src/scene/typesetter.ts';
import { environment, everyChart, rowsIn, rowsOf, widgetOf } from '../charts/fixtures.ts';
import { needs } from '../harness/needs.ts';
import { drawnPage } from './blank-pdf.ts';
import { onFile, typesetter, wordBoxes } from './printing.ts';

const style = sheetStyle(typesetter, { theme: null, font: null, locale: 'en', timeZone: 'UTC' });

const sceneOf = (plan: ChartPlan, width: number, height: number): ChartScene => style.drawChart(plan, width, height);

async function pageOf(plan: ChartPlan, width: number, height: number) {
  return drawnPage((pdf) => {
    const scene = sceneOf(plan, width, height);
    drawChart(pdf, scene, 50, 60, typesetter.fonts);
    scene.release();
  });
}

const expectInside = ({ bounds, width, height }: ChartScene): void => {
  expect(bounds.left).toBeGreaterThanOrEqual(-0.75);
  expect(bounds.top).toBeGreaterThanOrEqual(-0.75);
  expect(bounds.right).toBeLessThanOrEqual(width + 0.75);
  expect(bounds.bottom).toBeLessThanOrEqual(height + 0.75);
};

/** Sizes whose width the legend of a pie takes to the last point. */
const FULL_LEGENDS: [number, number][] = [
  [218, 300],
  [219, 365],
  [354, 365],
];

describe('a chart in its box', () => {
  for (const [name, make] of Object.entries(everyChart)) {
    it(`${name}: nothing leaves the box, at any size`, () => {
      const { chart, minHeight } = make();
      const width = fc.integer({ min: 170, max: 720 });
      const height = fc.integer({ min: Math.ceil(minHeight), max: 420 });
      fc.assert(
        fc.property(width, height, (w, h) => {
          const scene = sceneOf(chart, w, h);
          scene.release();
          expectInside(scene);
        }),
        { numRuns: 12, examples: FULL_LEGENDS },
      );
    });

    it(`${name}: is drawn alike by a new view and by one used before`, async () => {
      const { chart } = make();
      const first = await pageOf(chart, 300, 180);
      await pageOf(chart, 431, 260);
      expect((await pageOf(chart, 300, 180)).operators).toBe(first.operators);
    });
  }

  it('refuses to load anything', () => {
    const request = { rows: [], width: 100, height: 100 };
    for (const spec of [
      { mark: 'bar', data: { url: 'http://127.0.0.1/x.csv' } },
      { mark: 'bar', datasets: { a: [] } },
      { mark: { type: 'image' }, encoding: { url: { value: 'file:///etc/passwd' } } },
      { mark: 'nonsense' },
    ]) {
      expect(() => typesetter.charts.prepare({ spec, ...request })).toThrow(
        expect.objectContaining({ code: 'bad_request' }),
      );
    }
  });

  it('is drawn whatever the rows hold', () => {
    const value = fc.oneof(fc.constant(null), fc.double(), fc.integer(), fc.string({ maxLength: 12 }));
    const kind = fc.constantFrom('timeseries', 'histogram', 'pie');
    const type = fc.constantFrom('', 'line', 'area', 'bar', 'pie');
    const rows = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(kind, type, fc.boolean(), rows, (of, word, stack, values) => {
        const widget = widgetOf(of, { settings: { type: word, stack } });
        const content = contentOf(
          widget,
          [{ name: 'a', rows: rowsOf('t:time s:text v:number', values) }],
          environment(),
        );
        if (content.kind !== 'chart') return;
        const scene = sceneOf(content.chart, 260, 150);
        scene.release();
        expectInside(scene);
      }),
      { numRuns: 150 },
    );
  });
});

/** Every text that the plan says a chart of this size must show. */
function expectedTexts(content: ChartContent, width: number, height: number): readonly string[] {
  const { chart } = content;
  const ofAxis = (axis: AxisPlan | null, length: number): readonly string[] => {
    if (axis === null) return [];
    if (axis.type === 'category') return axis.entries.map(({ label }) => label);
    const { labels } = axis.type === 'time' ? timeTicks(axis, length) : valueTicks(axis, length);
    return labels.flat();
  };
  // Names are isolated from what stands beside them; a reader of the page sees no such characters.
  const legend = chart.legend === null ? [] : chart.colors.map(({ label }) => label.replace(/[\u2066-\u2069]/g, ''));
  // Bars that lie down have their values at their ends instead of an axis.
  const ofX = chart.y?.type === 'category' ? rowsIn(content).map(({ l }) => String(l)) : ofAxis(chart.x, width - 40);
  return [...ofX, ...ofAxis(chart.y, height - 60), ...legend].filter(Boolean);
}

needs('pdftotext', 'qpdf')('a printed chart, read back', () => {
  for (const [name, make] of Object.entries(everyChart)) {
    it(`${name}: every label is live text inside the box`, async () => {
      const content = make();
      const { bytes } = await pageOf(content.chart, 440, 240);
      const text = onFile(bytes, 'pdftotext', '-raw', 'FILE', '-').replace(/\s+/g, ' ');
      for (const expected of expectedTexts(content, 440, 240)) {
        expect(text).toContain(expected.replace(/\s+/g, ' '));
      }
      for (const word of wordBoxes(bytes)) {
        expect(word.x1).toBeGreaterThan(49);
        expect(word.x2).toBeLessThan(491);
        expect(word.y1).toBeGreaterThan(56);
        expect(word.y2).toBeLessThan(304);
      }
      expect(onFile(bytes, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors');
    });
  }

  it('draws text as wide as Vega was told it is', async () => {
    const { bytes } = await pageOf((everyChart.bars as () => ChartContent)().chart, 500, 220);
    const { size, weight } = style.theme.text.chartLabel;
    const words = wordBoxes(bytes).filter(({ text }) => /^[A-Za-z]+$/.test(text));
    expect(words.length).toBeGreaterThanOrEqual(5);
    for (const word of words) {
      const measured = typesetter.fonts.width(word.text, typesetter.fonts.face({ weight }), size);
      expect(word.x2 - word.x1).toBeCloseTo(measured, 1);
    }
  });
});
