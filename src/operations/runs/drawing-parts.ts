import type { Rows, Value } from '../../rows/rows.ts';
import type { Drawing } from './draw-document.ts';

/** Some rows of one series, by the places of its widget and itself. */
interface RowsPart {
  readonly read: number;
  readonly series: number;
  readonly values: readonly (readonly Value[])[];
}

/** Copying so many values to another thread takes a few milliseconds. */
const VALUES_AT_ONCE = 20_000;

/**
 * A drawing in pieces of bounded size, to be sent to another thread: first all but its rows, then rows. Rows that fill
 * several pieces are given away: they leave the drawing as they are sent, so that a long table is not held twice.
 */
export function* partsOf(drawing: Drawing): Iterable<unknown> {
  const emptied: Drawing = {
    ...drawing,
    reads: drawing.reads.map((read) => ({
      ...read,
      series: read.series.map((one) => ({ ...one, rows: { ...one.rows, values: [] } })),
    })),
  };
  yield emptied;
  const uses = usesOf(drawing);
  for (const [index, { series }] of drawing.reads.entries()) {
    for (const [place, { rows }] of series.entries()) {
      const values = rows.values as (readonly Value[])[];
      const step = Math.max(1, Math.floor(VALUES_AT_ONCE / Math.max(1, rows.columns.length)));
      const left = (uses.get(values) ?? 1) - 1;
      uses.set(values, left);
      const isKept = left > 0 || values.length <= step;
      for (let at = 0; at < values.length; at += isKept ? step : 0) {
        const sent = isKept ? values.slice(at, at + step) : values.splice(0, step);
        yield { read: index, series: place, values: sent } satisfies RowsPart;
      }
    }
  }
}

/** How many series show the same rows: they are given away with the last. */
function usesOf({ reads }: Drawing): Map<Rows['values'], number> {
  const uses = new Map<Rows['values'], number>();
  for (const { series } of reads) {
    for (const { rows } of series) uses.set(rows.values, (uses.get(rows.values) ?? 0) + 1);
  }
  return uses;
}

/** The drawing again. */
export function drawingOf([first, ...rows]: readonly unknown[]): Drawing {
  const drawing = first as Drawing;
  const words = createWords();
  for (const { read, series, values } of rows as readonly RowsPart[]) {
    const whole = drawing.reads[read]?.series[series]?.rows.values as Value[][] | undefined;
    for (const row of values as Value[][]) {
      for (const [column, value] of row.entries()) if (typeof value === 'string') row[column] = words(value);
      whole?.push(row);
    }
  }
  return drawing;
}

const MOST_WORDS = 2_000;
const LONGEST_WORD = 40;

/** Texts that come again and again (states, hosts) are each a copy of their own after the way to another thread. */
function createWords(): (text: string) => string {
  const words = new Map<string, string>();
  return (text) => {
    if (text.length > LONGEST_WORD) return text;
    const known = words.get(text);
    if (known !== undefined) return known;
    if (words.size < MOST_WORDS) words.set(text, text);
    return text;
  };
}
