import type { Box, Scene } from '../../src/scene/scene.ts';
import { contrast } from './contrast.ts';
import { type SeenPage, type SeenText, seePages } from './seen-marks.ts';
import { brokenParagraphs, headersAlone, strandedHeadings, wrongContents } from './text-checks.ts';

/** Something on a page that a typesetter would not let pass. */
export interface Violation {
  readonly page: number;
  readonly check: string;
  readonly what: string;
}

/** What a check found: on which page, and what. */
export type Found = readonly { readonly page: number; readonly what: string }[];

/** Lengths that the eye does not tell apart, in points. */
const EPSILON = 0.5;
const SMALLEST_SIZE = 5.5;
/** Edges of neighbours that differ by less than this should not differ at all. */
const RAGGED = 20;

const inside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - EPSILON &&
  inner.y >= outer.y - EPSILON &&
  inner.x + inner.width <= outer.x + outer.width + EPSILON &&
  inner.y + inner.height <= outer.y + outer.height + EPSILON;

const meet = (a: Box, b: Box): boolean =>
  a.x + a.width > b.x + EPSILON &&
  b.x + b.width > a.x + EPSILON &&
  a.y + a.height > b.y + EPSILON &&
  b.y + b.height > a.y + EPSILON;

const besides = (a: Box, b: Box): boolean => a.y + a.height > b.y + EPSILON && b.y + b.height > a.y + EPSILON;
const stacked = (a: Box, b: Box): boolean => a.x + a.width > b.x + EPSILON && b.x + b.width > a.x + EPSILON;
const quoted = ({ text }: SeenText): string => `"${text.trim().slice(0, 40)}"`;

const pairs = <T>(items: readonly T[]): (readonly [T, T])[] =>
  items.flatMap((one, index) => items.slice(index + 1).map((other) => [one, other] as const));

/** Each check by its name: it looks at all pages and tells what is wrong where. */
const CHECKS: Readonly<Record<string, (pages: readonly SeenPage[], scene: Scene) => Found>> = {
  'nothing outside the margins': (pages) =>
    pages.flatMap(({ page, area, texts, figures, shapes }) => [
      ...texts
        .filter(({ part, box }) => part !== null && !inside(box, area))
        .map((text) => ({ page, what: quoted(text) })),
      ...[...figures, ...shapes]
        .filter(({ isPagination, part, box }) => !isPagination && part !== null && !inside(box, area))
        .map(({ box }) => ({ page, what: `a drawing at ${at(box)}` })),
    ]),
  'header and footer are clear of the content': (pages) =>
    pages.flatMap(({ page, area, texts, figures }) => {
      const own = texts.filter(({ isPagination }) => isPagination);
      const pictures = figures.filter(({ isPagination }) => isPagination);
      return [
        ...own.filter(({ box }) => meet(box, area)).map((text) => ({ page, what: quoted(text) })),
        ...own
          .filter(({ box }) => pictures.some((picture) => meet(box, picture.box)))
          .map((text) => ({ page, what: `${quoted(text)} on a picture` })),
        ...pictures.filter(({ box }) => meet(box, area)).map(({ box }) => ({ page, what: `a picture at ${at(box)}` })),
      ];
    }),
  'no text overlaps another': (pages) =>
    pages.flatMap(({ page, texts }) =>
      overlaps(texts).map(([a, b]) => ({ page, what: `${quoted(a)} and ${quoted(b)}` })),
    ),
  'no text runs into a chart': (pages) =>
    pages.flatMap(({ page, texts, figures }) =>
      texts
        .filter(
          ({ part, box }) => part !== null && figures.some((figure) => figure.part !== null && meet(box, figure.box)),
        )
        .map((text) => ({ page, what: quoted(text) })),
    ),
  'text stays inside its card': (pages) =>
    pages.flatMap(({ page, texts, cards }) =>
      texts
        .filter(({ part, box }) => cards.some((card) => card.part === part && !inside(box, card.box)))
        .map((text) => ({ page, what: quoted(text) })),
    ),
  'cards do not overlap': (pages) =>
    pages.flatMap(({ page, cards }) =>
      pairs(cards)
        .filter(([a, b]) => meet(a.box, b.box))
        .map(([a, b]) => ({ page, what: `cards at ${at(a.box)} and ${at(b.box)}` })),
    ),
  'gutters are equal': (pages, { theme }) => pages.flatMap((page) => unevenGutters(page, theme.space.gutter)),
  'left edges stand on the grid': (pages, { theme }) =>
    pages.flatMap(({ page, area, cards }) => {
      const half = (area.width + theme.space.gutter) / 24;
      return cards
        .filter(({ box }) => offBy(box.x - area.x, half) > EPSILON)
        .map(({ box }) => ({ page, what: `a card at ${at(box)}` }));
    }),
  'cards of a row end together': (pages) =>
    pages.flatMap(({ page, cards }) =>
      pairs(cards)
        .filter(([a, b]) => {
          const ends = Math.abs(a.box.y + a.box.height - b.box.y - b.box.height);
          return Math.abs(a.box.y - b.box.y) < EPSILON && ends > EPSILON && ends < RAGGED;
        })
        .map(([a, b]) => ({ page, what: `cards at ${at(a.box)} and ${at(b.box)}` })),
    ),
  'headings of a row share their baseline': (pages) => pages.flatMap(unevenHeadings),
  'no heading is left alone at the foot of a page': strandedHeadings,
  'no paragraph leaves one line on a page': brokenParagraphs,
  'no table header without a row': headersAlone,
  'type is large enough to read': (pages) =>
    pages.flatMap(({ page, texts }) =>
      texts
        .filter(({ size }) => size < SMALLEST_SIZE)
        .map((text) => ({ page, what: `${quoted(text)} in ${text.size} pt` })),
    ),
  'contrast is enough to read': (pages) =>
    pages.flatMap(({ page, texts }) =>
      texts
        .filter(({ color, ground, size }) => contrast(color, ground) < (size >= 18 ? 3 : 4.5))
        .map((text) => ({ page, what: `${quoted(text)}: ${text.color} on ${text.ground}` })),
    ),
  'no page is empty': (pages) =>
    pages
      .filter(({ texts, figures }) => ![...texts, ...figures].some(({ part }) => part !== null))
      .map(({ page }) => ({ page, what: 'nothing but header and footer' })),
  'every link has its place': (pages) => {
    const anchors = new Set(pages.flatMap((page) => page.anchors));
    return pages.flatMap(({ page, texts }) =>
      texts
        .filter(({ link }) => link?.startsWith('#') === true && !anchors.has(link.slice(1)))
        .map((text) => ({ page, what: quoted(text) })),
    );
  },
  'the contents tell the right pages': wrongContents,
};

export const layoutCheckNames: readonly string[] = Object.keys(CHECKS);

/** Everything wrong on the pages of a scene; the scene is used up by looking at it. */
export function layoutViolations(scene: Scene): Violation[] {
  const pages = seePages(scene);
  return Object.entries(CHECKS).flatMap(([check, find]) => find(pages, scene).map((found) => ({ check, ...found })));
}

const at = ({ x, y }: Box): string => `${Math.round(x)}, ${Math.round(y)}`;

/** Distance from the nearest multiple. */
const offBy = (value: number, step: number): number => Math.abs(value - Math.round(value / step) * step);

/** Pairs of texts that share paper; texts from top to bottom, so that only neighbours are compared. */
function overlaps(texts: readonly SeenText[]): (readonly [SeenText, SeenText])[] {
  const order = [...texts].sort((a, b) => a.box.y - b.box.y);
  return order.flatMap((one, index) => {
    const found: (readonly [SeenText, SeenText])[] = [];
    for (let next = index + 1; next < order.length; next += 1) {
      const other = order[next];
      if (other === undefined || other.box.y >= one.box.y + one.box.height) break;
      if (meet(one.box, other.box)) found.push([one, other]);
    }
    return found;
  });
}

/** Beside each other: the gutter, or a gutter more for each empty column; below each other: the gutter at least. */
function unevenGutters({ page, area, cards }: SeenPage, gutter: number): Found {
  const half = (area.width + gutter) / 24;
  return pairs(cards).flatMap(([a, b]) => {
    if (meet(a.box, b.box)) return [];
    if (besides(a.box, b.box)) {
      const [left, right] = a.box.x < b.box.x ? [a.box, b.box] : [b.box, a.box];
      const gap = right.x - left.x - left.width;
      return gap < gutter - EPSILON || offBy(gap - gutter, half) > EPSILON
        ? [{ page, what: `${gap.toFixed(1)} pt beside the card at ${at(left)}` }]
        : [];
    }
    if (!stacked(a.box, b.box)) return [];
    const [upper, lower] = a.box.y < b.box.y ? [a.box, b.box] : [b.box, a.box];
    const gap = lower.y - upper.y - upper.height;
    return gap < gutter - EPSILON ? [{ page, what: `${gap.toFixed(1)} pt below the card at ${at(upper)}` }] : [];
  });
}

function unevenHeadings({ page, texts, cards }: SeenPage): Found {
  const heads = cards.flatMap(({ part, box }) => {
    const head = texts.find((text) => text.part === part && /^H\d$/.test(text.path[0]?.tag ?? ''));
    return head === undefined ? [] : [{ box, head }];
  });
  return pairs(heads)
    .filter(([a, b]) => Math.abs(a.box.y - b.box.y) < EPSILON)
    .filter(([a, b]) => Math.abs(a.head.baseline - b.head.baseline) > 0.1)
    .map(([a, b]) => ({ page, what: `${quoted(a.head)} and ${quoted(b.head)}` }));
}
