import type { Value } from '../../rows/rows.ts';
import type { Drawing } from './draw-document.ts';

/** Some rows of one series, by the places of its widget and itself. */
interface RowsPart {
  readonly read: number;
  readonly series: number;
  readonly values: readonly (readonly Value[])[];
}

/** Copying so many values to another thread takes a few milliseconds. */
const VALUES_AT_ONCE = 20_000;

/** A drawing in pieces of bounded size, to be sent to another thread: first all but its rows, then rows. */
export function* partsOf(drawing: Drawing): Iterable<unknown> {
  const emptied: Drawing = {
    ...drawing,
    reads: drawing.reads.map((read) => ({
      ...read,
      series: read.series.map((one) => ({ ...one, rows: { ...one.rows, values: [] } })),
    })),
  };
  yield emptied;
  for (const [index, { series }] of drawing.reads.entries()) {
    for (const [place, { rows }] of series.entries()) {
      const step = Math.max(1, Math.floor(VALUES_AT_ONCE / Math.max(1, rows.columns.length)));
      for (let at = 0; at < rows.values.length; at += step) {
        yield { read: index, series: place, values: rows.values.slice(at, at + step) } satisfies RowsPart;
      }
    }
  }
}

/** The drawing again. */
export function drawingOf([first, ...rows]: readonly unknown[]): Drawing {
  const drawing = first as Drawing;
  for (const { read, series, values } of rows as readonly RowsPart[]) {
    const whole = drawing.reads[read]?.series[series]?.rows.values as (readonly Value[])[] | undefined;
    for (const row of values) whole?.push(row);
  }
  return drawing;
}
