import type { ReportDefinition } from '../definition/definition.ts';
import { headingTag } from './card-head.ts';
import { lineContent } from './flow.ts';
import type { Box, PagePart, Piece } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { baselineOf, breakLinesCut, lookOf } from './text.ts';

/** The report's name and period above the widgets of the first page. */
export interface TitleBlock {
  /** With the space below it. */
  readonly height: number;
  part(area: Box): PagePart;
}

/** A heading over the whole width. */
export interface PageTitle {
  /** With the space below it. */
  readonly height: number;
  pieces(area: Box): Piece[];
}

const MAX_LINES = 4;

/** The heading of a page of the definition. */
export function pageTitle(title: string, level: number, width: number, style: SheetStyle): PageTitle {
  const { text, space } = style.theme;
  const look = lookOf(style.ruler.fonts, text.section, style.family);
  const { lineHeight } = text.section;
  const { lines } = breakLinesCut([{ ...look, text: title }], width, style.ruler, MAX_LINES);
  return {
    height: lines.length * lineHeight + space.unit * 2.5,
    pieces: ({ x, y }) => {
      const first = y + baselineOf(look, lineHeight);
      const content = lines.flatMap((line, index) => lineContent(line, x, first + index * lineHeight, width));
      return [{ tag: headingTag(level), content }];
    },
  };
}

export function titleBlock(
  definition: ReportDefinition,
  period: { readonly from: Date; readonly to: Date } | null,
  width: number,
  style: SheetStyle,
): TitleBlock | null {
  if (!definition.style.showTitle || definition.cover.show) return null;
  const { text, space, ink } = style.theme;
  const { strings, ruler } = style;
  const title = lookOf(ruler.fonts, text.title, style.family);
  const small = { ...lookOf(ruler.fonts, text.body, style.family), color: ink.muted };
  const { lines } = breakLinesCut([{ ...title, text: definition.name }], width, ruler, MAX_LINES);
  const words = period === null ? '' : `${strings.period(period.from, period.to)} · ${style.timeZone}`;
  const below = breakLinesCut(words === '' ? [] : [{ ...small, text: words }], width, ruler, 2).lines;
  const titleHeight = lines.length * text.title.lineHeight;
  const empty = definition.pages.length === 0;
  const hint = empty ? breakLinesCut([{ ...small, text: strings.words.noWidgets }], width, ruler, 2).lines : [];
  const height = titleHeight + (below.length + hint.length) * text.body.lineHeight + space.unit * 3;
  return {
    height,
    part: (area) => {
      const first = area.y + baselineOf(title, text.title.lineHeight);
      const second = area.y + titleHeight + baselineOf(small, text.body.lineHeight);
      const at = (index: number): number => second + index * text.body.lineHeight;
      return {
        section: 'title',
        pieces: [
          {
            tag: 'H1',
            content: lines.flatMap((line, index) =>
              lineContent(line, area.x, first + index * text.title.lineHeight, width),
            ),
          },
          ...[...below, ...hint].map((line, index) => ({
            tag: 'P' as const,
            content: lineContent(line, area.x, at(index), width),
          })),
        ],
      };
    },
  };
}
