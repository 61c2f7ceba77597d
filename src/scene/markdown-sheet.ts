import type { Theme } from '../charts/theme.ts';
import type { Anchors } from './anchors.ts';
import { lineContent, nested, type Slice } from './flow.ts';
import { CODE_FAMILY } from './font-files.ts';
import { headingLevels } from './markdown-headings.ts';
import type { InlineLooks } from './markdown-spans.ts';
import type { Destination, Mark, Piece, Tag } from './scene.ts';
import { baselineOf, breakLines, lookOf, type Ruler, type Span, type TextLook } from './text.ts';

export interface SheetOptions {
  readonly theme: Theme;
  readonly ruler: Ruler;
  /** Font family of the report; null = the theme's. */
  readonly family: string | null;
  readonly width: number;
  /** Unique in the document: elements that go on over pages are known by it. */
  readonly id: string;
  /** Level of the heading above this text: `#` becomes the next one. */
  readonly headingLevel: number;
  /** The text stands below a heading of its own, which is larger than those in it. */
  readonly isHeaded: boolean;
  readonly anchors: Anchors;
  /** Section that the text's headings are known by in `anchors`. */
  readonly section: string;
}

/** Where in the tree of blocks the next block stands. */
export interface Place {
  /** The elements around it, outermost first. */
  readonly path: readonly { readonly tag: Tag; readonly id: string }[];
  readonly indent: number;
  readonly color: string | null;
  /** Inside a quotation a bar stands at the left, behind code a surface. */
  readonly bar: boolean;
  readonly isCode?: boolean;
  readonly depth: number;
}

/** A text while it is laid out: its slices so far and what the next block has to know. */
export interface Sheet {
  readonly options: SheetOptions;
  readonly looks: InlineLooks;
  readonly body: TextLook;
  readonly slices: Slice[];
  /** Space before the next block. */
  gap: number;
  readonly levelOf: (written: number) => number;
  /** Slice of each heading so far. */
  readonly headings: number[];
  /** The next slice begins a new page. */
  breaks: boolean;
  ids: number;
}

export function newSheet(options: SheetOptions): Sheet {
  const { ruler, theme, family } = options;
  const face = (weight: number, italic: boolean) => ruler.fonts.face({ family, weight, italic });
  const code = ruler.fonts.face({ family: CODE_FAMILY });
  const looks: InlineLooks = {
    bold: (look) => ({ ...look, face: face(700, look.face.italic) }),
    italic: (look) => ({ ...look, face: face(look.face.weight, true) }),
    // Mono characters look larger than their neighbours of the same size.
    code: (look) => ({ ...look, face: code, size: look.size * 0.92 }),
    linkColor: theme.sign.accent,
    link: (target) => options.anchors.link(target),
  };
  const body = lookOf(ruler.fonts, theme.text.body, family);
  return {
    options,
    looks,
    body,
    slices: [],
    gap: 0,
    levelOf: headingLevels(options.headingLevel),
    headings: [],
    breaks: false,
    ids: 0,
  };
}

export function addSlice(sheet: Sheet, slice: Slice): void {
  sheet.slices.push(sheet.breaks && sheet.slices.length > 0 ? { ...slice, breaksBefore: true } : slice);
  sheet.breaks = false;
}

export function nextId(sheet: Sheet): string {
  sheet.ids += 1;
  return `${sheet.options.id}.${String(sheet.ids).padStart(5, '0')}`;
}

interface Paragraph {
  readonly spans: readonly Span[];
  readonly tag: Tag;
  readonly lineHeight: number;
  /** All of it stays with what follows: a heading. */
  readonly keeps: boolean;
  /** A bullet or number that hangs to the left of the first line. */
  readonly label: Span | null;
  /** Of a heading. */
  readonly destination?: Omit<Destination, 'y'>;
}

/** Texts of more lines than this may be parted anywhere: they are no prose. */
const MAX_KEPT_LINES = 200;

/** Add a paragraph, a slice a line. */
export function addParagraph(sheet: Sheet, paragraph: Paragraph, place: Place): void {
  const { spans, tag, lineHeight, keeps, label, destination } = paragraph;
  const { theme, ruler, width } = sheet.options;
  const lines = breakLines(spans, Math.max(20, width - place.indent), ruler);
  const id = nextId(sheet);
  const prose = spans.find(({ face }) => face.family !== CODE_FAMILY);
  const top = baselineOf(prose ?? spans[0] ?? sheet.body, lineHeight);
  const room = width - place.indent;
  // Read from right to left, the indent with its bar or bullet is at the right.
  const rtl = lines[0]?.rtl === true;
  const shift = rtl ? 0 : place.indent;
  lines.forEach((line, index) => {
    const alone = lines.length > 1 && lines.length < MAX_KEPT_LINES && (index === 0 || index === lines.length - 2);
    addSlice(sheet, {
      height: lineHeight,
      gap: index === 0 ? sheet.gap : 0,
      keepsNext: keeps || alone,
      paint: (x, y) => [
        ...(place.bar ? [quoteBar(theme, rtl ? x + room + 7 : x + place.indent - 9, y, lineHeight)] : []),
        ...(place.isCode === true ? [codeGround(theme, x + shift, y, room, lineHeight)] : []),
        ...(index === 0 && label ? [labelPiece(label, place, rtl ? x + room : x, y + top, ruler, rtl)] : []),
        nested(
          [...place.path, { tag, id, ...(index === 0 && destination ? { destination: { ...destination, y } } : {}) }],
          lineContent(line, x + shift, y + top, room),
        ),
      ],
    });
  });
  if (lines.length > 0) sheet.gap = 0;
}

/** Add a thematic break. */
export function addRule(sheet: Sheet, place: Place): void {
  const { theme, width } = sheet.options;
  const { line, lineWidth } = theme.rule;
  const rule = (x: number, y: number): Mark => ({
    kind: 'rule',
    x1: x + place.indent,
    y1: y + 0.5,
    x2: x + width,
    y2: y + 0.5,
    color: line,
    width: lineWidth,
  });
  addSlice(sheet, {
    height: 1,
    gap: sheet.gap,
    keepsNext: false,
    paint: (x, y) => [{ tag: 'Artifact', content: [rule(x, y)] }],
  });
}

const LABEL_WIDTH = 60;
const LABEL_GAP = 5;

/** @param x where the block's indent begins, or ends where it is read from right to left. */
function labelPiece(label: Span, place: Place, x: number, baseline: number, ruler: Ruler, rtl: boolean): Piece {
  const [line] = breakLines([label], LABEL_WIDTH, ruler, 1);
  const left = rtl || !line ? x + LABEL_GAP : x + place.indent - LABEL_GAP - line.width;
  const content: Mark[] = line ? [{ kind: 'text', x: left, y: baseline, line }] : [];
  return nested([...place.path.slice(0, -1), { tag: 'Lbl', id: `${place.path.at(-1)?.id ?? ''}.label` }], content);
}

function quoteBar(theme: Theme, x: number, y: number, height: number): Piece {
  const bar: Mark = { kind: 'rect', x, y, width: 2, height, fill: theme.rule.line, stroke: null, radius: 0 };
  return { tag: 'Artifact', content: [bar] };
}

/** What a line of code stands on: a tint, or a thin bar where the theme has no fills. */
function codeGround(theme: Theme, x: number, y: number, width: number, height: number): Piece {
  const { stripe, page } = theme.surface;
  const bar = stripe === page;
  const inset = theme.space.unit * 2;
  const box = { x: x - inset, y, width: bar ? theme.rule.lineWidth : width + inset, height: height + 0.25 };
  const fill = bar ? theme.rule.line : stripe;
  return { tag: 'Artifact', content: [{ kind: 'rect', ...box, fill, stroke: null, radius: 0 }] };
}
