import type { Content } from '../charts/content.ts';
import type { Picture, Placement, ReportDefinition } from '../definition/definition.ts';
import { type ContentsPages, contentsPages } from './contents-pages.ts';
import { type CoverSheet, coverSheet } from './cover.ts';
import { type LaidSheets, layOutSheets, overlapWarnings, type PlacedCard } from './laid-sheets.ts';
import { type PageFrame, pageFrame } from './page-frame.ts';
import { type OutlineEntry, outlineOf, pageSection, type ReportOutline } from './report-outline.ts';
import type { ArtifactGroup, Box, Destination, PagePart, Scene, ScenePage } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { languageOf } from './strings.ts';
import { type PageTitle, pageTitle, type TitleBlock, titleBlock } from './title-block.ts';
import { type WebReport, webReport } from './web-report.ts';

export interface ReportSceneInput {
  readonly definition: ReportDefinition;
  /** What each placed widget puts on the page. */
  readonly contentOf: (placement: Placement) => Content;
  /** The instant the report is made for. */
  readonly at: Date;
  readonly period: { readonly from: Date; readonly to: Date } | null;
  readonly style: SheetStyle;
  /** Called while printing, for a chart that turns out to be impossible to draw. */
  readonly onFailure: (placement: Placement, error: unknown) => void;
  /** Ends the layout between widgets and amid long tables. */
  readonly signal?: AbortSignal;
}

/** Everything that stands on the sheets, placed; sheets are counted from 0, the cover and the contents included. */
interface LaidReport {
  readonly frame: PageFrame;
  readonly outline: ReportOutline;
  readonly cover: CoverSheet | null;
  readonly title: TitleBlock | null;
  readonly contents: ContentsPages | null;
  readonly titles: readonly {
    readonly section: string;
    readonly page: number;
    readonly y: number;
    readonly of: PageTitle;
  }[];
  readonly cards: readonly PlacedCard[];
  readonly pages: number;
}

/**
 * Lay a report out: measure every widget, place them on pages, leave painting to whoever prints. Long tables and charts
 * are laid out in detail only when their page is. Gives way to other work between widgets.
 */
export async function layOutReport(input: ReportSceneInput): Promise<{ scene: Scene; warnings: readonly string[] }> {
  const { definition, style } = input;
  const warnings: string[] = [];
  const laid = await layOutAll(input, warnings);
  const { anchors } = laid.outline;
  warnings.push(...anchors.missing().map((name) => `no place "${name.slice(0, 60)}" in the report: not a link`));
  const pages = Array.from({ length: laid.pages }, (_, page) => scenePage(page, laid));
  const { paper } = laid.frame;
  const language = languageOf(style.locale);
  const pictures = picturesOf(input);
  const web = (): WebReport => webReport({ input, outline: laid.outline, paper });
  const { fonts } = style.ruler;
  const { theme } = style;
  const treatments = [...new Set(laid.cards.map(({ card }) => card.card.treatment))].filter((one) => one !== null);
  const scene = { title: definition.name, language, paper, theme, pages, pictures, fonts, treatments, web };
  return { scene, warnings };
}

async function layOutAll(input: ReportSceneInput, warnings: string[]): Promise<LaidReport> {
  const { definition, style, contentOf } = input;
  const covers = definition.cover.show ? 1 : 0;
  const frame = pageFrame(definition, input.at, style, covers);
  const { width } = frame.content(0);
  const title = titleBlock(definition, input.period, width, style);
  const outline = outlineOf(definition, contentOf, title !== null || covers > 0);
  const { anchors } = outline;
  const cover =
    covers === 0
      ? null
      : coverSheet({ definition, at: input.at, period: input.period, paper: frame.paper, anchors }, style);
  warnings.push(...(cover?.warnings ?? []));
  const contents = contentsOf(definition, outline, { title, covers }, frame, style);
  const titles: LaidReport['titles'][number][] = [];
  const cards: PlacedCard[] = [];
  let page = covers + (contents?.count ?? 0);
  for (const [index, placements] of definition.pages.entries()) {
    let y = index === 0 && contents === null ? (title?.height ?? 0) : 0;
    const heading = definition.pageTitles[index] ?? null;
    if (heading !== null) {
      const section = pageSection(index);
      const of = pageTitle(heading, outline.levelOf(section), width, style);
      titles.push({ section, page, y, of });
      y += of.height;
    }
    const sheets: LaidSheets = await layOutSheets(input, { index, start: { page, y }, frame, outline });
    warnings.push(...sheets.warnings, ...overlapWarnings(placements));
    cards.push(...sheets.cards);
    page = sheets.end;
  }
  return { frame, outline, cover, title, contents, titles, cards, pages: Math.max(page, covers + 1) };
}

function contentsOf(
  definition: ReportDefinition,
  outline: ReportOutline,
  { title, covers }: { readonly title: TitleBlock | null; readonly covers: number },
  frame: PageFrame,
  style: SheetStyle,
): ContentsPages | null {
  const { show, depth } = definition.contents;
  const entries = outline.entries.filter((entry) => entry.depth <= depth);
  if (!show || entries.length === 0) return null;
  const level = title !== null || covers > 0 ? 2 : 1;
  const heights = (page: number): number =>
    frame.content(covers + page).height - (page === 0 ? (title?.height ?? 0) : 0);
  return contentsPages(entries, level, frame.content(covers).width, heights, style);
}

function picturesOf({ definition, contentOf }: ReportSceneInput): Picture[] {
  const placed = definition.pages.flat().flatMap((placement) => {
    const content = contentOf(placement);
    return content.kind === 'image' ? [content.picture] : [];
  });
  const { header, footer, cover } = definition;
  const bands = [header.picture, footer.picture, cover.show ? cover.picture : null];
  return [...new Set([...bands.filter((picture) => picture !== null), ...placed])];
}

function scenePage(page: number, laid: LaidReport): ScenePage {
  const { frame, cover } = laid;
  const area = frame.content(page);
  if (cover !== null && page === 0) return { area, artifacts: cover.artifacts, parts: [cover.part] };
  const own = laid.cards.filter(({ placed }) => placed.page === page);
  const boxOf = ({ card, placed }: PlacedCard): Box => {
    return { x: area.x + card.x, y: area.y + placed.y, width: card.width, height: placed.height };
  };
  const frames: ArtifactGroup = { type: 'Layout', marks: own.flatMap((one) => one.card.card.frame(boxOf(one))) };
  const parts = own.map((one): PagePart => {
    const box = boxOf(one);
    const { card, placed } = one;
    const part = { section: card.section, box, pieces: card.card.pieces(box, placed.from, placed.to) };
    return placed.from > 0 ? part : { ...part, destination: destinationOf(one, box.y, laid.outline) };
  });
  return {
    area,
    artifacts: [...frame.bands(page, laid.pages), frames],
    parts: [...openingParts(page, area, laid), ...parts],
  };
}

/** The title, the contents and the headings of pages: what stands above the cards. */
function openingParts(page: number, area: Box, laid: LaidReport): PagePart[] {
  const { title, contents, cover, outline } = laid;
  const first = cover === null ? 0 : 1;
  const parts: PagePart[] = [];
  if (title !== null && page === first) parts.push(title.part(area));
  if (contents !== null && page >= first && page < first + contents.count) {
    const top = page === first ? (title?.height ?? 0) : 0;
    const below = { ...area, y: area.y + top, height: area.height - top };
    parts.push(contents.part(page - first, below, (entry) => pageOf(entry, laid)));
  }
  for (const { section, y, of } of laid.titles.filter((one) => one.page === page)) {
    const entry = outline.entries.find((one) => one.section === section);
    const box = { ...area, y: area.y + y, height: of.height };
    const bookmark = entry === undefined ? null : { title: entry.title, level: outline.levelOf(section) };
    const destination = { anchor: outline.anchors.ofHeading(section), bookmark, y: box.y };
    parts.push({ section, destination, pieces: of.pieces(box) });
  }
  return parts;
}

/** Page number, from 1, of a heading. */
function pageOf({ section, heading }: OutlineEntry, laid: LaidReport): number | null {
  const titled = laid.titles.find((one) => one.section === section);
  if (titled !== undefined) return titled.page + 1;
  const parts = laid.cards.filter(({ card }) => card.section === section);
  const slice = heading === null ? 0 : (parts[0]?.card.card.headings[heading] ?? 0);
  const part = parts.find(({ placed }) => slice >= placed.from && slice < placed.to) ?? parts[0];
  return part === undefined ? null : part.placed.page + 1;
}

function destinationOf({ card }: PlacedCard, y: number, { anchors, levelOf }: ReportOutline): Destination {
  const { section, placement } = card;
  const title = placement.widget.heading ?? placement.widget.name;
  return { anchor: anchors.ofHeading(section), bookmark: title === '' ? null : { title, level: levelOf(section) }, y };
}
