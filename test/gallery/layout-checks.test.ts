import { describe, expect, test } from 'vitest';
import { themeOf } from '../../src/charts/theme.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import type { Box, Mark, PagePart, Piece, Scene, ScenePage, Tag } from '../../src/scene/scene.ts';
import { createRuler, lookOf, singleLine, type TextLook } from '../../src/scene/text.ts';
import { sceneOf } from '../print/printing.ts';
import { gallery } from './gallery.ts';
import { layoutCheckNames, layoutViolations } from './layout-checks.ts';

describe('Every page of the gallery', () => {
  test.each(gallery.map((page) => [page.name, page] as const))(
    '%s is laid out as a typesetter would',
    async (_, page) => {
      const found = layoutViolations(await sceneOf(page.report()));
      expect(found.filter(({ check }) => page.breaks?.includes(check) !== true)).toEqual([]);
      for (const check of page.breaks ?? []) expect(found.map((one) => one.check)).toContain(check);
    },
  );
});

const theme = themeOf(null);
const fonts = createFontRegistry();
const ruler = createRuler(fonts);
const body = lookOf(fonts, theme.text.body, null);
const AREA: Box = { x: 40, y: 50, width: 516, height: 700 };
/** Width of six columns. */
const HALF = (AREA.width - theme.space.gutter) / 2;

const words = (text: string, x: number, y: number, look: Partial<TextLook> = {}): Mark => {
  return { kind: 'text', x, y, line: singleLine({ ...body, ...look, text }, ruler) };
};
const piece = (tag: Tag, content: (Mark | Piece)[], id?: string): Piece => ({
  tag,
  content,
  ...(id !== undefined && { id }),
});

interface Sketch {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly pieces?: readonly Piece[];
  /** Distance of the heading's baseline from the card's top. */
  readonly head?: number;
}

let sections = 0;

/** A card with a heading and a line, in the left half at the top unless it is said otherwise. */
function card({ x = AREA.x, y = AREA.y, width = HALF, height = 100, pieces, head = 20 }: Sketch = {}): PagePart {
  sections += 1;
  const own = pieces ?? [
    piece('H2', [words('Heading', x + 12, y + head)]),
    piece('P', [words('A line of text', x + 12, y + 40)], `${sections}.p`),
  ];
  return { section: `w${sections}`, box: { x, y, width, height }, pieces: own };
}

const sheet = (parts: readonly PagePart[], header: readonly Mark[] = []): ScenePage => {
  return { area: AREA, parts, artifacts: [{ type: 'Pagination', marks: header }] };
};

function sceneWith(pages: readonly ScenePage[]): Scene {
  const unused = (): never => {
    throw new Error('the checks look at pages only');
  };
  const paper = { width: 595, height: 842 };
  return { title: 'Sketch', language: 'en', paper, theme, pages, pictures: [], fonts, treatments: [], web: unused };
}

const right = AREA.x + HALF + theme.space.gutter;
const line = (text: string, y: number, id: string): Piece => piece('P', [words(text, AREA.x, y)], id);
const entry = (text: string, link: string, x: number, y: number): Piece =>
  piece('TOC', [piece('TOCI', [piece('Link', [words(text, x, y, { link })])])]);

/** One sketch of each fault. */
const PLANTED: Readonly<Record<string, () => readonly ScenePage[]>> = {
  'nothing outside the margins': () => [
    sheet([{ section: 'a', pieces: [line('Too far left', 60, 'a'), piece('P', [words('x', 20, 80)])] }]),
  ],
  'header and footer are clear of the content': () => [
    sheet([card()], [words('A header that hangs', AREA.x, AREA.y + 4)]),
  ],
  'no text overlaps another': () => [
    sheet([{ section: 'a', pieces: [line('One line', 100, 'a'), line('and another', 103, 'b')] }]),
  ],
  'no text runs into a chart': () => [
    sheet([
      {
        section: 'a',
        pieces: [
          piece('Figure', [{ kind: 'drawing', x: 60, y: 90, width: 200, height: 100, drawing: null as never }]),
          piece('P', [words('Over the chart', 70, 120)]),
        ],
      },
    ]),
  ],
  'text stays inside its card': () => [
    sheet([card({ width: HALF, pieces: [piece('P', [words('wide '.repeat(20), AREA.x + 12, 80)])] })]),
  ],
  'cards do not overlap': () => [sheet([card(), card({ y: AREA.y + 70, pieces: [line('Text', AREA.y + 130, 'x')] })])],
  'gutters are equal': () => [sheet([card(), card({ y: AREA.y + 105 })])],
  'left edges stand on the grid': () => [sheet([card({ x: AREA.x + 7 })])],
  'cards of a row end together': () => [sheet([card(), card({ x: right, height: 104 })])],
  'headings of a row share their baseline': () => [sheet([card(), card({ x: right, head: 23 })])],
  'no heading is left alone at the foot of a page': () => [
    sheet([card(), { section: 'h', pieces: [piece('H2', [words('Left alone', AREA.x, 700)])] }]),
    sheet([card()]),
  ],
  'no paragraph leaves one line on a page': () => [
    sheet([{ section: 'a', pieces: [line('One', 700, 'p'), line('two', 714, 'p')] }]),
    sheet([{ section: 'a', pieces: [line('three', 64, 'p')] }]),
  ],
  'no table header without a row': () => {
    const table = (tag: Tag, text: string): PagePart => {
      return {
        section: 't',
        pieces: [piece('Table', [piece('TR', [piece(tag, [words(text, AREA.x, 100)])])], 'table')],
      };
    };
    return [sheet([table('TH', 'Name')]), sheet([table('TD', 'Ann')])];
  },
  'type is large enough to read': () => [
    sheet([{ section: 'a', pieces: [piece('P', [words('tiny', 60, 90, { size: 4 })])] }]),
  ],
  'contrast is enough to read': () => [
    sheet([{ section: 'a', pieces: [piece('P', [words('faint', 60, 90, { color: '#b0b0b0' })])] }]),
  ],
  'no page is empty': () => [sheet([card()]), sheet([], [words('Header', AREA.x, 30)])],
  'every link has its place': () => [
    sheet([{ section: 'a', pieces: [piece('Link', [words('there', 60, 90, { link: '#nowhere' })])] }]),
  ],
  'the contents tell the right pages': () => [
    sheet([{ section: 'c', pieces: [entry('Sales', '#sales', 40, 90), entry('7', '#sales', 500, 90)] }]),
    sheet([{ ...card(), destination: { anchor: 'sales', bookmark: null, y: AREA.y } }]),
  ],
};

describe('The layout checks', () => {
  test('find nothing on a sound page', () => {
    const pages = [
      sheet([card(), card({ x: right }), card({ y: AREA.y + 112, width: AREA.width })], [words('Header', AREA.x, 30)]),
    ];
    expect(layoutViolations(sceneWith(pages))).toEqual([]);
  });

  test('are each tried with a planted fault', () => {
    expect(Object.keys(PLANTED)).toEqual(layoutCheckNames);
  });

  test.each(Object.entries(PLANTED))('name a planted fault: %s', (check, pages) => {
    const found = layoutViolations(sceneWith(pages()));
    expect(found.map((violation) => violation.check)).toContain(check);
    expect(new Set(found.map((violation) => violation.check))).toEqual(new Set([check]));
  });
});
