import type { Theme } from '../charts/theme.ts';
import type { Align, ImageFit, PageBand, Picture, Placement } from '../definition/definition.ts';
import type { FontRegistry } from './fonts.ts';
import { cardSection, pageSection } from './report-outline.ts';
import { languageOf } from './strings.ts';
import { type WebBody, type WebSource, webBody } from './web-body.ts';
import { type WebPlace, webPlaces } from './web-placement.ts';
import { type WebBlock, webText } from './web-text.ts';
import { type WebWords, webWords } from './web-words.ts';

/**
 * A report as a document without pages: the same sections in the same order of reading, with the same names of places,
 * texts and charts as on paper, but not broken into lines. HTML is written from it. Every string is text, never markup;
 * every link has passed `Anchors.link`.
 */
export interface WebReport {
  readonly title: string;
  /** What stands above all: title or cover; null where the report wants neither. */
  readonly opening: WebOpening | null;
  /** BCP 47. */
  readonly language: string;
  readonly header: WebBand | null;
  readonly footer: WebBand | null;
  readonly paper: { readonly width: number; readonly height: number };
  readonly theme: Theme;
  /** Family or PostScript name that the report asks for; null = the theme's. */
  readonly font: string | null;
  readonly words: WebWords & { readonly contents: string };
  /** What charts were measured with. */
  readonly fonts: FontRegistry;
  /** Headings in the order of reading, for a table of contents; empty where there is none. */
  readonly contents: readonly WebEntry[];
  /** In the order of the definition's pages. */
  readonly sheets: readonly WebSheet[];
  /** Said where there is nothing else. */
  readonly emptyHint: string | null;
}

export interface WebOpening {
  readonly title: string;
  readonly subtitle: string | null;
  /** Period and instant, where they are to be said. */
  readonly facts: readonly string[];
  readonly text: readonly WebBlock[];
  readonly picture: Picture | null;
}

export interface WebBand {
  readonly text: string;
  readonly color: string | null;
  readonly textAlign: Align;
  readonly picture: Picture | null;
  readonly imageAlign: Align;
  readonly fit: ImageFit;
  /** Day and time, where the footer shows it. */
  readonly date: string | null;
}

export interface WebEntry {
  readonly title: string;
  readonly anchor: string;
  /** 1 for the highest. */
  readonly depth: number;
}

/** One page of the definition; its cards stand on a grid of `columns` equal columns. */
export interface WebSheet {
  readonly title: { readonly text: string; readonly anchor: string | null; readonly level: number } | null;
  readonly columns: number;
  /** In the order of reading: by rows, from the left. */
  readonly sections: readonly WebSection[];
}

export interface WebSection {
  /** Unique in the document. */
  readonly id: string;
  readonly place: WebPlace;
  /** In grid rows as defined; null = as the content needs. */
  readonly rows: number | null;
  /** Share of the sheet's width, 0 to 1. */
  readonly share: number;
  readonly heading: string | null;
  /** Name of the heading, for links. */
  readonly anchor: string | null;
  readonly level: number;
  readonly description: string | null;
  readonly body: WebBody;
}

interface Shared extends WebSource {
  readonly paper: WebReport['paper'];
}

/** Describe a report for outputs without pages. Charts are laid out only when they are asked to be drawn. */
export function webReport(shared: Shared): WebReport {
  const { definition, style, at } = shared.input;
  const { strings, theme, family, locale } = style;
  const date = strings.instant(at);
  return {
    title: definition.name,
    opening: openingOf(shared),
    language: languageOf(locale),
    header: bandOf(definition.header, null),
    footer: bandOf(definition.footer, definition.footer.showDate ? date : null),
    paper: shared.paper,
    theme,
    font: family,
    words: { ...webWords(locale), contents: strings.words.contents },
    fonts: style.ruler.fonts,
    emptyHint: definition.pages.length === 0 ? strings.words.noWidgets : null,
    contents: contentsOf(shared),
    sheets: definition.pages.map((placements, page) => sheetOf(placements, page, shared)),
  };
}

/** From this many headings on a document has a table of contents without being asked. */
const CONTENTS_FROM = 20;

function contentsOf({ input, outline }: Shared): readonly WebEntry[] {
  const { show, depth } = input.definition.contents;
  const entries = outline.entries.filter((entry) => entry.depth <= depth);
  return show || outline.entries.length >= CONTENTS_FROM ? entries : [];
}

function openingOf({ input, outline }: Shared): WebOpening | null {
  const { definition, style, period, at } = input;
  const { strings, timeZone } = style;
  const { cover, name } = definition;
  if (!definition.style.showTitle && !cover.show) return null;
  const said = period === null ? [] : [`${strings.period(period.from, period.to)} · ${timeZone}`];
  const made = [strings.words.generated(strings.instant(at))];
  if (!cover.show) return { title: name, subtitle: null, facts: [...said, ...made], text: [], picture: null };
  const text = webText(cover.text, { headingLevel: 1, anchorOf: () => null, link: outline.anchors.link });
  const facts = [...(cover.showPeriod ? said : []), ...(cover.showDate ? made : [])];
  return { title: cover.title ?? name, subtitle: cover.subtitle, facts, text, picture: cover.picture };
}

function sheetOf(placements: readonly Placement[], page: number, shared: Shared): WebSheet {
  const { outline, input } = shared;
  const { columns, places } = webPlaces(placements);
  const order = placements.flatMap((placement, index) => {
    const place = places[index];
    return place === undefined ? [] : [{ placement, place, id: cardSection(page, index) }];
  });
  order.sort((a, b) => a.place.row - b.place.row || a.place.column - b.place.column);
  const text = input.definition.pageTitles[page] ?? null;
  const own = pageSection(page);
  const title = text === null ? null : { text, anchor: outline.anchors.ofHeading(own), level: outline.levelOf(own) };
  return { title, columns, sections: order.map(({ placement, place, id }) => sectionOf(placement, place, id, shared)) };
}

function bandOf(band: PageBand, date: string | null): WebBand | null {
  const { show, text, color, textAlign, picture, imageAlign, fit } = band;
  const isEmpty = text.trim() === '' && picture === null && date === null;
  return show && !isEmpty ? { text, color, textAlign, picture, imageAlign, fit, date } : null;
}

function sectionOf(placement: Placement, place: WebPlace, id: string, shared: Shared): WebSection {
  const { heading, description } = placement.widget;
  const level = shared.outline.levelOf(id);
  return {
    id,
    place,
    rows: placement.h,
    share: placement.w / 12,
    heading,
    anchor: shared.outline.anchors.ofHeading(id),
    level,
    description,
    body: webBody(shared.input.contentOf(placement), { placement, id, level, shared }),
  };
}
