import { describe, expect, test } from 'vitest';
import { cellLine, cellLineText } from '../../src/charts/cell-line.ts';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import type { RectMark } from '../../src/scene/scene.ts';
import { isPiece, type Mark, type Piece } from '../../src/scene/scene.ts';
import { drawingFor, print, rowsOf, sceneOf, type TestReport, textOf, typesetter } from '../print/printing.ts';

test('a cell holds numbers; what is none is a gap', () => {
  expect(cellLine('3 5 - 8.5 1e3')).toEqual([3, 5, null, 8.5, 1000]);
  expect(cellLine('[1, 2, null]')).toEqual([1, 2, null]);
  expect(cellLine(null)).toEqual([]);
  expect(cellLine(Array.from({ length: 500 }, () => '1').join(' '))).toHaveLength(120);
});

test('its text is the largest of them', () => {
  expect(cellLineText('3 5 - 4', 'en')).toBe('5');
  expect(cellLineText('- -', 'en')).toBe('–');
});

const report: TestReport = {
  widgets: [
    {
      ...{ id: 't', kind: 'table', name: 'Lines', sql: 'lines' },
      settings: { columns: [{ key: 'over', label: 'Over time', mark: 'line', width: 130 }] },
    },
  ],
  answers: {
    lines: rowsOf('name over', [
      ['grows', '1 2 4'],
      ['gap', '8 - 8'],
      ['nothing', '0 0 0'],
      ['unknown', null],
    ]),
  },
};

describe('a column of lines', () => {
  test('on paper: a step a value, as high as its share of the largest of its row; none of nothing', async () => {
    const scene = await sceneOf(report);
    const marks = (items: Iterable<Mark | Piece>): Mark[] =>
      [...items].flatMap((item) => (isPiece(item) ? marks(item.content) : [item]));
    const all = scene.pages.flatMap(({ parts }) => parts.flatMap(({ pieces }) => marks(pieces)));
    const steps = all.filter((mark): mark is RectMark => mark.kind === 'rect' && mark.radius === 0 && mark.width < 40);
    expect(steps).toHaveLength(5);
    const most = Math.max(...steps.map(({ height }) => height));
    expect(steps.map(({ height }) => Math.round((100 * height) / most))).toEqual([25, 50, 100, 100, 100]);
    expect((steps[4]?.x ?? 0) - (steps[3]?.x ?? 0)).toBeCloseTo(2 * (steps[3]?.width ?? 0));
  });

  test('its largest values are its text', async () => {
    const text = textOf((await print(report)).bytes);
    expect(text).toMatch(/grows\s+4\b/);
    expect(text).toMatch(/gap\s+8\b/);
    expect(text).not.toContain('1 2 4');
  });

  test('on a screen: a path of as many steps, which no screen reader reads', async () => {
    const { signal } = new AbortController();
    const { files } = await drawDocument({ ...(await drawingFor(report)), outputs: ['html'] }, { typesetter, signal });
    const html = Buffer.from(files[0]?.bytes ?? []).toString();
    expect(
      [...html.matchAll(/<svg viewBox="0 0 3 20"[^>]*aria-hidden="true"><path d="([^"]+)"/g)].map(([, d]) => d),
    ).toEqual(['M0 20V15h1V20zM1 20V10h1V20zM2 20V0h1V20z', 'M0 20V0h1V20zM2 20V0h1V20z']);
  });
});
