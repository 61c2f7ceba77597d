import type { Widget } from '../definition/definition.ts';
import { intervalFor } from '../period/interval.ts';
import { addUnits, startOfUnit } from '../period/units.ts';
import { formatSpan } from './dates.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import type { HeatColumn, HeatTable, Reduction } from './heat-table.ts';
import { cellSums } from './heat-table.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, instantOfValue, isNumber, isText, isTime, numberOf, settingOf, shortText } from './mappings.ts';
import { unitOf } from './units.ts';
import { valueTicks } from './value-axis.ts';
import { chartWords } from './words.ts';

interface Found {
  readonly at: number;
  readonly name: string;
  readonly value: number;
}

const MOST_COLUMNS = 90;
const MOST_LINES = 40;
const BINS_ROOM = 150;
/** No Date is later (ECMA-262 §21.4.1.1). */
const LAST_DATE = 8.64e15;

/** Stretches of time by category, or by ranges of the values themselves where `type` is `buckets`. */
export function heatTimesOf(
  widget: Widget,
  series: readonly SeriesRows[],
  mappings: Mappings,
  reduction: Reduction,
  zone: string,
  env: ChartEnvironment,
): HeatTable | null {
  const { found, measured } = read(series, mappings, env);
  if (found.length === 0) return null;
  const buckets = bucketsOf(found, zone, env);
  const byValue = settingOf(widget, 'type') === 'buckets';
  const lines = byValue ? valueLines(found, widget, measured, env) : nameLines(found);
  const sums = cellSums(byValue ? 'count' : reduction);
  for (const one of found) {
    const [column, line] = [columnOf(buckets, one.at), lines.of(one)];
    if (column >= 0 && line >= 0) sums.add(column, line, one.value);
  }
  return {
    columns: buckets,
    lines: lines.labels,
    cells: sums.all(),
    time: { from: buckets[0]?.from ?? 0, to: buckets.at(-1)?.to ?? 1, zone },
    ...{ isOrdered: true, isCount: byValue || measured === null, column: measured },
    leftOut: { columns: 0, lines: lines.leftOut },
  };
}

function read(series: readonly SeriesRows[], mappings: Mappings, env: ChartEnvironment) {
  const found: Found[] = [];
  let measured: string | null = null;
  for (const { name, rows } of series) {
    const time = columnIndex(rows, mappings.x, [], isTime);
    const group = columnIndex(rows, mappings.group, [time], isText);
    const value = columnIndex(rows, mappings.y ?? mappings.field, [time, group], isNumber);
    measured ??= rows.columns[value]?.name ?? null;
    for (const row of rows.values) {
      const [at, amount] = [instantOfValue(row[time]), value < 0 ? 1 : numberOf(row[value])];
      if (at === null || amount === null) continue;
      const own = group < 0 ? name : row[group];
      found.push({ at, value: amount, name: own ? shortText(String(own)) : chartWords(env.locale).noName });
    }
  }
  return { found, measured };
}

/** Buckets of a usual width on the zone's boundaries, from the first value to the last. */
function bucketsOf(found: readonly Found[], zone: string, env: ChartEnvironment): readonly HeatColumn[] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { at } of found) [first, last] = [Math.min(first, at), Math.max(last, at)];
  const distinct = new Set(found.map(({ at }) => at)).size;
  const room = Math.max(1, (last - first) * (120 / Math.min(MOST_COLUMNS, Math.max(2, distinct))));
  const { count, unit } = intervalFor({ from: new Date(0), to: new Date(Math.min(LAST_DATE, room)) }, null);
  const buckets: HeatColumn[] = [];
  let from = startOfUnit(new Date(first), unit === 'h' || unit === 'm' ? (unit === 'h' ? 'd' : 'h') : unit, zone);
  while (from.getTime() <= last && buckets.length < MOST_COLUMNS * 4) {
    const to = addUnits(from, count, unit, zone);
    if (to.getTime() > first) {
      const [start, end] = [from.getTime(), to.getTime()];
      buckets.push({ from: start, to: end, label: formatSpan(start, end, zone, env.locale) });
    }
    from = to;
  }
  return buckets;
}

function columnOf(buckets: readonly HeatColumn[], at: number): number {
  let [low, high] = [0, buckets.length - 1];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const bucket = buckets[middle];
    if (!bucket) return -1;
    if (at < bucket.from) high = middle - 1;
    else if (at >= bucket.to) low = middle + 1;
    else return middle;
  }
  return -1;
}

interface Lines {
  readonly labels: readonly string[];
  readonly of: (one: Found) => number;
  readonly leftOut: number;
}

function nameLines(found: readonly Found[]): Lines {
  const sums = new Map<string, number>();
  for (const { name, value } of found) sums.set(name, (sums.get(name) ?? 0) + Math.abs(value));
  const kept = new Set(
    [...sums]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_LINES)
      .map(([name]) => name),
  );
  const labels = [...sums.keys()].filter((name) => kept.has(name));
  const index = new Map(labels.map((name, at) => [name, at]));
  return { labels, of: ({ name }) => index.get(name) ?? -1, leftOut: sums.size - labels.length };
}

/** Equal round ranges of the values, the largest on top. */
function valueLines(found: readonly Found[], widget: Widget, measured: string | null, env: ChartEnvironment): Lines {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { value } of found) [min, max] = [Math.min(min, value), Math.max(max, value)];
  const unit = unitOf(widget.settings.unit, measured);
  const ticks = valueTicks({ type: 'value', min, max, unit, locale: env.locale }, BINS_ROOM);
  const count = Math.max(1, ticks.values.length - 1);
  const labels = Array.from({ length: count }, (_, index) => `${ticks.labels[index]} – ${ticks.labels[index + 1]}`);
  return {
    labels: labels.toReversed(),
    of: ({ value }) => {
      const bin = ticks.values.findLastIndex((tick) => value >= tick);
      return count - 1 - Math.max(0, Math.min(count - 1, bin));
    },
    leftOut: 0,
  };
}
