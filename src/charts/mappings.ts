import type { Widget } from '../definition/definition.ts';
import type { Column, Rows, Value } from '../rows/rows.ts';
import type { SeriesRows } from './environment.ts';

/** What a widget's `mappings` say, read leniently: anything of another type counts as not given. */
export interface Mappings {
  readonly x: string | null;
  readonly y: string | null;
  readonly group: string | null;
  readonly field: string | null;
  readonly dataSeries: string | null;
  readonly fields: readonly { readonly key: string; readonly label: string }[];
  /** The axis' categories in order, where the widget fixes them. */
  readonly customRange: readonly string[] | null;
  /** Keep categories that are not in the custom range, behind it. */
  readonly useUnknownValues: boolean;
}

type Loose = Readonly<Record<string, unknown>>;

const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const looseOf = (value: unknown): Loose => (isLoose(value) ? value : {});
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export function readMappings(widget: Widget): Mappings {
  const { mappings } = widget;
  const x = looseOf(mappings.xAxis);
  const y = looseOf(mappings.yAxis);
  const custom = Array.isArray(x.customRangeValues) ? x.customRangeValues.map(String) : [];
  const fields = Array.isArray(mappings.fields) ? mappings.fields.filter(isLoose) : [];
  return {
    x: textOf(x.field),
    y: textOf(y.field),
    group: textOf(y.groupingField),
    field: textOf(mappings.field),
    dataSeries: textOf(mappings.dataSeries),
    fields: fields.flatMap((field) => {
      const key = textOf(field.key);
      return key ? [{ key, label: textOf(field.label) ?? key }] : [];
    }),
    customRange: x.customRange === true && custom.length > 0 ? [...new Set(custom)] : null,
    useUnknownValues: x.useUnknownValues === true,
  };
}

/** A text setting of the widget, lower case; empty when it is not there. */
export const settingOf = (widget: Widget, name: string): string => {
  const value = widget.settings[name];
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
};

/** The series that feeds a widget which shows one: the named one, else the first with rows, else the first. */
export function feedingSeries(widget: Widget, series: readonly SeriesRows[]): SeriesRows | undefined {
  const { dataSeries } = readMappings(widget);
  const named = series.find(({ name }) => name === dataSeries);
  return named ?? series.find(({ rows }) => rows.values.length > 0) ?? series[0];
}

/** Index of the named column, else of the first that passes the tests in turn; -1 when there is none. */
export function columnIndex(
  rows: Rows,
  name: string | null,
  taken: readonly number[],
  ...tests: readonly ((column: Column) => boolean)[]
): number {
  const named = name === null ? -1 : rows.columns.findIndex((column) => column.name === name);
  if (named >= 0) return named;
  for (const test of tests) {
    const found = rows.columns.findIndex((column, index) => !taken.includes(index) && test(column));
    if (found >= 0) return found;
  }
  return -1;
}

export const isTime = ({ type }: Column): boolean => type === 'time' || type === 'date';
export const isNumber = ({ type }: Column): boolean => type === 'number';
export const isText = ({ type }: Column): boolean => type === 'text' || type === 'boolean';

/** Beyond these a sum would overflow, or a step between ticks vanish. */
const LARGEST = 1e300;
const SMALLEST = 1e-300;

/** True for what `numberOf` does not take only because of its size. */
export const isTooLarge = (value: Value | undefined): boolean =>
  typeof value === 'number' && Math.abs(value) >= LARGEST && Number.isFinite(value);

/** A finite number, also from a decimal string; null for all else. */
export function numberOf(value: Value | undefined): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) return null;
  const number = Number(value);
  if (!(Math.abs(number) < LARGEST)) return null;
  return Math.abs(number) < SMALLEST ? 0 : number;
}

const FIRST_INSTANT = Date.parse('0001-01-01T00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T00:00Z');

/** Epoch milliseconds of a time or date value, also from ISO text; null beyond the years 1 to 9999. */
export function instantOfValue(value: Value | undefined): number | null {
  const instant = typeof value === 'string' ? Date.parse(value) : value;
  return typeof instant === 'number' && instant >= FIRST_INSTANT && instant <= LAST_INSTANT ? instant : null;
}

const LONGEST_LABEL = 80;

/** Text short enough for a legend or an axis: blanks joined, cut with an ellipsis. */
export function shortText(text: string): string {
  const joined = text
    .slice(0, LONGEST_LABEL * 4)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(joined);
  return characters.length > LONGEST_LABEL ? `${characters.slice(0, LONGEST_LABEL - 1).join('')}…` : joined;
}
