import type { Widget } from '../definition/definition.ts';
import type { Column, Rows, Value } from '../rows/rows.ts';
import { formatStamp } from './dates.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, instantOfValue, isNumber, isText, isTime, numberOf, shortText } from './mappings.ts';
import { formatExact } from './numbers.ts';
import { chartWords } from './words.ts';

/** Sums by category and group: what bars, and lines over categories, are drawn from. */
export interface CategoryTable {
  readonly categories: readonly Category[];
  readonly groups: readonly string[];
  /** Name of the first value column: a hint to its unit; null when rows were counted. */
  readonly column: string | null;
  /** True where categories have an order of their own that must stay: numbers, or a custom range. */
  readonly ordered: boolean;
  readonly isNumeric: boolean;
}

export interface Category {
  readonly label: string;
  /** One sum per group, null where the group has no value. */
  readonly values: readonly (number | null)[];
}

const MOST_DISTINCT_NUMBERS = 40;
const BINS = 24;

/** Functions whose results must not be added up to an "Other". */
const NOT_SUMMABLE = /^(avg|average|mean|median|min|max|percentile|quantile|stddev|variance|p\d+)/i;

/** Whether the values of a column may be added up, as far as the widget's own query tells. */
export const isSummable = (widget: Widget, column: string | null): boolean =>
  !widget.series.some(({ query }) =>
    query?.fields.some(
      ({ field, alias, aggregation }) =>
        aggregation !== null &&
        (column === alias || column === field || query.fields.length <= 2) &&
        NOT_SUMMABLE.test(aggregation.func),
    ),
  );

interface Columns {
  readonly x: number;
  readonly measures: readonly number[];
  readonly group: number;
}

function columnsOf(rows: Rows, mappings: Mappings): Columns {
  const x = columnIndex(rows, mappings.x, [], isText, () => true);
  const group = columnIndex(rows, mappings.group, [x], ...(mappings.x === null ? [] : [isText]));
  const named = columnIndex(rows, mappings.y, [x, group]);
  const numbers = rows.columns.flatMap((column, index) =>
    isNumber(column) && index !== x && index !== group ? [index] : [],
  );
  return { x, group, measures: named >= 0 ? [named] : numbers };
}

/** Reads rows into categories; null when there is no column for them. */
export function categoryTableOf(
  series: readonly SeriesRows[],
  mappings: Mappings,
  env: ChartEnvironment,
): CategoryTable | null {
  const cells = new Map<string, Map<string, number | null>>();
  const groups = new Set<string>();
  let column: string | null = null;
  let numeric = true;
  const label = labeller(series, mappings, env);
  for (const { name, rows } of series) {
    const { x, measures, group } = columnsOf(rows, mappings);
    if (x < 0) continue;
    numeric &&= isNumber(rows.columns[x] ?? { name: '', type: 'text' });
    column ??= rows.columns[measures[0] ?? -1]?.name ?? null;
    for (const row of rows.values) {
      const category = label(row[x] ?? null, rows.columns[x]);
      for (const measure of measures.length > 0 ? measures : [-1]) {
        const said =
          group >= 0
            ? label(row[group] ?? null, rows.columns[group])
            : measures.length > 1
              ? (rows.columns[measure]?.name ?? name)
              : name;
        const ofCategory = cells.get(category) ?? new Map<string, number | null>();
        cells.set(category, ofCategory);
        groups.add(said);
        const value = measure < 0 ? 1 : numberOf(row[measure]);
        const before = ofCategory.get(said);
        ofCategory.set(said, value === null ? (before ?? null) : (before ?? 0) + value);
      }
    }
  }
  if (cells.size === 0) return null;
  const names = [...groups];
  const order = orderOf([...cells.keys()], mappings, numeric);
  const categories = order.map((key) => ({
    label: key,
    values: names.map((name) => cells.get(key)?.get(name) ?? null),
  }));
  return { categories, groups: names, column, ordered: numeric || mappings.customRange !== null, isNumeric: numeric };
}

/** A custom range comes first, in its order, also where it has no rows; numbers ascend; all else stays as it came. */
function orderOf(
  found: readonly string[],
  { customRange, useUnknownValues }: Mappings,
  numeric: boolean,
): readonly string[] {
  if (customRange) {
    const known = customRange.map((value) => shortText(value));
    return [...known, ...(useUnknownValues ? found.filter((label) => !known.includes(label)) : [])];
  }
  return numeric ? found.toSorted((a, b) => sortNumber(a) - sortNumber(b)) : found;
}

const sortNumber = (label: string): number => Number.parseFloat(label.replace(/[^\d.,-]/g, '').replace(',', '.')) || 0;

type Labeller = (value: Value, column: Column | undefined) => string;

/** Values as category names; numbers in many different values are put into equal bins. */
function labeller(series: readonly SeriesRows[], mappings: Mappings, env: ChartEnvironment): Labeller {
  const words = chartWords(env.locale);
  const plain: Labeller = (value, column) => {
    if (value === null || value === '' || (typeof value === 'number' && !Number.isFinite(value))) return words.noName;
    const at = column && isTime(column) ? instantOfValue(value) : null;
    if (at !== null) {
      const isDay = column?.type === 'date';
      return formatStamp(at, isDay ? 'UTC' : env.timeZone, env.locale, isDay ? 'day' : 'minute');
    }
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    return typeof value === 'number' ? plainNumber(value) : shortText(value);
  };
  const numbers = series.flatMap(({ rows }) => {
    const { x } = columnsOf(rows, mappings);
    return isNumber(rows.columns[x] ?? { name: '', type: 'text' }) ? rows.values.map((row) => numberOf(row[x])) : [];
  });
  const distinct = [...new Set(numbers.filter((value) => value !== null))];
  if (distinct.length <= MOST_DISTINCT_NUMBERS || mappings.customRange) return plain;
  const [low, high] = distinct.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  );
  const width = roundUp((high - low) / BINS);
  return (value, column) => {
    const number = numberOf(value);
    if (number === null) return plain(value, column);
    const from = Math.floor(number / width) * width;
    return `${plainNumber(from)}–${plainNumber(from + width)}`;
  };

  function plainNumber(value: number): string {
    return formatExact(Number(value.toPrecision(12)), env.locale);
  }
}

/** The next of 1, 2, 5 times a power of ten. */
function roundUp(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return ([1, 2, 5, 10].find((lead) => lead * power >= width) ?? 10) * power;
}
