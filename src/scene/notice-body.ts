import type { NoticeContent } from '../charts/content.ts';
import type { BodyInput, FixedBody } from './card-body.ts';
import { lineContent } from './flow.ts';
import type { Box, Piece } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import type { PageStrings } from './strings.ts';
import { alignedX, baselineOf, breakLinesCut, lookOf } from './text.ts';

const MAX_LINES = 6;
const PADDING = 10;

/** A notice's words: a title where something went wrong, and a sentence. */
export function noticeWords(
  { state, message }: NoticeContent,
  widgetKind: string,
  { words }: PageStrings,
): { title: string; message: string } {
  const title = { failed: words.failed, 'timed out': words.timedOut, empty: '', unsupported: '' }[state];
  return { title, message: state === 'unsupported' && message === '' ? words.unknownKind(widgetKind) : message };
}

/** What is said where there is nothing to draw: quiet for "no data", marked with a coloured edge for what went wrong. */
export function noticeBody({ content, width, widgetKind }: BodyInput<NoticeContent>, style: SheetStyle): FixedBody {
  const { theme, ruler, family, strings } = style;
  const bad = content.state === 'failed' || content.state === 'timed out';
  const { lineHeight } = theme.text.body;
  const body = lookOf(ruler.fonts, theme.text.body, family);
  const strong = lookOf(ruler.fonts, theme.text.strong, family);
  const { title, message } = noticeWords(content, widgetKind, strings);
  const spans = [
    ...(title === '' ? [] : [{ ...strong, text: `${title}\n` }]),
    { ...body, color: theme.ink.muted, text: message },
  ];
  const { lines } = breakLinesCut(spans, width - 2 * PADDING, ruler, MAX_LINES);
  const textHeight = lines.length * lineHeight;
  const pieces = (box: Box): Piece[] => {
    const top = box.y + (box.height - textHeight) / 2 + baselineOf(body, lineHeight);
    const textWidth = box.width - 2 * PADDING;
    const content = lines.flatMap((line, index) =>
      lineContent(line, box.x + PADDING + alignedX(line, textWidth, 'center'), top + index * lineHeight),
    );
    const edge = { x: box.x, y: box.y, width: 2.5, height: box.height };
    return [
      {
        tag: 'Artifact',
        content: [
          { kind: 'rect', ...box, fill: theme.surface.stripe, stroke: null, radius: 2 },
          ...(bad ? [{ kind: 'rect' as const, ...edge, fill: theme.sign.bad, stroke: null, radius: 0 }] : []),
        ],
      },
      { tag: 'P', content },
    ];
  };
  const height = textHeight + 2 * PADDING;
  return { kind: 'fixed', natural: Math.max(height, 56), least: height, warnings: [], pieces };
}
