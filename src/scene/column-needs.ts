import type { ColumnNeed } from './column-widths.ts';
import { chunksOf } from './line-breaks.ts';
import type { Cell, TableInput } from './table-cells.ts';
import type { Ruler, Span } from './text.ts';

const SAMPLED_ROWS = 1_000;
const LONGEST_WORD = 110;
const WIDEST_TEXT = 320;

/** Odd, so that a sample of every so many rows does not fall in step with what repeats in them. */
const STRIDE = 7919;

/** Reads every row of a usual table; of a long one an even sample with the last row, the same for the same rows. */
export function columnNeeds(table: Pick<TableInput, 'columns' | 'count' | 'row' | 'ruler'>): ColumnNeed[] {
  const { columns, count, ruler } = table;
  const step = Math.max(1, Math.ceil(count / SAMPLED_ROWS));
  const needs = columns.map(({ label }) => labelNeed(label, ruler));
  const read = (index: number): void => {
    const cells = table.row(index);
    for (const [column, { wraps }] of columns.entries()) {
      const need = needs[column];
      if (need !== undefined) needs[column] = widened(need, cells[column] ?? [], wraps, ruler);
    }
  };
  for (let block = 0; block * step < count; block += 1)
    read(Math.min(count - 1, block * step + ((block * STRIDE) % step)));
  if (step > 1) read(count - 1);
  return needs;
}

function widened(need: ColumnNeed, cell: Cell, wraps: boolean, ruler: Ruler): ColumnNeed {
  const { min, max } = cellNeed(cell, wraps, ruler);
  return min <= need.min && max <= need.max ? need : { min: Math.max(need.min, min), max: Math.max(need.max, max) };
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
  const words = [...chunksOf(spans.map(({ text }) => text))].map(({ parts }) =>
    parts.reduce((sum, { text, span }) => sum + widthOf(text, spans[span]), 0),
  );
  return { min: Math.min(Math.max(0, ...words) + ROUNDING, LONGEST_WORD), max };
}

/** Headers are often identifiers: they may be broken after the marks inside them. */
function labelNeed(label: Cell, ruler: Ruler): ColumnNeed {
  const parted = label.map((span) => ({ ...span, text: span.text.replaceAll(/(?<=[_./:-])(?=\S)/g, '\u200b') }));
  return cellNeed(parted, true, ruler);
}
