import type { ReportDefinition } from '../definition/definition.ts';
import { lineContent } from './flow.ts';
import type { Box, PagePart } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { baselineOf, breakLinesCut, lookOf } from './text.ts';

/** The report's name and period above the widgets of the first page. */
export interface TitleBlock {
  /** With the space below it. */
  readonly height: number;
  part(area: Box): PagePart;
}

const MAX_LINES = 4;

export function titleBlock(
  definition: ReportDefinition,
  period: { readonly from: Date; readonly to: Date } | null,
  width: number,
  style: SheetStyle,
): TitleBlock | null {
  if (!definition.style.showTitle) return null;
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
            content: lines.flatMap((line, index) => lineContent(line, area.x, first + index * text.title.lineHeight)),
          },
          ...[...below, ...hint].map((line, index) => ({
            tag: 'P' as const,
            content: lineContent(line, area.x, at(index)),
          })),
        ],
      };
    },
  };
}
