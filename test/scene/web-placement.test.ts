import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { webPlaces } from '../../src/scene/web-placement.ts';

describe('webPlaces', () => {
  test('cards beside each other share rows, one without a height reaches to what is below it', () => {
    const { columns, places } = webPlaces([
      { x: 0, y: 0, w: 8, h: null },
      { x: 8, y: 0, w: 4, h: 2 },
      { x: 8, y: 2, w: 4, h: 2 },
      { x: 0, y: 4, w: 12, h: 3 },
    ]);
    expect(columns).toBe(12);
    expect(places).toEqual([
      { column: 1, columnSpan: 8, row: 1, rowSpan: 2 },
      { column: 9, columnSpan: 4, row: 1, rowSpan: 1 },
      { column: 9, columnSpan: 4, row: 2, rowSpan: 1 },
      { column: 1, columnSpan: 12, row: 3, rowSpan: 1 },
    ]);
  });

  test('halves of columns become columns of a finer grid', () => {
    const { columns, places } = webPlaces([
      { x: 0, y: 0, w: 4.5, h: 1 },
      { x: 4.5, y: 0, w: 7.5, h: 1 },
    ]);
    expect(columns).toBe(24);
    expect(places.map(({ column, columnSpan }) => [column, columnSpan])).toEqual([
      [1, 9],
      [10, 15],
    ]);
  });

  test('no card lies over another, whatever was stored', () => {
    const spot = fc
      .record({
        x: fc.integer({ min: 0, max: 11 }),
        y: fc.nat(8),
        w: fc.integer({ min: 1, max: 12 }),
        h: fc.option(fc.integer({ min: 1, max: 5 })),
      })
      .map(({ x, w, ...rest }) => ({ x, w: Math.min(w, 12 - x), ...rest }));
    fc.assert(
      fc.property(fc.array(spot, { maxLength: 10 }), (spots) => {
        const taken = new Set<string>();
        const { places } = webPlaces(spots);
        expect(places).toHaveLength(spots.length);
        for (const { column, columnSpan, row, rowSpan } of places) {
          for (let x = column; x < column + columnSpan; x += 1) {
            for (let y = row; y < row + rowSpan; y += 1) {
              expect(taken.has(`${x} ${y}`)).toBe(false);
              taken.add(`${x} ${y}`);
            }
          }
        }
      }),
    );
  });
});
