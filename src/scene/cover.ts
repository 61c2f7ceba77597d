import type { TextStyle } from '../charts/theme.ts';
import type { ReportDefinition } from '../definition/definition.ts';
import type { Anchors } from './anchors.ts';
import { heightOf, lineContent, takeFragment } from './flow.ts';
import { markdownFlow } from './markdown.ts';
import type { ArtifactGroup, Mark, PagePart, Piece } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { baselineOf, breakLinesCut, type Line, lookOf, type Ruler, type Span, type TextLook } from './text.ts';

/** The sheet before all others. */
export interface CoverSheet {
  readonly artifacts: readonly ArtifactGroup[];
  readonly part: PagePart;
  readonly warnings: readonly string[];
}

export interface CoverInput {
  readonly definition: ReportDefinition;
  readonly at: Date;
  readonly period: { readonly from: Date; readonly to: Date } | null;
  readonly paper: { readonly width: number; readonly height: number };
  readonly anchors: Anchors;
}

/** Margin around everything, and the share of the paper above the title. */
const INSET = 56;
const TITLE_AT = 0.3;
const LOGO = { width: 180, height: 64 } as const;
const POINTS_PER_PIXEL = 0.75;
const BAR = { width: 44, height: 3, gap: 20 } as const;
const FOOT = 96;
const MAX_TITLE_LINES = 5;
const MAX_SUBTITLE_LINES = 4;

const COVER_SECTION = 'cover';

/**
 * A cover in the manner of printed reports: the logo above, the title in the upper third with a short bar over it, what
 * and when below it, who and how in the author's words, the instant it was made at the foot.
 */
export function coverSheet(input: CoverInput, style: SheetStyle): CoverSheet {
  const { definition, paper } = input;
  const { theme } = style;
  const width = paper.width - 2 * INSET;
  const column = stack(INSET, paper.height * TITLE_AT, width * 0.86, style);
  const decoration: Mark[] = [
    ...logoMarks(definition, paper, width),
    {
      kind: 'rect',
      x: INSET,
      y: paper.height * TITLE_AT - BAR.gap,
      width: BAR.width,
      height: theme.card === 'rule' ? theme.rule.strongWidth : BAR.height,
      fill: theme.sign.accent,
      stroke: null,
      radius: 0,
    },
  ];
  const { cover } = definition;
  column.add('H1', cover.title ?? definition.name, theme.text.cover, MAX_TITLE_LINES);
  if (cover.subtitle !== null) {
    column.gap(theme.space.unit * 2);
    column.add('P', cover.subtitle, theme.text.coverLine, MAX_SUBTITLE_LINES);
  }
  if (cover.showPeriod && input.period !== null) {
    column.gap(theme.space.unit * 5);
    const { from, to } = input.period;
    column.add('P', style.strings.period(from, to), { ...theme.text.heading, weight: 600 }, 2);
    column.add('P', style.timeZone, theme.text.small, 1);
  }
  const warnings: string[] = [];
  if (cover.text.trim() !== '') {
    column.gap(theme.space.unit * 6);
    if (!column.addText(cover.text, paper.height - FOOT - INSET / 2, input.anchors))
      warnings.push(style.strings.words.coverCut);
  }
  const foot = cover.showDate ? footPieces(input, width, style) : { marks: [], pieces: [] };
  return {
    artifacts: [{ type: 'Layout', marks: [...decoration, ...foot.marks] }],
    part: { section: COVER_SECTION, pieces: [...column.pieces, ...foot.pieces] },
    warnings,
  };
}

/** Texts one below the other. */
function stack(x: number, top: number, width: number, style: SheetStyle) {
  const { ruler, family, theme } = style;
  const pieces: Piece[] = [];
  let y = top;
  return {
    pieces,
    gap: (height: number): void => {
      y += height;
    },
    add: (tag: 'H1' | 'P', text: string, of: TextStyle, most: number): void => {
      const look: TextLook = lookOf(ruler.fonts, of, family);
      const lines = balancedLines([{ ...look, text }], width, ruler, most);
      const first = y + baselineOf(look, of.lineHeight);
      pieces.push({
        tag,
        content: lines.flatMap((line, index) => lineContent(line, x, first + index * of.lineHeight)),
      });
      y += lines.length * of.lineHeight;
    },
    /** False where not all of it had room. */
    addText: (markdown: string, bottom: number, anchors: Anchors): boolean => {
      const id = `${COVER_SECTION}.text`;
      const flow = markdownFlow(markdown, {
        theme,
        ruler,
        family,
        width,
        id,
        section: id,
        headingLevel: 1,
        isHeaded: true,
        anchors,
      });
      if (flow.count === 0) return true;
      const part = takeFragment(flow, 0, bottom - y, false);
      if (part === null) return false;
      pieces.push(...flow.paint(part.from, part.to, x, y));
      y += heightOf(flow, part.from, part.to);
      return part.to === flow.count;
    },
  };
}

const NARROWER = 0.96;
const NARROWEST = 0.5;

/** Lines of about one length: no word is left alone on the last of few. */
function balancedLines(spans: readonly Span[], width: number, ruler: Ruler, most: number): readonly Line[] {
  const { lines, cut } = breakLinesCut(spans, width, ruler, most);
  let best = lines;
  for (let room = width * NARROWER; !cut && lines.length > 1 && room > width * NARROWEST; room *= NARROWER) {
    const tried = breakLinesCut(spans, room, ruler, most).lines;
    if (tried.length > lines.length) break;
    best = tried;
  }
  return best;
}

function logoMarks({ cover }: ReportDefinition, paper: CoverInput['paper'], width: number): Mark[] {
  const { picture } = cover;
  if (picture === null) return [];
  const most = {
    width: Math.min(LOGO.width, width),
    height: Math.min(LOGO.height, paper.height * TITLE_AT - INSET - 40),
  };
  const own = { width: picture.width * POINTS_PER_PIXEL, height: picture.height * POINTS_PER_PIXEL };
  const scale = Math.min(most.width / own.width, most.height / own.height);
  const box = { x: INSET, y: INSET, width: own.width * scale, height: own.height * scale };
  return [{ kind: 'picture', ...box, picture, target: box }];
}

function footPieces({ at, paper }: CoverInput, width: number, style: SheetStyle): { marks: Mark[]; pieces: Piece[] } {
  const { theme, ruler, strings } = style;
  const { small } = theme.text;
  const look = lookOf(ruler.fonts, small, style.family);
  const y = paper.height - INSET - small.lineHeight - theme.space.unit * 2;
  const { lines } = breakLinesCut([{ ...look, text: strings.words.generated(strings.instant(at)) }], width, ruler, 1);
  const baseline = y + theme.space.unit * 2 + baselineOf(look, small.lineHeight);
  const { line, lineWidth } = theme.rule;
  return {
    marks: [{ kind: 'rule', x1: INSET, y1: y, x2: INSET + width, y2: y, color: line, width: lineWidth }],
    pieces: [{ tag: 'P', content: lines.flatMap((words) => lineContent(words, INSET, baseline)) }],
  };
}
