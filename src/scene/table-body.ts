import type { TableContent } from '../charts/content.ts';
import type { BodyInput, FixedBody, FlowBody } from './card-body.ts';
import { heightOf } from './flow.ts';
import type { SheetStyle } from './sheet-style.ts';
import { tableFlow } from './table.ts';
import { lookOf, type Span } from './text.ts';

/** A table of a widget: all its rows, over as many pages as they take. */
export function tableBody(input: BodyInput<TableContent>, style: SheetStyle): FixedBody | FlowBody {
  const { columns, rows, truncation, limit } = input.content;
  const { theme, ruler, strings } = style;
  const cell = lookOf(ruler.fonts, theme.text.tableCell, style.family);
  const header = lookOf(ruler.fonts, theme.text.tableHeader, style.family);
  const caption = lookOf(ruler.fonts, theme.text.caption, style.family);
  const notes: string[] = [];
  const flow = tableFlow({
    columns: columns.map(({ label, align, type }) => {
      return { label: [{ ...header, text: label }], align, wraps: type === 'text' || type === 'json' };
    }),
    count: rows.length,
    row: (index) => {
      const values = rows[index] ?? [];
      return columns.map(({ format }, column): readonly Span[] => [{ ...cell, text: format(values[column] ?? null) }]);
    },
    width: input.width,
    theme,
    ruler,
    id: input.id,
    caption: (from, to) => {
      const text = strings.rows(Math.min(from, to), to, rows.length, truncation, limit);
      return { ...caption, text: [text, ...notes].join(' · ') };
    },
  });
  if (flow.hiddenColumns > 0) notes.push(strings.words.hiddenColumns(strings.number(flow.hiddenColumns)));
  if (flow.shortened > 0) notes.push(strings.words.shortened(strings.number(flow.shortened)));
  if (flow.count > 0) return { kind: 'flow', flow, warnings: [...notes] };
  const height = heightOf(flow, 0, 0);
  return { kind: 'fixed', natural: height, least: height, warnings: [], pieces: ({ x, y }) => flow.paint(0, 0, x, y) };
}
