import type { Content } from '../charts/content.ts';
import type { Placement, ReportDefinition } from '../definition/definition.ts';
import { GRID_COLUMNS } from '../definition/placements.ts';
import { type Anchors, collectAnchors } from './anchors.ts';
import { headingLevels, textHeadings } from './markdown-headings.ts';

/** A heading of the report, where it stands and how deep. */
export interface OutlineEntry {
  readonly title: string;
  /** 1 for the highest headings below the title. */
  readonly depth: number;
  readonly anchor: string;
  readonly section: string;
  /** Number of the heading in its section's text; null = the section's own heading. */
  readonly heading: number | null;
}

/** The headings of a report, known before anything is laid out. */
export interface ReportOutline {
  readonly anchors: Anchors;
  /** In the order of reading. */
  readonly entries: readonly OutlineEntry[];
  /** Level of a section's heading, 1 to 6. */
  levelOf(section: string): number;
}

/** Names of the sections of the structure: a page's heading, and the card of a position in the definition. */
export const pageSection = (page: number): string => `p${String(page).padStart(4, '0')}`;
export const cardSection = (page: number, index: number): string => `w${String(page * 1000 + index).padStart(6, '0')}`;

/** A card's section for people: the number of its page in the definition and its own there, from 1. */
export function cardNumber(section: string): string {
  const number = Number(section.slice(1));
  return `${Math.floor(number / 1000) + 1}.${(number % 1000) + 1}`;
}

interface Section {
  readonly name: string;
  readonly heading: string | null;
  readonly level: number;
  readonly anchor: string | null;
  readonly content: Content | null;
}

/**
 * Levels: the title 1, below it the headings of pages, below those of cards. A text over the whole width that has a
 * heading opens a chapter: the cards after it, down to the next one, are a level below it.
 */
export function outlineOf(
  definition: ReportDefinition,
  contentOf: (placement: Placement) => Content,
  titled: boolean,
): ReportOutline {
  const base = titled ? 2 : 1;
  const sections = definition.pages.flatMap((placements, page): Section[] => {
    const heading = definition.pageTitles[page] ?? null;
    const own = heading === null ? base : base + 1;
    const cards = cardSections(placements, page, own, contentOf);
    if (heading === null) return cards;
    return [{ name: pageSection(page), heading, level: base, anchor: null, content: null }, ...cards];
  });
  const levels = new Map(sections.map(({ name, level }) => [name, level]));
  const anchors = collectAnchors(sections.map((section) => ({ ...section, section: section.name })));
  return {
    anchors,
    entries: sections.flatMap((section) => entriesOf(section, base, anchors)),
    levelOf: (section) => levels.get(section) ?? base,
  };
}

function cardSections(
  placements: readonly Placement[],
  page: number,
  own: number,
  contentOf: (placement: Placement) => Content,
): Section[] {
  const order = placements.map((placement, index) => ({ placement, index }));
  order.sort((a, b) => a.placement.y - b.placement.y || a.placement.x - b.placement.x || a.index - b.index);
  let hasChapter = false;
  return order.map(({ placement, index }) => {
    const { widget } = placement;
    const content = contentOf(placement);
    const opens =
      placement.w >= GRID_COLUMNS && content.kind === 'text' && hasHeading(widget.heading, content.markdown);
    const level = Math.min(6, hasChapter && !opens ? own + 1 : own);
    hasChapter ||= opens;
    const { anchor } = widget.settings;
    const name = typeof anchor === 'string' && anchor.trim() !== '' ? anchor.trim() : null;
    return { name: cardSection(page, index), heading: widget.heading, level, anchor: name, content };
  });
}

const hasHeading = (heading: string | null, markdown: string): boolean =>
  heading !== null || textHeadings(markdown).length > 0;

function entriesOf({ name, heading, level, content }: Section, base: number, anchors: Anchors): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  const own = anchors.ofHeading(name);
  const depth = level - base + 1;
  if (heading !== null && own !== null)
    entries.push({ title: heading, depth, anchor: own, section: name, heading: null });
  if (content?.kind !== 'text') return entries;
  const levelOf = headingLevels(heading === null ? level - 1 : level);
  for (const [index, { title, level: written }] of textHeadings(content.markdown).entries()) {
    const last = levelOf(written);
    const anchor = anchors.ofTextHeading(name, index);
    if (anchor === null || title.trim() === '') continue;
    entries.push({ title: title.trim(), depth: last - base + 1, anchor, section: name, heading: index });
  }
  return entries;
}
