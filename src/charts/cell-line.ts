import type { Locale } from '../definition/definition.ts';
import type { Value } from '../rows/rows.ts';
import { formatValue } from './numbers.ts';

/** More values than this cannot be told apart in a cell. */
const MOST_VALUES = 120;

/** The numbers of a cell that is drawn as a line: a list such as `3 5 - 8`, where what is no number is a gap. */
export function cellLine(value: Value): readonly (number | null)[] {
  const words =
    value === null
      ? []
      : String(value)
          .trim()
          .split(/[\s,;[\]]+/);
  return words
    .filter((word) => word !== '')
    .slice(0, MOST_VALUES)
    .map((word) => (Number.isFinite(Number(word)) ? Number(word) : null));
}

/** What stands beside the line: its largest number. */
export function cellLineText(value: Value, locale: Locale): string {
  const numbers = cellLine(value).filter((one) => one !== null);
  return numbers.length === 0 ? '–' : formatValue(Math.max(...numbers), null, locale);
}
