import type { Rows, Value } from '../rows/rows.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, instantOfValue, isNumber, isText, isTime, numberOf, shortText } from './mappings.ts';
import { chartWords } from './words.ts';

/** One series over time, in order of time, one value per instant; null = known to be missing. */
export interface TimeSeries {
  readonly name: string;
  /** Name of the column the values come from: a hint to their unit. */
  readonly column: string;
  readonly points: readonly TimePoint[];
}

export interface TimePoint {
  readonly at: number;
  readonly value: number | null;
}

/** The series of a widget on one common clock. */
export interface TimeTable {
  readonly series: readonly TimeSeries[];
  /** The report's zone; UTC where the column holds calendar days, which are midnights UTC whatever the zone. */
  readonly zone: string;
}

/** Whether rows have what a time series needs. */
export const hasTime = ({ rows }: SeriesRows, mappings: Mappings): boolean => timeColumn(rows, mappings.x) >= 0;

/** The mapped column if it can be read as time, else the first time column, else one with a name that says so. */
function timeColumn(rows: Rows, name: string | null): number {
  const found = columnIndex(rows, name, [], isTime);
  const column = rows.columns[found];
  if (!column) return -1;
  if (isTime(column)) return found;
  const first = rows.values.find((row) => row[found] !== null)?.[found];
  const readable = column.type === 'text' ? /^\d{4}-\d\d/.test(String(first)) : Number(first) > 1e8;
  return readable ? found : -1;
}

/** Seconds since 1970 are told from milliseconds by their size: 1e11 is the year 5138 or 1973. */
const instantOf = (value: Value | undefined): number | null => {
  const instant = instantOfValue(value);
  return typeof value === 'number' && instant !== null && Math.abs(instant) < 1e11 ? instant * 1000 : instant;
};

/** Reads all series: one per group, else one per number column. */
export function timeSeriesOf(series: readonly SeriesRows[], mappings: Mappings, env: ChartEnvironment): TimeTable {
  let zone = env.timeZone;
  const read = series.flatMap(({ name, rows }) => {
    const x = timeColumn(rows, mappings.x);
    if (x < 0) return [];
    if (rows.columns[x]?.type === 'date') zone = 'UTC';
    const isStampColumn = isTime(rows.columns[x] ?? { name: '', type: 'text' });
    const group = columnIndex(rows, mappings.group, [x], isText);
    const readInstant = isStampColumn ? instantOfValue : instantOf;
    const measures = measureColumns(rows, mappings.y, [x, group]);
    return measures.flatMap((measure) => {
      const column = rows.columns[measure]?.name ?? name;
      const groups = pointsByGroup(rows, x, measure, group, readInstant);
      return [...groups].map(([key, points]) => ({
        name: seriesName({ key, column, name, alone: series.length === 1, measures: measures.length }, env),
        column,
        points: inOrder(points),
      }));
    });
  });
  return { series: read, zone };
}

function measureColumns(rows: Rows, name: string | null, taken: readonly number[]): readonly number[] {
  const named = name === null ? -1 : rows.columns.findIndex((column) => column.name === name);
  if (named >= 0) return [named];
  return rows.columns.flatMap((column, index) => (isNumber(column) && !taken.includes(index) ? [index] : []));
}

function pointsByGroup(
  rows: Rows,
  x: number,
  measure: number,
  group: number,
  read: (value: Value | undefined) => number | null,
): Map<string | null, TimePoint[]> {
  const groups = new Map<string | null, TimePoint[]>();
  for (const row of rows.values) {
    const at = read(row[x]);
    if (at === null) continue;
    const value = group < 0 ? undefined : row[group];
    const key =
      value === undefined
        ? null
        : value === null || (typeof value === 'number' && !Number.isFinite(value))
          ? ''
          : shortText(String(value));
    const points = groups.get(key) ?? [];
    if (points.length === 0) groups.set(key, points);
    points.push({ at, value: numberOf(row[measure]) });
  }
  return groups;
}

function seriesName(
  of: { key: string | null; column: string; name: string; alone: boolean; measures: number },
  env: ChartEnvironment,
): string {
  const own = of.key === null ? null : of.key === '' ? chartWords(env.locale).noName : of.key;
  const parts = [of.alone ? null : of.name, own, own === null || of.measures > 1 ? of.column : null];
  const said = parts.filter((part) => part !== null);
  return shortText(of.alone || own !== null || of.measures > 1 ? said.join(' · ') : of.name);
}

/** Sorted by time; what comes twice at one instant is summed, as rows of an unnamed finer grouping. */
function inOrder(points: readonly TimePoint[]): readonly TimePoint[] {
  const isSorted = points.every((point, index) => index === 0 || point.at >= (points[index - 1]?.at ?? point.at));
  const sorted = isSorted ? points : points.toSorted((one, other) => one.at - other.at);
  const merged: TimePoint[] = [];
  for (const point of sorted) {
    const last = merged.at(-1);
    if (last?.at !== point.at) merged.push(point);
    else if (point.value !== null) merged[merged.length - 1] = { at: point.at, value: (last.value ?? 0) + point.value };
  }
  return merged;
}
