import type { MetricContent } from '../charts/content.ts';
import type { BodyInput, FixedBody } from './card-body.ts';
import { lineContent } from './flow.ts';
import type { Box, Mark, Piece } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { baselineOf, breakLinesCut, type Line, lookOf } from './text.ts';

/** However high the card is, the number stands near its name. */
const MOST_SPARE = 32;
const LEAST_VALUE_SIZE = 12;
const SPARKLINE_HEIGHT = 26;
const SPARKLINE_SHARE = 0.4;
const LEAST_SPARKLINE_WIDTH = 40;
const LEAST_SPARKLINE_HEIGHT = 9;

/** A number large enough to be read across the table, its change beside it, its values before as a line without axes. */
export function metricBody(input: BodyInput<MetricContent>, style: SheetStyle): FixedBody {
  const { content, width, row = null } = input;
  const { theme, ruler, family } = style;
  const sparkWidth = content.sparkline === null ? 0 : sparklineRoom(width);
  const hasSpark = sparkWidth > 0;
  const room = valueRoom(content, width, style);
  const value = valueLine(content.value, row?.size ?? ownSize(content, width, style), room, style);
  const valueHeight = theme.text.metric.lineHeight;
  const small = lookOf(ruler.fonts, theme.text.small, family);
  const color = changeColor(content.change, style);
  const change = content.change === null ? [] : [{ ...small, color, text: content.change.text }];
  const label = content.label === null ? [] : [{ ...small, text: content.label }];
  const beside = [...change, { ...small, text: '  ' }, ...label];
  const taken = beside.reduce((sum, { text, face, size }) => sum + ruler.width(text, face, size), 0);
  // A date is not parted for standing behind a change: it has a line of its own.
  const said = content.change === null || content.label === null || taken > width ? [change, label] : [beside];
  const notes = said.flatMap((spans) => (spans.length === 0 ? [] : breakLinesCut(spans, width, ruler, 2).lines));
  const words = input.description === null ? [] : [{ ...small, text: input.description }];
  const lines = [...notes, ...breakLinesCut(words, width, ruler, 3).lines];
  const { lineHeight } = theme.text.small;
  const height = valueHeight + lines.length * lineHeight;
  // In a narrow card the line of values stands below, where the card is high enough; its neighbours leave the same room.
  const isBelow = content.sparkline !== null && !hasSpark;
  const sparkRoom = isBelow || (row?.isSparkBelow ?? false) ? theme.space.unit + SPARKLINE_HEIGHT : 0;
  const pieces = function* (box: Box): Iterable<Piece> {
    // As if every number had one line below it: numbers of a row share their baseline whatever they have.
    const free = Math.min(sparkRoom, Math.max(0, box.height - height));
    const spare = Math.min(MOST_SPARE, (box.height - free - valueHeight - lineHeight) / 2);
    const top = box.y + Math.max(0, Math.min(spare, box.height - free - height));
    const baseline = top + baselineOf(lookOf(ruler.fonts, theme.text.metric, family), valueHeight);
    yield { tag: 'P', content: lineContent(value, box.x, baseline, room) };
    const below = top + valueHeight + baselineOf(small, lineHeight);
    if (lines.length > 0) {
      yield {
        tag: 'P',
        content: lines.flatMap((line, index) => lineContent(line, box.x, below + index * lineHeight, box.width)),
      };
    }
    if (hasSpark && content.sparkline !== null) {
      const sparkHeight = Math.min(SPARKLINE_HEIGHT, box.height);
      const spark = {
        x: box.x + box.width - sparkWidth,
        y: baseline - sparkHeight,
        width: sparkWidth,
        height: sparkHeight,
      };
      yield* sparkline(input, spark, style);
    }
    const sparkHeight = free - theme.space.unit;
    if (isBelow && sparkHeight >= LEAST_SPARKLINE_HEIGHT) {
      const y = box.y + box.height - sparkHeight;
      yield* sparkline(input, { x: box.x, y, width: box.width, height: sparkHeight }, style);
    }
  };
  return { kind: 'fixed', natural: height + (isBelow ? sparkRoom : 0), least: height, warnings: [], pieces };
}

/** Width of the line of values beside a number; 0 in cards that are too narrow for one. */
export function sparklineRoom(width: number): number {
  const wished = width * SPARKLINE_SHARE;
  return wished >= LEAST_SPARKLINE_WIDTH ? wished : 0;
}

function valueRoom({ sparkline }: MetricContent, width: number, { theme }: SheetStyle): number {
  const beside = sparkline === null ? 0 : sparklineRoom(width);
  return beside === 0 ? width : width - beside - theme.space.unit * 2;
}

/** The size of a number by itself in a card of a width: the theme's, or the largest that fits on one line. */
export function ownSize(content: MetricContent, width: number, style: SheetStyle): number {
  const { face, size } = lookOf(style.ruler.fonts, style.theme.text.metric, style.family);
  const room = valueRoom(content, width, style);
  const scale = Math.min(1, room / Math.max(1, style.ruler.width(content.value, face, size) + 0.1));
  return Math.max(LEAST_VALUE_SIZE, size * scale);
}

function valueLine(text: string, size: number, width: number, { theme, ruler, family }: SheetStyle): Line {
  const look = { ...lookOf(ruler.fonts, theme.text.metric, family), size };
  const { lines } = breakLinesCut([{ ...look, text }], width, ruler, 1);
  return lines[0] ?? { runs: [], width: 0 };
}

function changeColor(change: MetricContent['change'], { theme }: SheetStyle): string {
  if (change === null || change.good === null) return theme.ink.muted;
  return change.good ? theme.sign.good : theme.sign.bad;
}

function* sparkline(input: BodyInput<MetricContent>, box: Box, style: SheetStyle): Iterable<Piece> {
  const { sparkline: plan, alt } = input.content;
  if (plan === null) return;
  try {
    const drawing = style.drawChart(plan, box.width, box.height);
    const mark: Mark = { kind: 'drawing', ...box, drawing };
    yield { tag: 'Figure', alt, box, content: [mark] };
    drawing.release();
  } catch (error) {
    input.onFailure(error);
  }
}
