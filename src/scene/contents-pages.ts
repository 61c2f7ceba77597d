import { headingTag } from './card-head.ts';
import { lineContent } from './flow.ts';
import type { OutlineEntry } from './report-outline.ts';
import type { Box, Mark, PagePart, Piece } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { baselineOf, breakLinesCut, type Line, lookOf, type TextLook } from './text.ts';

/** A table of contents, measured: how its entries fall on pages is known before their page numbers are. */
export interface ContentsPages {
  /** Number of its pages, one at least. */
  readonly count: number;
  /** The part on page `index` of its own, in the area below whatever stands above it there. */
  part(index: number, area: Box, pageOf: (entry: OutlineEntry) => number | null): PagePart;
}

interface LaidEntry {
  readonly entry: OutlineEntry;
  readonly lines: readonly Line[];
  readonly look: TextLook;
  readonly lineHeight: number;
  readonly gap: number;
  readonly indent: number;
  readonly height: number;
}

const SECTION = 'contents';
const INDENT = 14;
const MAX_LINES = 3;
/** Between text, dots and number; and the dots: diameter and distance. */
const LEADER_GAP = 6;
const DOT = { size: 0.8, pitch: 4 } as const;
/** Room that titles leave to the dots and the number. */
const NUMBER_ROOM = 44;

/**
 * @param heights room for the contents on each of their pages, counted from 0.
 */
export function contentsPages(
  entries: readonly OutlineEntry[],
  level: number,
  width: number,
  heights: (page: number) => number,
  style: SheetStyle,
): ContentsPages {
  const { section } = style.theme.text;
  const heading = lookOf(style.ruler.fonts, section, style.family);
  const headHeight = section.lineHeight + style.theme.space.unit * 2;
  const laid = entries.map((entry) => layOutEntry(entry, width, style));
  const pages = pagesOf(laid, (page) => heights(page) - (page === 0 ? headHeight : 0));
  const title = breakLinesCut([{ ...heading, text: style.strings.words.contents }], width, style.ruler, 1).lines;
  return {
    count: pages.length,
    part: (index, area, pageOf) => {
      const pieces: Piece[] = [];
      let y = area.y;
      if (index === 0) {
        const baseline = y + baselineOf(heading, section.lineHeight);
        pieces.push({ tag: headingTag(level), content: title.flatMap((line) => lineContent(line, area.x, baseline)) });
        y += headHeight;
      }
      const items: Piece[] = [];
      for (const [position, one] of (pages[index] ?? []).entries()) {
        if (position > 0 || index === 0) y += one.gap;
        items.push(entryPiece(one, { ...area, y }, pageOf(one.entry), style));
        y += one.height;
      }
      if (items.length > 0) pieces.push({ tag: 'TOC', id: `${SECTION}.list`, content: items });
      return { section: SECTION, pieces };
    },
  };
}

function layOutEntry(entry: OutlineEntry, width: number, { theme, ruler, family }: SheetStyle): LaidEntry {
  const { text, space } = theme;
  const of = entry.depth === 1 ? text.strong : entry.depth === 2 ? text.body : text.small;
  const look: TextLook = { ...lookOf(ruler.fonts, of, family), link: `#${entry.anchor}`, quiet: true };
  const indent = (entry.depth - 1) * INDENT;
  const { lines } = breakLinesCut([{ ...look, text: entry.title }], width - indent - NUMBER_ROOM, ruler, MAX_LINES);
  const gap = entry.depth === 1 ? space.unit * 1.5 : space.unit / 2;
  return { entry, lines, look, lineHeight: of.lineHeight, gap, indent, height: lines.length * of.lineHeight };
}

/** Entries by page; one of a higher level is never the last of its page. */
function pagesOf(laid: readonly LaidEntry[], room: (page: number) => number): LaidEntry[][] {
  const pages: LaidEntry[][] = [[]];
  let used = 0;
  for (const [index, one] of laid.entries()) {
    const next = laid[index + 1];
    const opens = next !== undefined && next.entry.depth > one.entry.depth;
    const needs = one.gap + one.height + (opens ? next.gap + next.height : 0);
    if (used > 0 && used + needs > room(pages.length - 1)) {
      pages.push([]);
      used = 0;
    }
    pages.at(-1)?.push(one);
    used += one.gap + one.height;
  }
  return pages;
}

function entryPiece(one: LaidEntry, area: Box, page: number | null, style: SheetStyle): Piece {
  const { look, lines, lineHeight } = one;
  const left = area.x + one.indent;
  const first = area.y + baselineOf(look, lineHeight);
  const last = lines.at(-1);
  const baseline = first + (lines.length - 1) * lineHeight;
  const content: (Mark | Piece)[] = lines.flatMap((line, index) => lineContent(line, left, first + index * lineHeight));
  const entry = (items: (Mark | Piece)[]): Piece => ({ tag: 'TOCI', content: [{ tag: 'Reference', content: items }] });
  if (page === null || last === undefined) return entry(content);
  const text = style.strings.number(page);
  const [number] = breakLinesCut([{ ...look, text }], NUMBER_ROOM, style.ruler, 1).lines;
  if (number === undefined) return entry(content);
  const right = area.x + area.width;
  const dots = { from: left + last.width + LEADER_GAP, to: right - number.width - LEADER_GAP };
  return entry([
    ...content,
    { tag: 'Artifact', content: leader(dots.from, dots.to, baseline, right, style) },
    ...lineContent(number, right - number.width, baseline),
  ]);
}

/** Dots at places counted from the right edge, so that they stand below each other on all lines. */
function leader(from: number, to: number, y: number, right: number, { theme }: SheetStyle): Mark[] {
  const end = right - Math.ceil((right - to) / DOT.pitch) * DOT.pitch;
  if (end - from < DOT.pitch * 2) return [];
  const start = end - Math.floor((end - from) / DOT.pitch) * DOT.pitch;
  const dash = [0, DOT.pitch] as const;
  return [
    { kind: 'rule', x1: start, y1: y - 0.8, x2: end + 0.1, y2: y - 0.8, color: theme.ink.faint, width: DOT.size, dash },
  ];
}
