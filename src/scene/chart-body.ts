import type { ChartContent } from '../charts/content.ts';
import { leastHeightOf } from '../charts/signals.ts';
import type { BodyInput, FixedBody } from './card-body.ts';
import { lineContent } from './flow.ts';
import { noticeBody } from './notice-body.ts';
import type { Box, Mark, Piece } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { baselineOf, breakLinesCut, lookOf } from './text.ts';

const MAX_CAPTION_LINES = 4;

/**
 * A chart with its caption. It is laid out only when it is printed, so that one view at a time is held; one that cannot
 * be drawn leaves a notice and costs the report nothing else.
 */
export function chartBody(input: BodyInput<ChartContent>, style: SheetStyle): FixedBody {
  const { content, width } = input;
  const { theme, ruler } = style;
  const look = lookOf(ruler.fonts, theme.text.caption, style.family);
  const { lineHeight } = theme.text.caption;
  const caption = content.caption === null ? [] : [{ ...look, text: content.caption }];
  const { lines } = breakLinesCut(caption, width, ruler, MAX_CAPTION_LINES);
  const below = lines.length === 0 ? 0 : lines.length * lineHeight + theme.space.unit;
  return {
    kind: 'fixed',
    natural: width / content.aspect + below,
    least: Math.max(content.minHeight, leastHeightOf(content.chart, width)) + below,
    warnings: [],
    *pieces(box) {
      const chart = { ...box, height: box.height - below };
      yield* figure(input, chart, style);
      if (lines.length === 0) return;
      const top = box.y + box.height - lines.length * lineHeight + baselineOf(look, lineHeight);
      yield {
        tag: 'P',
        content: lines.flatMap((line, index) => lineContent(line, box.x, top + index * lineHeight, box.width)),
      };
    },
  };
}

function* figure(input: BodyInput<ChartContent>, box: Box, style: SheetStyle): Iterable<Piece> {
  let drawing: ReturnType<SheetStyle['drawChart']> | null = null;
  try {
    drawing = style.drawChart(input.content.chart, box.width, box.height);
  } catch (error) {
    input.onFailure(error);
  }
  if (drawing === null) {
    const notice = { kind: 'notice', state: 'failed', message: '' } as const;
    yield* noticeBody({ ...input, content: notice }, style).pieces(box);
    return;
  }
  const mark: Mark = { kind: 'drawing', ...box, drawing };
  yield { tag: 'Figure', alt: input.content.alt, box, content: [mark] };
  drawing.release();
}
