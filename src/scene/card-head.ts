import type { Widget } from '../definition/definition.ts';
import { lineContent } from './flow.ts';
import type { Piece, Tag } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { baselineOf, breakLinesCut, type Line, lookOf } from './text.ts';

/** Heading and description above a widget's content. */
export interface CardHead {
  /** With the space below it; 0 when there is nothing. */
  readonly height: number;
  pieces(x: number, y: number): Piece[];
}

export interface HeadInput {
  readonly widget: Widget;
  readonly width: number;
  /** `continued` is the head of the second and further pages: the heading's first line alone. */
  readonly continued: boolean;
  /** Chapters of text have larger headings than cards. */
  readonly size: 'card' | 'metric' | 'text';
  readonly level: number;
}

interface Block {
  readonly lines: readonly Line[];
  /** From the top of a line to its baseline. */
  readonly rise: number;
  readonly lineHeight: number;
  readonly tag: Tag;
}

const MAX_HEADING_LINES = 5;
const MAX_DESCRIPTION_LINES = 6;

export function cardHead(input: HeadInput, style: SheetStyle): CardHead {
  const { heading, description } = input.widget;
  const { text, space } = style.theme;
  // Headings of a row share their baseline, also that of a number, which is smaller.
  const beside = lookOf(style.ruler.fonts, text.subheading, style.family);
  const blocks: Block[] = [];
  const add = (words: string, of: (typeof text)[keyof typeof text], tag: Tag, most: number): void => {
    const look = lookOf(style.ruler.fonts, of, style.family);
    const isSmallHead = input.size === 'metric' && tag !== 'P';
    const { lines } = breakLinesCut([{ ...look, text: words }], input.width, style.ruler, most);
    const rise = isSmallHead ? baselineOf(beside, text.subheading.lineHeight) : baselineOf(look, of.lineHeight);
    blocks.push({ lines, rise, lineHeight: isSmallHead ? text.subheading.lineHeight : of.lineHeight, tag });
  };
  const headingStyle = { card: text.subheading, text: text.heading, metric: { ...text.small, weight: 600 } }[
    input.size
  ];
  const tag = headingTag(input.level);
  if (heading !== null && !input.continued) add(heading, headingStyle, tag, MAX_HEADING_LINES);
  if (heading !== null && input.continued) add(continuedHeading(heading, input.width, style), text.small, 'P', 1);
  // A number stands right below its heading, so that numbers in a row share their baseline; the words follow it.
  if (description !== null && !input.continued && input.size !== 'metric')
    add(description, text.small, 'P', MAX_DESCRIPTION_LINES);
  const inner = blocks.reduce((sum, { lines, lineHeight }) => sum + lines.length * lineHeight, 0);
  const below = input.size === 'metric' ? space.unit / 2 : space.unit * (input.size === 'text' ? 1 : 1.75);
  return {
    height: inner === 0 ? 0 : inner + below,
    pieces: (x, y) => {
      let top = y;
      return blocks.map(({ lines, rise, lineHeight, tag: own }) => {
        const content = lines.flatMap((line, index) =>
          lineContent(line, x, top + index * lineHeight + rise, input.width),
        );
        top += lines.length * lineHeight;
        // The heading of a further page is a reminder for the eye; the structure has it once.
        return { tag: input.continued ? 'Artifact' : own, content };
      });
    },
  };
}

/** A heading that is too long is shortened, not the word that it goes on. */
function continuedHeading(heading: string, width: number, style: SheetStyle): string {
  const { theme, ruler, family, strings } = style;
  const look = lookOf(ruler.fonts, theme.text.small, family);
  const { continued } = strings.words;
  const room = width - ruler.width(continued(''), look.face, look.size);
  const { lines, cut } = breakLinesCut([{ ...look, text: heading }], room, ruler, 1);
  return continued(cut ? (lines[0]?.runs.map(({ text }) => text).join('') ?? heading) : heading);
}

const HEADING_TAGS: readonly Tag[] = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6'];

/** The element of a heading of this level; 6 is the deepest. */
export const headingTag = (level: number): Tag => HEADING_TAGS[Math.min(level, 6) - 1] ?? 'H6';
