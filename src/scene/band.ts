import type { Align, PageBand } from '../definition/definition.ts';
import type { Box, Mark } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { alignedX, baselineOf, breakLines, breakLinesCut, type Line, lookOf } from './text.ts';

/** A header or footer, measured. */
export interface Band {
  readonly height: number;
  marks(x: number, y: number): Mark[];
}

interface BandInput {
  readonly band: PageBand;
  readonly items: readonly { readonly align: Align; readonly text: string }[];
  readonly width: number;
  readonly rule: 'above' | 'below';
}

const ALIGNS: readonly Align[] = ['left', 'center', 'right'];
const PICTURE_HEIGHT = 26;
const PICTURE_WIDTH = 150;
const BANNER_HEIGHT = 44;
const LARGEST_OWN_HEIGHT = 72;
const POINTS_PER_PIXEL = 0.75;
const SLOT_GAP = 16;
const ITEM_GAP = 10;
const RULE_GAP = 6;
const MAX_LINES = 3;
/** A text is never squeezed below this width. */
const LEAST_TEXT = 20;

/** What stands at one side of the band, beside each other: the picture, then the texts in their order. */
interface Slot {
  readonly align: Align;
  readonly picture: { readonly width: number; readonly height: number } | null;
  readonly texts: readonly { readonly lines: readonly Line[]; readonly width: number }[];
  readonly width: number;
}

/**
 * Lay out a header or footer: three slots (left, centre, right) on one height. Texts share the width and wrap when they
 * have to; an image that fills its box becomes a banner over the whole width with the texts below it.
 */
export function layOutBand(input: BandInput, style: SheetStyle): Band {
  const { band, width } = input;
  const banner = band.picture !== null && band.fit === 'fill';
  const bannerHeight = banner ? BANNER_HEIGHT : 0;
  const size = band.picture === null || banner ? null : pictureSize(band, width);
  const slots = slotsOf(input, size, style);
  const { lineHeight } = style.theme.text.band;
  const textHeight = Math.max(0, ...slots.flatMap(({ texts }) => texts.map(({ lines }) => lines.length * lineHeight)));
  const rowHeight = Math.max(textHeight, size?.height ?? 0);
  const bannerGap = banner && rowHeight > 0 ? RULE_GAP : 0;
  const inner = bannerHeight + bannerGap + rowHeight;
  const ruleY = input.rule === 'below' ? inner + RULE_GAP : 0;
  const top = input.rule === 'below' ? 0 : RULE_GAP;
  const look = lookOf(style.ruler.fonts, style.theme.text.band, style.family);
  const { line, hairWidth } = style.theme.rule;
  return {
    height: inner + RULE_GAP,
    marks: (x, y) => {
      const marks: Mark[] = [
        { kind: 'rule', x1: x, y1: y + ruleY, x2: x + width, y2: y + ruleY, color: line, width: hairWidth * 1.5 },
      ];
      if (banner && band.picture !== null) {
        const box = { x, y: y + top, width, height: BANNER_HEIGHT };
        marks.push({
          kind: 'picture',
          ...box,
          picture: band.picture,
          target: coverBox(band.picture, box, band.imageAlign),
        });
      }
      const rowTop = y + top + bannerHeight + bannerGap;
      for (const slot of slots) {
        const left = x + slotX(slot, width);
        marks.push(...slotMarks(slot, band, left, rowTop, rowHeight, lineHeight, baselineOf(look, lineHeight)));
      }
      return marks;
    },
  };
}

const slotX = (slot: Slot, width: number): number =>
  slot.align === 'left' ? 0 : slot.align === 'right' ? width - slot.width : (width - slot.width) / 2;

function slotMarks(
  slot: Slot,
  band: PageBand,
  x: number,
  y: number,
  height: number,
  lineHeight: number,
  rise: number,
): Mark[] {
  const marks: Mark[] = [];
  let left = x;
  if (slot.picture !== null && band.picture !== null) {
    const box = { x: left, y: y + (height - slot.picture.height) / 2, ...slot.picture };
    marks.push({ kind: 'picture', ...box, picture: band.picture, target: box });
    left += slot.picture.width + ITEM_GAP;
  }
  for (const { lines, width } of slot.texts) {
    const top = y + (height - lines.length * lineHeight) / 2 + rise;
    for (const [index, line] of lines.entries()) {
      marks.push({ kind: 'text', x: left + alignedX(line, width, slot.align), y: top + index * lineHeight, line });
    }
    left += width + ITEM_GAP;
  }
  return marks;
}

function pictureSize(band: PageBand, width: number): { width: number; height: number } | null {
  if (band.picture === null) return null;
  const own = { width: band.picture.width * POINTS_PER_PIXEL, height: band.picture.height * POINTS_PER_PIXEL };
  const most = band.fit === 'none' ? [width, LARGEST_OWN_HEIGHT] : [PICTURE_WIDTH, PICTURE_HEIGHT];
  const scale = Math.min((most[0] ?? 1) / own.width, (most[1] ?? 1) / own.height);
  const factor = band.fit === 'none' ? Math.min(1, scale) : scale;
  return { width: own.width * factor, height: own.height * factor };
}

/** Where a picture is drawn to cover a box; what is outside the box is cut. */
export function coverBox(picture: { width: number; height: number }, box: Box, align: Align = 'center'): Box {
  const scale = Math.max(box.width / picture.width, box.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const share = align === 'left' ? 0 : align === 'right' ? 1 : 0.5;
  return { x: box.x + (box.width - width) * share, y: box.y + (box.height - height) / 2, width, height };
}

function slotsOf(input: BandInput, size: { width: number; height: number } | null, style: SheetStyle): Slot[] {
  const { band, width } = input;
  const look = lookOf(style.ruler.fonts, style.theme.text.band, style.family);
  const colored = { ...look, color: band.color ?? look.color };
  const used = ALIGNS.map((align) => ({
    align,
    picture: size !== null && band.imageAlign === align ? size : null,
    texts: input.items.filter((item) => item.align === align && item.text.trim() !== '').map(({ text }) => text),
  })).filter(({ picture, texts }) => picture !== null || texts.length > 0);
  // As the line breaker adds it up: blanks may be of another face than in one stretch of text.
  const widthOf = (text: string): number => {
    const lines = breakLines([{ ...look, text }], Number.POSITIVE_INFINITY, style.ruler);
    return Math.max(0, ...lines.map((line) => line.width)) + 0.1;
  };
  const naturals = used.map((slot) => naturalWidth(slot, widthOf));
  const rooms = shareBand(
    used.map(({ align }) => align),
    naturals,
    width,
  );
  return used.map(({ align, picture, texts }, index) => {
    const pictureWidth = picture === null ? 0 : picture.width + (texts.length > 0 ? ITEM_GAP : 0);
    const room = (rooms[index] ?? width) - pictureWidth - ITEM_GAP * Math.max(0, texts.length - 1);
    const shares = fairShares(texts.map(widthOf), room);
    const fitted = texts.map((text, position) => {
      const share = Math.max(LEAST_TEXT, shares[position] ?? 0);
      const { lines } = breakLinesCut([{ ...colored, text }], share, style.ruler, MAX_LINES);
      return { lines, width: Math.max(0, ...lines.map((line) => line.width)) };
    });
    const textWidth = fitted.reduce((sum, text) => sum + text.width, 0) + ITEM_GAP * Math.max(0, fitted.length - 1);
    return { align, picture, texts: fitted, width: pictureWidth + textWidth };
  });
}

function naturalWidth(
  slot: { picture: { width: number } | null; texts: readonly string[] },
  measure: (text: string) => number,
): number {
  const parts = [...(slot.picture === null ? [] : [slot.picture.width]), ...slot.texts.map(measure)];
  return parts.reduce((sum, part) => sum + part, 0) + ITEM_GAP * Math.max(0, parts.length - 1);
}

/**
 * Every slot its own width where they stand free of each other. Else a short one keeps its width and a long one wraps in
 * what is left: a page number is never squeezed by a long text. What stands in the middle stays in the middle.
 */
function shareBand(aligns: readonly Align[], naturals: readonly number[], width: number): number[] {
  const wishes = naturals.map((natural) => natural + 0.1);
  if (!aligns.includes('center')) return fairShares(wishes, width - SLOT_GAP * (aligns.length - 1));
  const of = (align: Align): number => wishes[aligns.indexOf(align)] ?? 0;
  const side = Math.max(of('left'), of('right'));
  if (side === 0) return [Math.min(of('center'), width)];
  const third = (width - 2 * SLOT_GAP) / 3;
  const rest = of('center') + 2 * side - (width - 2 * SLOT_GAP);
  let center = of('center');
  if (rest > 0) center = side <= third ? width - 2 * (side + SLOT_GAP) : Math.min(center, third);
  const sides = (width - center) / 2 - SLOT_GAP;
  return aligns.map((align) => Math.min(of(align), align === 'center' ? center : sides));
}

/** Widths that add up to `room` at most: who wishes less than an equal share gets it all, the others share the rest. */
function fairShares(wishes: readonly number[], room: number): number[] {
  const shares = wishes.map(() => 0);
  let left = room;
  const order = wishes.map((_, index) => index).sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0));
  for (const [position, index] of order.entries()) {
    shares[index] = Math.max(0, Math.min(wishes[index] ?? 0, left / (order.length - position)));
    left -= shares[index] ?? 0;
  }
  return shares;
}
