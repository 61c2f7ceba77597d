import type { Widget } from '../definition/definition.ts';
import { startOfUnit } from '../period/units.ts';
import { localTime } from '../period/zone.ts';
import { formatInstant } from './dates.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import type { HeatTable, Reduction } from './heat-table.ts';
import { cellSums, MOST_COLUMNS, MOST_LINES } from './heat-table.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, instantOfValue, isNumber, isTime, numberOf, settingOf } from './mappings.ts';

type Part = 'hour' | 'weekday' | 'day' | 'month' | 'monthday';
const PARTS: readonly Part[] = ['hour', 'weekday', 'day', 'month', 'monthday'];
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;

/** Hours of the day by weekdays (or other parts of dates, as `columns` and `lines` say) by the zone's own clock. */
export function clockGrid(
  widget: Widget,
  series: readonly SeriesRows[],
  mappings: Mappings,
  reduction: Reduction,
  zone: string,
  env: ChartEnvironment,
): HeatTable | null {
  const part = (name: string, fallback: Part): Part => PARTS.find((one) => one === settingOf(widget, name)) ?? fallback;
  const [across, down] = [part('columns', 'hour'), part('lines', 'weekday')];
  const found: { at: number; value: number }[] = [];
  let measured: string | null = null;
  for (const { rows } of series) {
    const time = columnIndex(rows, mappings.x, [], isTime);
    const value = columnIndex(rows, mappings.y ?? mappings.field, [time], isNumber);
    measured ??= rows.columns[value]?.name ?? null;
    for (const row of rows.values) {
      const [at, amount] = [instantOfValue(row[time]), value < 0 ? 1 : numberOf(row[value])];
      if (at !== null && amount !== null) found.push({ at, value: amount });
    }
  }
  if (found.length === 0) return null;
  const columns = partIndex(across, found, zone, env);
  const lines = partIndex(down, found, zone, env);
  const sums = cellSums(measured === null ? 'sum' : reduction);
  for (const { at, value } of found) {
    const [column, line] = [columns.of(at), lines.of(at)];
    if (column < MOST_COLUMNS && line < MOST_LINES) sums.add(column, line, value);
  }
  return {
    columns: columns.labels.slice(0, MOST_COLUMNS).map((label) => ({ label, from: 0, to: 0 })),
    lines: lines.labels.slice(0, MOST_LINES),
    cells: sums.all(),
    ...{ time: null, isOrdered: true, isCount: measured === null, column: measured },
    leftOut: {
      columns: Math.max(0, columns.labels.length - MOST_COLUMNS),
      lines: Math.max(0, lines.labels.length - MOST_LINES),
    },
  };
}

function partIndex(part: Part, found: readonly { at: number }[], zone: string, { locale }: ChartEnvironment) {
  const local = (at: number) => localTime(new Date(at), zone);
  const say = (at: number, options: Intl.DateTimeFormatOptions): string => formatInstant(at, 'UTC', locale, options);
  const counted = (count: number, label: (index: number) => string) =>
    Array.from({ length: count }, (_, at) => label(at));
  switch (part) {
    case 'hour':
      return { labels: counted(24, (hour) => String(hour).padStart(2, '0')), of: (at: number) => local(at).hour };
    case 'weekday':
      return {
        labels: counted(7, (day) => say(MONDAY + day * DAY, { weekday: 'short' })),
        of: (at: number) => {
          const { year, month, day } = local(at);
          return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
        },
      };
    case 'month':
      return {
        labels: counted(12, (month) => say(Date.UTC(2024, month, 1), { month: 'short' })),
        of: (at: number) => local(at).month - 1,
      };
    case 'monthday':
      return { labels: counted(31, (day) => String(day + 1)), of: (at: number) => local(at).day - 1 };
    case 'day': {
      const start = (at: number): number => startOfUnit(new Date(at), 'd', zone).getTime();
      const days = [...new Set(found.map(({ at }) => start(at)))].sort((a, b) => a - b);
      const index = new Map(days.map((day, at) => [day, at]));
      const label = (day: number): string => formatInstant(day, zone, locale, { day: 'numeric', month: 'short' });
      return { labels: days.map(label), of: (at: number) => index.get(start(at)) ?? 0 };
    }
  }
}
