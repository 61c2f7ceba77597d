import { describe, expect, test } from 'vitest';
import { rasterise } from '../../src/print/rasterise.ts';
import { type Box, isPiece, type Mark, type Piece } from '../../src/scene/scene.ts';
import { CMYK_JPEG_URL, type PngKind, png, pngOf, turnedJpeg } from '../definition/pictures.ts';
import { print, sceneOf, type TestReport } from './printing.ts';

const SIZE = 20;
const RED = [255, 0, 0] as const;
const GREEN = [0, 255, 0] as const;
const BLUE = [0, 0, 255] as const;
const WHITE = [255, 255, 255] as const;

/** The pixels in the middle of the four quarters of the first picture: left and right above, left and right below. */
async function quarters(image: string): Promise<readonly (readonly number[])[]> {
  const report: TestReport = {
    widgets: [{ id: 'i', kind: 'image', name: 'Picture', settings: { image } }],
    settings: { style: { show_title: false } },
  };
  const { bytes, widgets } = await print(report);
  expect(widgets[0]?.state).toBe('ok');
  const scene = await sceneOf(report);
  const box = pictureIn(scene.pages[0]?.parts.flatMap(({ pieces }) => [...pieces]) ?? []);
  if (box === null) throw new Error('the page has no picture');
  const { width, data } = await rasterise(bytes, { page: 1, width: Math.round(scene.paper.width) });
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x = 0, y = 0]) => {
    const at = 4 * (Math.round(box.y + y * box.height) * width + Math.round(box.x + x * box.width));
    return [...data.subarray(at, at + 3)];
  });
}

function pictureIn(items: Iterable<Mark | Piece>): Box | null {
  for (const item of items) {
    const found = isPiece(item) ? pictureIn(item.content) : item.kind === 'picture' ? item.target : null;
    if (found !== null) return found;
  }
  return null;
}

const quarterOf = (x: number, y: number): number => (x < SIZE / 2 ? 0 : 1) + (y < SIZE / 2 ? 0 : 2);
const urlOf = (bytes: Uint8Array): string => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;

/** What is printed of four quarters: the values of their pixels in the file. */
const printed = (kind: PngKind, values: readonly (readonly number[])[]) =>
  quarters(urlOf(pngOf(kind, SIZE, SIZE, (x, y) => values[quarterOf(x, y)] ?? [])));

const scaled = (depth: number, colors: readonly (readonly number[])[]) =>
  colors.map((color) => color.map((value) => Math.round((value / 255) * (2 ** depth - 1))));

describe.each([[false], [true]])('PNG images, interlaced: %s', (interlaced) => {
  test.each([[8], [16]] as const)('colours of %i bits', async (depth) => {
    const colors = [RED, GREEN, BLUE, WHITE];
    expect(await printed({ color: 2, depth, interlaced }, scaled(depth, colors))).toEqual(colors);
  });

  test.each([[8], [16]] as const)('colours with alpha, %i bits', async (depth) => {
    const pixels = [
      [...RED, 255],
      [...GREEN, 255],
      [...BLUE, 255],
      [0, 0, 0, 0],
    ];
    expect(await printed({ color: 6, depth, interlaced }, scaled(depth, pixels))).toEqual([RED, GREEN, BLUE, WHITE]);
  });

  test.each([[8], [16]] as const)('one colour of %i bits stands for transparent', async (depth) => {
    const high = depth === 16 ? [0xff, 0xff] : [0, 0xff];
    const pixels = scaled(depth, [RED, GREEN, BLUE, [0, 0, 0]]);
    const transparency = [0, 0, 0, 0, ...high];
    expect(await printed({ color: 2, depth, interlaced, transparency }, pixels)).toEqual([
      RED,
      GREEN,
      WHITE,
      [0, 0, 0],
    ]);
  });

  test.each([[1], [2], [4], [8], [16]] as const)('grey of %i bits', async (depth) => {
    const pixels = scaled(depth, [[0], [255], [255], [0]]);
    const black = [0, 0, 0];
    expect(await printed({ color: 0, depth, interlaced }, pixels)).toEqual([black, WHITE, WHITE, black]);
  });

  test.each([[8], [16]] as const)('grey with alpha, %i bits', async (depth) => {
    const pixels = scaled(depth, [
      [0, 255],
      [0, 0],
      [255, 255],
      [102, 255],
    ]);
    const grey = [0x66, 0x66, 0x66];
    expect(await printed({ color: 4, depth, interlaced }, pixels)).toEqual([[0, 0, 0], WHITE, WHITE, grey]);
  });

  test.each([[2], [4], [8]] as const)('a palette of %i bits, plain and with a transparent entry', async (depth) => {
    const palette = [RED, GREEN, BLUE, [0, 0, 0]] as const;
    const pixels = [[0], [1], [2], [3]];
    expect(await printed({ color: 3, depth, interlaced, palette }, pixels)).toEqual([RED, GREEN, BLUE, [0, 0, 0]]);
    const transparency = [255, 255, 255, 0];
    expect(await printed({ color: 3, depth, interlaced, palette, transparency }, pixels)).toEqual([
      RED,
      GREEN,
      BLUE,
      WHITE,
    ]);
  });
});

test('a large picture with transparency is whole', async () => {
  const side = 3_000;
  const row = Buffer.alloc(1 + side * 4);
  for (let x = 0; x < side; x += 1) row.set(x < side / 2 ? [...RED, 255] : [0, 0, 0, 0], 1 + x * 4);
  const image = urlOf(png(side, side, { alpha: true, rows: Buffer.concat(Array.from({ length: side }, () => row)) }));
  expect(await quarters(image)).toEqual([RED, WHITE, RED, WHITE]);
});

test('a JPEG in print colours shows cyan and yellow', async () => {
  const [left = [], right = []] = await quarters(CMYK_JPEG_URL);
  const [red = 0, green = 0, blue = 0] = left;
  expect(red < 100 && green > 130 && blue > 180).toBe(true);
  expect((right[0] ?? 0) > 200 && (right[2] ?? 255) < 120).toBe(true);
});

describe('A photograph', () => {
  const names = [
    ['red', RED],
    ['green', GREEN],
    ['blue', BLUE],
    ['white', WHITE],
  ] as const;
  const nameOf = (pixel: readonly number[]): string => {
    const far = (color: readonly number[]): number => Math.hypot(...color.map((value, at) => value - (pixel[at] ?? 0)));
    return [...names].sort((a, b) => far(a[1]) - far(b[1]))[0]?.[0] ?? '';
  };

  test.each([
    [1, 'red green blue white'],
    [2, 'green red white blue'],
    [3, 'white blue green red'],
    [4, 'blue white red green'],
    [5, 'red blue green white'],
    [6, 'blue red white green'],
    [7, 'white green blue red'],
    [8, 'green white red blue'],
  ])('of orientation %i stands as it was seen', async (orientation, seen) => {
    for (const order of ['II', 'MM'] as const) {
      const image = `data:image/jpeg;base64,${turnedJpeg(orientation, order).toString('base64')}`;
      expect((await quarters(image)).map(nameOf).join(' ')).toBe(seen);
    }
  });
});
