import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Content } from '../charts/content.ts';
import type { Picture, Placement, ReportDefinition } from '../definition/definition.ts';
import { GRID_COLUMNS } from '../definition/placements.ts';
import { BroadsheetError } from '../errors.ts';
import { type Anchors, collectAnchors } from './anchors.ts';
import { type Card, layOutCard } from './card.ts';
import type { GridItem } from './grid-bands.ts';
import { layOutPage, type Placed } from './grid-layout.ts';
import { type PageFrame, pageFrame } from './page-frame.ts';
import type { ArtifactGroup, Box, Destination, PagePart, Scene } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { languageOf } from './strings.ts';
import { type TitleBlock, titleBlock } from './title-block.ts';
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

/** Height of a grid row with the gutter below it; 12 to 14 rows stand on an A4 page. */
const PITCH = 46;

interface LaidCard {
  readonly card: Card;
  readonly placement: Placement;
  readonly section: string;
  readonly level: number;
  readonly x: number;
  readonly width: number;
}

/**
 * Lay a report out: measure every widget, place them on pages, leave painting to whoever prints. Long tables and charts
 * are laid out in detail only when their page is. Gives way to other work between widgets.
 */
export async function layOutReport(input: ReportSceneInput): Promise<{ scene: Scene; warnings: readonly string[] }> {
  const { definition, style } = input;
  const frame = pageFrame(definition, input.at, style);
  const title = titleBlock(definition, input.period, frame.content(0).width, style);
  const anchors = collectAnchors(
    definition.pages.flatMap((placements, page) =>
      placements.map((placement, index) => {
        const { heading } = placement.widget;
        return { section: sectionName(page, index), heading, anchor: null, content: input.contentOf(placement) };
      }),
    ),
  );
  const warnings: string[] = [];
  const sheets: { readonly card: LaidCard; readonly placed: Placed }[] = [];
  let count = 0;
  for (const [index, placements] of definition.pages.entries()) {
    const cards: LaidCard[] = [];
    for (const placement of placements) {
      const place = { section: sectionName(index, cards.length), level: title === null ? 1 : 2 };
      const laid = await layOutPlacement(placement, place, frame.content(0).width, anchors, input);
      warnings.push(...laid.card.warnings.map((text) => `${nameOf(placement)}: ${text}`));
      cards.push(laid);
      await nextTurn();
    }
    warnings.push(...overlapWarnings(placements));
    const start = { page: count, y: count === 0 && title !== null ? title.height : 0 };
    const space = {
      height: (page: number) => frame.content(page).height,
      gutter: style.theme.space.gutter,
      pitch: PITCH,
    };
    const placed = layOutPage(cards.map(gridItem), start, space);
    for (const part of placed) {
      const card = cards[part.item];
      if (card) sheets.push({ card, placed: part });
    }
    count = Math.max(count, ...placed.map(({ page }) => page + 1));
  }
  const pages = Array.from({ length: Math.max(1, count) }, (_, page) => {
    const parts = sheets.filter(({ placed }) => placed.page === page);
    return scenePage(page, Math.max(1, count), parts, { frame, title: page === 0 ? title : null, anchors });
  });
  warnings.push(...anchors.missing().map((name) => `no place "${name.slice(0, 60)}" in the report: not a link`));
  const { paper } = frame;
  const language = languageOf(style.locale);
  const pictures = picturesOf(input);
  const web = (): WebReport => webReport({ input, anchors, sectionOf: sectionName, paper });
  const { fonts } = style.ruler;
  return { scene: { title: definition.name, language, paper, pages, pictures, fonts, web }, warnings };
}

function picturesOf({ definition, contentOf }: ReportSceneInput): Picture[] {
  const placed = definition.pages.flat().flatMap((placement) => {
    const content = contentOf(placement);
    return content.kind === 'image' ? [content.picture] : [];
  });
  const bands = [definition.header.picture, definition.footer.picture].filter((picture) => picture !== null);
  return [...new Set([...bands, ...placed])];
}

const sectionName = (page: number, index: number): string => `w${String(page * 1000 + index).padStart(6, '0')}`;

const nameOf = ({ widget }: Placement): string => widget.heading ?? (widget.name || widget.id);

async function layOutPlacement(
  placement: Placement,
  { section, level }: { section: string; level: number },
  width: number,
  anchors: Anchors,
  input: ReportSceneInput,
): Promise<LaidCard> {
  const { style } = input;
  const { gutter } = style.theme.space;
  const step = (width + gutter) / GRID_COLUMNS;
  const own = placement.w * step - gutter;
  const card = await layOutCard(
    {
      widget: placement.widget,
      content: input.contentOf(placement),
      width: own,
      id: section,
      level,
      anchors,
      onFailure: (error) => input.onFailure(placement, error),
      pause: async () => {
        if (input.signal?.aborted === true) throw new BroadsheetError('canceled', 'laying out was canceled');
        await nextTurn();
      },
    },
    style,
  );
  return { card, placement, section, level, x: placement.x * step, width: own };
}

function gridItem({ card, placement, x, width }: LaidCard): GridItem {
  const { natural, least, take } = card;
  return { x, width, row: placement.y, rows: placement.h, natural, least, take };
}

function overlapWarnings(placements: readonly Placement[]): string[] {
  const found: string[] = [];
  placements.forEach((a, index) => {
    const under = placements.slice(index + 1).find((b) => {
      const besides = a.x + a.w <= b.x || b.x + b.w <= a.x;
      const below = a.y + (a.h ?? 1) <= b.y || b.y + (b.h ?? 1) <= a.y;
      return !besides && !below;
    });
    if (under !== undefined) found.push(`${nameOf(under)}: overlaps ${nameOf(a)} in the grid, moved down`);
  });
  return found;
}

function destinationOf({ section, placement, level }: LaidCard, y: number, anchors: Anchors): Destination {
  const { heading, name } = placement.widget;
  const title = heading ?? name;
  return { anchor: anchors.ofHeading(section), bookmark: title === '' ? null : { title, level }, y };
}

function scenePage(
  page: number,
  pages: number,
  sheets: readonly { readonly card: LaidCard; readonly placed: Placed }[],
  { frame, title, anchors }: { frame: PageFrame; title: TitleBlock | null; anchors: Anchors },
): Scene['pages'][number] {
  const area = frame.content(page);
  const boxes = sheets.map(({ card, placed }): Box => {
    return { x: area.x + card.x, y: area.y + placed.y, width: card.width, height: placed.height };
  });
  const frames: ArtifactGroup = {
    type: 'Layout',
    marks: sheets.flatMap(({ card }, index) => card.card.frame(boxes[index] ?? area)),
  };
  const parts = sheets.map(({ card, placed }, index): PagePart => {
    const box = boxes[index] ?? area;
    const pieces = card.card.pieces(box, placed.from, placed.to);
    const { section } = card;
    return placed.from > 0
      ? { section, pieces }
      : { section, destination: destinationOf(card, box.y, anchors), pieces };
  });
  const bands = frame.bands(page, pages);
  const opening = title === null ? [] : [title.part(area)];
  return { artifacts: [...bands, frames], parts: [...opening, ...parts] };
}
