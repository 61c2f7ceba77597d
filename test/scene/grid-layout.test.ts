import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GridItem } from '../../src/scene/grid-bands.ts';
import { layOutPage } from '../../src/scene/grid-layout.ts';
import type { Placed } from '../../src/scene/grid-placing.ts';

const WIDTH = 516;
const GUTTER = 12;
const STEP = (WIDTH + GUTTER) / 12;
const space = { height: (page: number) => (page === 0 ? 640 : 700), gutter: GUTTER, pitch: 46 };

/** A card of equal slices below a head, as tables are. */
function flowing(rows: number, slice = 18, head = 40): GridItem['take'] {
  return (from, room, force) => {
    const fitting = Math.min(rows - from, Math.floor((room - head) / slice));
    const count = fitting > 0 ? fitting : force ? 1 : 0;
    if (count === 0) return null;
    return { from, to: from + count, height: head + count * slice, last: from + count === rows };
  };
}

const fixed = (x: number, row: number, w: number, rows: number | null, natural = 150): GridItem => {
  return { x: x * STEP, width: w * STEP - GUTTER, row, rows, natural, least: 60, take: null };
};
const table = (x: number, row: number, w: number, rows: number | null, count: number): GridItem => {
  return { x: x * STEP, width: w * STEP - GUTTER, row, rows, natural: 40 + count * 18, least: 0, take: flowing(count) };
};

const anyItem = fc
  .tuple(
    fc.integer({ min: 0, max: 11 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 1, max: 12 }),
    fc.option(fc.integer({ min: 1, max: 30 })),
    fc.option(fc.integer({ min: 1, max: 200 })),
  )
  .map(([x, row, w, rows, slices]) => {
    const width = Math.min(w, 12 - x);
    return slices === null ? fixed(x, row, width, rows) : table(x, row, width, rows, slices);
  });

function expectSound(items: readonly GridItem[], placed: readonly Placed[]): void {
  for (const part of placed) {
    expect(part.y).toBeGreaterThanOrEqual(0);
    expect(part.y + part.height).toBeLessThanOrEqual(space.height(part.page) + 0.02);
  }
  for (const [index, a] of placed.entries()) {
    for (const b of placed.slice(index + 1)) {
      const [left, right] = [items[a.item], items[b.item]];
      if (a.page !== b.page || !left || !right) continue;
      const besides = left.x + left.width <= right.x + 0.01 || right.x + right.width <= left.x + 0.01;
      const below = a.y + a.height <= b.y + 0.01 || b.y + b.height <= a.y + 0.01;
      expect(besides || below).toBe(true);
    }
  }
}

describe('any grid', () => {
  test('is placed whole: nothing overlaps, nothing leaves the page, no row is lost or printed twice', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 14 }), fc.integer({ min: 0, max: 300 }), (items, y) => {
        const placed = layOutPage(items, { page: 0, y }, space);
        expectSound(items, placed);
        items.forEach((item, index) => {
          const parts = placed.filter((part) => part.item === index);
          const slices = parts.flatMap(({ from, to }) =>
            Array.from({ length: to - from }, (_, offset) => from + offset),
          );
          const count = item.take === null ? 1 : Math.round((item.natural - 40) / 18);
          expect(slices).toEqual(Array.from({ length: count }, (_, slice) => slice));
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a designed page', () => {
  test('keeps rows on one line and gutters equal', () => {
    const items = [fixed(0, 0, 3, 2), fixed(3, 0, 3, 2), fixed(6, 0, 6, 2), fixed(0, 2, 12, 5)];
    const placed = layOutPage(items, { page: 0, y: 0 }, space);
    expect(placed.map(({ page, y, height }) => [page, y, height])).toEqual([
      [0, 0, 80],
      [0, 0, 80],
      [0, 0, 80],
      [0, 92, 218],
    ]);
  });

  test('that nearly fits is squeezed, not spilt', () => {
    const items = [fixed(0, 0, 12, 8), fixed(0, 8, 12, 7)];
    const placed = layOutPage(items, { page: 0, y: 0 }, space);
    expect(placed.map(({ page }) => page)).toEqual([0, 0]);
  });

  test('with overlapping items pushes the later one down', () => {
    const items = [fixed(0, 0, 6, 4), fixed(3, 1, 6, 4)];
    const [first, second] = layOutPage(items, { page: 0, y: 0 }, space);
    expect(second?.y).toBeCloseTo((first?.height ?? 0) + GUTTER, 5);
  });

  test('a table that outgrows its box goes on over pages, what stood beside it stays', () => {
    const items = [table(0, 0, 8, 4, 100), fixed(8, 0, 4, 4)];
    const placed = layOutPage(items, { page: 0, y: 0 }, space);
    expect(placed.map(({ item, page, from, to }) => [item, page, from, to])).toEqual([
      [0, 0, 0, 33],
      [0, 1, 33, 69],
      [0, 2, 69, 100],
      [1, 0, 0, 1],
    ]);
  });

  test('cards of one row get one height', () => {
    const items = [{ ...fixed(0, 0, 6, 2), least: 95 }, fixed(6, 0, 6, 2)];
    expect(layOutPage(items, { page: 0, y: 0 }, space).map(({ height }) => height)).toEqual([95, 95]);
  });
});

describe('a framed card beside a pile of framed cards', () => {
  test('ends where the pile does, which its least heights made higher', () => {
    const card = (x: number, row: number, rows: number, least: number): GridItem => {
      return { ...fixed(x, row, 6, rows), least, framed: true };
    };
    const placed = layOutPage([card(0, 0, 4, 60), card(6, 0, 2, 90), card(6, 2, 2, 90)], { page: 0, y: 0 }, space);
    const ends = placed.map(({ y, height }) => y + height);
    expect(ends[0]).toBeCloseTo(ends[2] ?? 0);
    expect(ends[0]).toBeGreaterThan(4 * 46 - GUTTER);
  });
});

describe('Page breaks and headings', () => {
  const heading: GridItem = { ...table(0, 0, 12, null, 1), natural: 58, keepsNext: 1 };

  test('an item that asks for it begins a sheet, and the one after it too where it asks for that', () => {
    const items = [0, 1, 2, 3].map((row) => fixed(0, row, 12, null, 60));
    const breaks = [
      { before: true, after: false },
      { before: true, after: true },
      { before: false, after: false },
      { before: false, after: false },
    ];
    const placed = layOutPage(
      items.map((item, index) => ({ ...item, ...(breaks[index] && { breaks: breaks[index] }) })),
      { page: 0, y: 40 },
      space,
    );
    expect(placed.map(({ page, y }) => [page, y])).toEqual([
      [0, 40],
      [1, 0],
      [2, 0],
      [2, 72],
    ]);
  });

  test('a heading goes to the next page with what it heads', () => {
    const items = [fixed(0, 0, 12, null, 480), { ...heading, row: 1 }, fixed(0, 2, 12, null, 200)];
    const placed = layOutPage(items, { page: 0, y: 0 }, space);
    expect(placed.map(({ item, page }) => [item, page])).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
    ]);
  });

  test('the heading at the end of a text goes alone, its text stays', () => {
    const text = { ...table(0, 1, 12, null, 6), keepsNext: 1 };
    const limited: GridItem['take'] = (from, room, force, most = 6) => {
      const piece = flowing(6)?.(from, room, force) ?? null;
      if (piece === null || piece.to <= most) return piece;
      return { from, to: most, height: 40 + (most - from) * 18, last: false };
    };
    const items = [fixed(0, 0, 12, null, 400), { ...text, take: limited }, fixed(0, 2, 12, null, 200)];
    const placed = layOutPage(items, { page: 0, y: 0 }, space);
    expect(placed.map(({ item, page, from, to }) => [item, page, from, to])).toEqual([
      [0, 0, 0, 1],
      [1, 0, 0, 5],
      [1, 1, 5, 6],
      [2, 1, 0, 1],
    ]);
  });

  test('framed cards of a row that have no height of their own are as high as the highest', () => {
    const items = [fixed(0, 0, 6, null, 80), fixed(6, 0, 6, null, 210)].map((item) => ({ ...item, framed: true }));
    expect(layOutPage(items, { page: 0, y: 0 }, space).map(({ height }) => height)).toEqual([210, 210]);
  });
});
