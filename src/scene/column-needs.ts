import type { ColumnNeed } from './column-widths.ts';
import { chunksOf } from './line-breaks.ts';
import type { Cell, TableInput } from './table-cells.ts';
import type { Ruler, Span } from './text.ts';

const SAMPLED_ROWS = 2_000;
const LONGEST_WORD = 110;
const WIDEST_TEXT = 320;

/** Reads every row of a usual table, an even sample of a long one. */
export function columnNeeds(table: Pick<TableInput, 'columns' | 'count' | 'row' | 'ruler'>): ColumnNeed[] {
  const step = Math.max(1, Math.ceil(table.count / SAMPLED_ROWS));
  const needs = table.columns.map(({ label }) => labelNeed(label, table.ruler));
  for (let index = 0; index < table.count; index += step) {
    const cells = table.row(index);
    for (const [column, { wraps }] of table.columns.entries()) {
      const [need, cell] = [needs[column], cellNeed(cells[column] ?? [], wraps, table.ruler)];
      if (need) needs[column] = { min: Math.max(need.min, cell.min), max: Math.max(need.max, cell.max) };
    }
  }
  return needs;
}

const ROUNDING = 0.02;
const READ_CHARACTERS = 300;

function cellNeed(cell: Cell, wraps: boolean, ruler: Ruler): ColumnNeed {
  const spans = cell.map((span) => ({ ...span, text: span.text.slice(0, READ_CHARACTERS) }));
  const widthOf = (text: string, span: Span | undefined): number =>
    span ? ruler.width(text, span.face, span.size) : 0;
  const width = spans.reduce((sum, span) => sum + widthOf(span.text, span), 0) + ROUNDING;
  const max = Math.min(width, WIDEST_TEXT);
  if (!wraps && width <= LONGEST_WORD) return { min: width, max };
  const words = chunksOf(spans.map(({ text }) => text)).map(({ parts }) =>
    parts.reduce((sum, { text, span }) => sum + widthOf(text, spans[span]), 0),
  );
  return { min: Math.min(Math.max(0, ...words) + ROUNDING, LONGEST_WORD), max };
}

/** Headers are often identifiers: they may be broken after the marks inside them. */
function labelNeed(label: Cell, ruler: Ruler): ColumnNeed {
  const parted = label.map((span) => ({ ...span, text: span.text.replaceAll(/(?<=[_./:-])(?=\S)/g, '\u200b') }));
  return cellNeed(parted, true, ruler);
}
