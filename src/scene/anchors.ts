import type { Content, TableContent } from '../charts/content.ts';
import { textHeadings } from './markdown-headings.ts';

/** The names of places in one document, known before anything is laid out: links may lead forward. */
export interface Anchors {
  /** Name of a section's heading; null where it has none. */
  ofHeading(section: string): string | null;
  /** Name of heading number `index` in a section's text, counted from 0. */
  ofTextHeading(section: string, index: number): string | null;
  /**
   * A link as it may be drawn: `#name` of a place that exists, or an http, https or mailto address. Null for any other:
   * its text is printed without a link. A name that no place has is remembered.
   */
  link(target: string): string | null;
  /** Names that links asked for in vain. */
  missing(): readonly string[];
}

/** What may hold places: a card in the order of reading. */
export interface AnchoredCard {
  readonly section: string;
  readonly heading: string | null;
  /** Name that the author gave; null = made from the heading. */
  readonly anchor: string | null;
  readonly content: Content | null;
}

const LONGEST_NAME = 200;
const MOST_MISSING = 20;

/** Names are made from headings as GitHub makes them; the second of one name gets `-2` at its end. */
export function collectAnchors(cards: readonly AnchoredCard[]): Anchors {
  const names = new Set<string>();
  /** How far each name has been counted: thousands of equal headings are named in one go. */
  const counts = new Map<string, number>();
  const headings = new Map<string, string>();
  const texts = new Map<string, readonly string[]>();
  const missing = new Set<string>();
  const claim = (wish: string): string => {
    let [name, count] = [wish, counts.get(wish) ?? 1];
    while (names.has(name)) {
      count += 1;
      name = `${wish}-${count}`;
    }
    counts.set(wish, count);
    names.add(name);
    return name;
  };
  for (const { anchor } of cards) if (anchor !== null) names.add(anchor);
  for (const { section, heading, anchor, content } of cards) {
    if (anchor !== null) headings.set(section, anchor);
    else if (heading !== null) headings.set(section, claim(slugOf(heading)));
    if (content?.kind === 'text') {
      texts.set(
        section,
        textHeadings(content.markdown).map(({ title }) => claim(slugOf(title))),
      );
    }
    if (content?.kind === 'table') addRowNames(content, names);
  }
  return {
    ofHeading: (section) => headings.get(section) ?? null,
    ofTextHeading: (section, index) => texts.get(section)?.[index] ?? null,
    link: (target) => {
      if (!target.startsWith('#')) return safeLink(target);
      const name = nameIn(target);
      const known = [name, slugOf(name)].find((wish) => names.has(wish));
      if (known === undefined && missing.size < MOST_MISSING) missing.add(name);
      return known === undefined ? null : `#${known}`;
    },
    missing: () => [...missing],
  };
}

function addRowNames({ rows, anchorOf }: TableContent, names: Set<string>): void {
  if (anchorOf === undefined) return;
  for (const row of rows) {
    const name = anchorOf(row);
    if (name !== null) names.add(name);
  }
}

/** The name that a heading's text gives: lower case, blanks as hyphens, no signs but hyphen and underscore. */
function slugOf(text: string): string {
  const slug = text
    .normalize('NFC')
    .toLowerCase()
    .trim()
    .replaceAll(/\s+/g, '-')
    .replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, '')
    .slice(0, LONGEST_NAME);
  return slug === '' ? 'section' : slug;
}

function nameIn(target: string): string {
  const name = target.slice(1, LONGEST_NAME * 9);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The target of a link that may be followed from a document; null for every scheme but http, https and mailto. */
export function safeLink(href: string): string | null {
  try {
    const url = new URL(href.trim());
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) && url.href.length <= 2000 ? url.href : null;
  } catch {
    return null;
  }
}
