import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../src/print/draw-chart.ts';
import { coordinate, coordinateText } from '../../src/print/path-writer.ts';
import { type ChartStudio, createChartStudio } from '../../src/scene/chart-view.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { drawnPage } from './blank-pdf.ts';

const fonts = createFontRegistry();

/** Shapes whose compiled form joins, groups, sums, piles, sorts and copies rows. Legends are ours, for Vega's do not move. */
const SPECS: Readonly<Record<string, object>> = {
  'lines in groups': {
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'x', type: 'temporal', scale: { type: 'utc' } },
      y: { field: 'y', type: 'quantitative' },
      color: { field: 's', type: 'nominal', legend: null },
    },
  },
  'sums in piles': {
    mark: 'bar',
    encoding: {
      x: { field: 'x', type: 'ordinal' },
      y: { aggregate: 'sum', field: 'y', type: 'quantitative' },
      color: { field: 's', type: 'nominal', sort: null, legend: null },
    },
  },
  'means in cells': {
    mark: 'rect',
    encoding: {
      x: { field: 'x', type: 'ordinal', sort: null },
      y: { field: 's', type: 'ordinal' },
      color: { aggregate: 'mean', field: 'y', type: 'quantitative', legend: null },
    },
  },
  'shares of a ring': {
    mark: { type: 'arc', innerRadius: 10 },
    encoding: {
      theta: { aggregate: 'max', field: 'y', type: 'quantitative' },
      color: { field: 's', type: 'nominal', sort: '-theta', legend: null },
    },
  },
  'medians on each other': {
    mark: 'area',
    encoding: {
      x: { field: 'x', type: 'quantitative' },
      y: { aggregate: 'median', field: 'y', type: 'quantitative' },
      color: { field: 's', type: 'nominal', legend: null },
    },
  },
};

const row = fc.record({
  x: fc.integer({ min: 0, max: 12 }),
  y: fc.oneof(
    fc.integer({ min: -999, max: 999 }).map((count) => count / 10),
    fc.constant(null),
  ),
  s: fc.constantFrom('b', 'a', 'd', 'c'),
});
const rows = fc.array(row, { maxLength: 15 });

const operatorsOf = async (studio: ChartStudio, spec: object, data: readonly object[]): Promise<string> => {
  const { operators } = await drawnPage((pdf) => {
    const scene = studio.prepare({ spec: spec as never, rows: data, width: 320, height: 240 });
    drawChart(pdf, scene, 20, 20, fonts);
    scene.release();
  });
  return operators;
};

describe('a view that is used again', () => {
  for (const [name, spec] of Object.entries(SPECS)) {
    it(`draws ${name} as a new one does, whatever it drew before`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 3 }), rows, async (before, data) => {
          const used = createChartStudio(fonts);
          for (const other of before) await operatorsOf(used, spec, other);
          const expected = await operatorsOf(createChartStudio(fonts), spec, data);
          expect(await operatorsOf(used, spec, data)).toBe(expected);
        }),
        { numRuns: 10 },
      );
    });
  }
});

describe('a coordinate', () => {
  it('is written as the number it is rounded to', () => {
    const near = fc.double({ min: -2000, max: 2000 });
    fc.assert(
      fc.property(fc.oneof(near, fc.double(), fc.integer()), (value) => {
        expect(coordinateText(value)).toBe(String(coordinate(value)));
      }),
      { numRuns: 2000 },
    );
  });
});
