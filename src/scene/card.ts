import type { Content } from '../charts/content.ts';
import type { Widget } from '../definition/definition.ts';
import type { Anchors } from './anchors.ts';
import { cardBody, type FixedBody } from './card-body.ts';
import { cardHead } from './card-head.ts';
import { type Flow, heightOf, takeFragment } from './flow.ts';
import type { GridItem } from './grid-bands.ts';
import type { MetricRow } from './metric-rows.ts';
import type { Box, Mark, Piece, Treatment } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';

export interface CardInput {
  readonly widget: Widget;
  readonly content: Content;
  readonly width: number;
  /** Unique in the document. */
  readonly id: string;
  /** Of its heading. */
  readonly level: number;
  readonly anchors: Anchors;
  /** What a number has in common with those beside it. */
  readonly row: MetricRow | null;
  /** Called while printing when the chart turns out to be impossible to draw: a notice stands in its place. */
  readonly onFailure: (error: unknown) => void;
  /** Gives other work its turn; throws when the document is no longer wanted. */
  readonly pause: () => Promise<void>;
}

/** A widget with its heading and frame, measured for its width. */
export interface Card {
  readonly natural: number;
  readonly least: number;
  readonly take: GridItem['take'];
  /** Whether it stands in a frame, which neighbours in its row have as high. */
  readonly framed: boolean;
  /** Slices at its end that must not be the last thing on a page: a heading without its text. */
  readonly keepsNext: number;
  /** Slices that headings of its text begin with. */
  readonly headings: readonly number[];
  /** What was cut or left out, for the run's warnings. */
  readonly warnings: readonly string[];
  /** Set where its size cost it something. */
  readonly treatment: Treatment | null;
  /** Frame and background of a fragment. */
  frame(box: Box): Mark[];
  /** Slices `from` to `to` in the box; a card that is never parted has one slice. */
  pieces(box: Box, from: number, to: number): Iterable<Piece>;
}

/** Charts, tables, numbers and notices stand in frames; text and images on the page itself. */
const UNFRAMED: readonly Content['kind'][] = ['text', 'image'];

export async function layOutCard(input: CardInput, style: SheetStyle): Promise<Card> {
  const framed = !UNFRAMED.includes(input.content.kind);
  const padding = framed ? paddingOf(style) : { x: 0, y: 0 };
  const width = input.width - 2 * padding.x;
  const size = input.content.kind === 'metric' || input.content.kind === 'text' ? input.content.kind : 'card';
  const headOf = (continued: boolean) =>
    cardHead({ widget: input.widget, level: input.level, width, continued, size }, style);
  const head = headOf(false);
  const { description, heading, name } = input.widget;
  const isHeaded = heading !== null;
  const headingLevel = isHeaded ? input.level : input.level - 1;
  const body = await cardBody(
    { ...input, width, title: heading ?? name, description, headingLevel, isHeaded, widgetKind: input.widget.kind },
    style,
  );
  const frame = (box: Box): Mark[] => (framed ? [frameMark(box, style)] : []);
  const around = 2 * padding.y;
  const treatment = body.treatment === undefined ? null : { widgetId: input.widget.id, ...body.treatment };
  if (body.kind === 'fixed') {
    return {
      natural: around + head.height + body.natural,
      least: around + head.height + body.least,
      take: null,
      framed,
      keepsNext: input.content.kind === 'text' && head.height > 0 ? 1 : 0,
      headings: [],
      warnings: body.warnings,
      treatment,
      frame,
      pieces: (box) => fixedPieces(body, box, padding, head),
    };
  }
  const { flow } = body;
  const again = headOf(true);
  const above = (from: number) => (from === 0 ? head : again);
  return {
    natural: around + head.height + heightOf(flow, 0, flow.count),
    least: 0,
    warnings: body.warnings,
    treatment,
    frame,
    framed,
    keepsNext: input.content.kind === 'text' && head.height > 0 ? leadKeeps(flow) : trailingKeeps(flow),
    headings: body.headings ?? [],
    take: (from, room, force, most) => {
      const outer = around + above(from).height;
      const fragment = takeFragment(flow, from, room - outer, force, most);
      return fragment && { ...fragment, height: fragment.height + outer, last: fragment.to >= flow.count };
    },
    pieces: (box, from, to) => flowPieces(flow, box, padding, above(from), from, to),
  };
}

/** A heading with this many lines below it leads to what follows, and goes where that goes. */
const LEAD_LINES = 3;
const leadKeeps = (flow: Flow): number => (flow.count <= LEAD_LINES ? flow.count : trailingKeeps(flow));

function trailingKeeps(flow: Flow): number {
  let count = 0;
  while (count < flow.count && flow.keepsNext(flow.count - 1 - count)) count += 1;
  return count;
}

interface Padding {
  readonly x: number;
  readonly y: number;
}

const paddingOf = ({ theme: { space } }: SheetStyle): Padding => ({ x: space.cardInset, y: space.cardPadding });

type Head = ReturnType<typeof cardHead>;

function* fixedPieces(body: FixedBody, box: Box, padding: Padding, head: Head): Iterable<Piece> {
  yield* head.pieces(box.x + padding.x, box.y + padding.y);
  yield* body.pieces({
    x: box.x + padding.x,
    y: box.y + padding.y + head.height,
    width: box.width - 2 * padding.x,
    height: box.height - 2 * padding.y - head.height,
  });
}

function* flowPieces(flow: Flow, box: Box, padding: Padding, head: Head, from: number, to: number): Iterable<Piece> {
  yield* head.pieces(box.x + padding.x, box.y + padding.y);
  yield* flow.paint(from, to, box.x + padding.x, box.y + padding.y + head.height);
}

function frameMark(box: Box, { theme }: SheetStyle): Mark {
  const { surface, space, rule } = theme;
  if (theme.card === 'rule') {
    const edge = { color: rule.strong, width: rule.lineWidth };
    return { kind: 'rule', x1: box.x, y1: box.y, x2: box.x + box.width, y2: box.y, ...edge };
  }
  const stroke = { color: surface.cardEdge, width: rule.lineWidth };
  return {
    kind: 'rect',
    ...box,
    fill: surface.card === surface.page ? null : surface.card,
    stroke,
    radius: space.cardRadius,
  };
}
