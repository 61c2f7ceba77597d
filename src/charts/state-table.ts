import type { Widget } from '../definition/definition.ts';
import type { Column, Rows, Value } from '../rows/rows.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, instantOfValue, isText, isTime, numberOf, shortText } from './mappings.ts';
import { formatExact } from './numbers.ts';
import { rhythmOf } from './time-join.ts';
import { periodOn } from './time-range.ts';
import { chartWords } from './words.ts';

/** One state from one instant to another. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly state: string;
}

export interface StateTable {
  readonly lanes: readonly { readonly name: string; readonly stretches: readonly Stretch[] }[];
  readonly from: number;
  readonly to: number;
  readonly zone: string;
}

interface Change {
  readonly at: number;
  /** End, where the rows say one. */
  readonly end: number | null;
  /** Null = nothing is known from here on. */
  readonly state: string | null;
}

interface Columns {
  readonly time: number;
  readonly end: number;
  readonly entity: number;
  readonly state: number;
}

const isState = (column: Column): boolean => isText(column) || column.type === 'number';

/** The first time is the start, a second one the end; of two texts the first is the entity, the second its state. */
function columnsOf(rows: Rows, mappings: Mappings): Columns {
  const time = columnIndex(rows, mappings.x, [], isTime);
  const end = columnIndex(rows, null, [time], isTime);
  const texts = rows.columns.flatMap((column, index) => (isText(column) && index !== time ? [index] : []));
  const named = mappings.y === null ? -1 : rows.columns.findIndex(({ name }) => name === mappings.y);
  const group = mappings.group === null ? -1 : rows.columns.findIndex(({ name }) => name === mappings.group);
  const free = texts.filter((index) => index !== named && index !== group);
  const entity = group >= 0 ? group : named >= 0 ? (free[0] ?? -1) : free.length > 1 ? (free[0] ?? -1) : -1;
  const state = named >= 0 ? named : columnIndex(rows, null, [time, end, entity], isText, isState);
  const textOnly =
    entity < 0 && group < 0 && named < 0 && texts.length === 1 && rows.columns.some(isNumberBeside(rows));
  return textOnly
    ? { time, end, entity: texts[0] ?? -1, state: rows.columns.findIndex(isNumberBeside(rows)) }
    : { time, end, entity, state };
}

/** With one text and a number the text is the entity and the number its state. */
const isNumberBeside =
  (_: Rows) =>
  ({ type }: Column): boolean =>
    type === 'number' || type === 'boolean';

export const hasStates = ({ rows }: SeriesRows, mappings: Mappings): boolean => {
  const { time, state } = columnsOf(rows, mappings);
  return time >= 0 && isTime(rows.columns[time] ?? { name: '', type: 'text' }) && state >= 0;
};

/**
 * Reads rows into stretches: a state lasts until the entity's next row, until the end the row names, or until the end
 * of the period; never over a gap in a regular rhythm that the query asked for. Null ends a state.
 */
export function stateTableOf(
  widget: Widget,
  series: readonly SeriesRows[],
  mappings: Mappings,
  env: ChartEnvironment,
): StateTable {
  const changes = new Map<string, Change[]>();
  let zone = env.timeZone;
  for (const { name, rows } of series) {
    const columns = columnsOf(rows, mappings);
    if (columns.time < 0 || columns.state < 0) continue;
    if (rows.columns[columns.time]?.type === 'date') zone = 'UTC';
    for (const row of rows.values) {
      const at = instantOfValue(row[columns.time]);
      if (at === null) continue;
      const entity = columns.entity < 0 ? name : wordOf(row[columns.entity], env) || chartWords(env.locale).noName;
      const known = changes.get(entity) ?? [];
      if (known.length === 0) changes.set(entity, known);
      const end = columns.end < 0 ? null : instantOfValue(row[columns.end]);
      known.push({ at, end, state: wordOf(row[columns.state], env) || null });
    }
  }
  const period = periodOn(zone, env);
  const sorted = [...changes].map(([name, of]) => ({ name, of: of.toSorted((a, b) => a.at - b.at) }));
  const last = sorted.reduce((end, { of }) => Math.max(end, of.at(-1)?.end ?? of.at(-1)?.at ?? end), -Infinity);
  const gap = gapOf(widget, sorted);
  const isEnded = sorted.every(({ of }) => of.every(({ end: own }) => own !== null));
  const until = isEnded
    ? last
    : period !== null && period.to > last
      ? Math.min(period.to, last + Math.max(gap, 0))
      : last + gap;
  const end = Number.isFinite(until) ? until : period !== null && period.to > last ? period.to : last + 3_600_000;
  const lanes = sorted.flatMap(({ name, of }) => {
    const stretches = joinStates(of, end, gap);
    return stretches.length === 0 ? [] : [{ name, stretches }];
  });
  const first = lanes.reduce((start, { stretches }) => Math.min(start, stretches[0]?.from ?? start), Infinity);
  const from = period !== null && period.from < first && period.to > first ? period.from : first;
  const to = period !== null && period.from < first && period.to > end ? period.to : end;
  return { lanes, from, to: Math.max(to, from + 1), zone };
}

/** How long a state may last without being said again: a bucket of the query and a bit; without one, for ever. */
function gapOf(widget: Widget, lanes: readonly { readonly of: readonly Change[] }[]): number {
  if (!widget.series.some(({ query }) => query?.interval)) return Number.POSITIVE_INFINITY;
  const points = lanes.map(({ of }) => ({ name: '', column: '', points: of.map(({ at }) => ({ at, value: 1 })) }));
  const { interval } = rhythmOf(widget, points);
  return interval > 0 ? interval : Number.POSITIVE_INFINITY;
}

/** Changes as stretches, equal states that touch joined into one. */
function joinStates(changes: readonly Change[], end: number, gap: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const [index, { at, end: own, state }] of changes.entries()) {
    const next = changes[index + 1]?.at ?? end;
    const to = Math.min(own ?? (next - at > gap * 1.9 ? at + gap : next), own === null ? next : Math.max(own, at));
    if (state === null || to <= at) continue;
    const before = stretches.at(-1);
    if (before?.state === state && at <= before.to)
      stretches[stretches.length - 1] = { ...before, to: Math.max(to, before.to) };
    else stretches.push({ from: at, to, state });
  }
  return stretches;
}

function wordOf(value: Value | undefined, env: ChartEnvironment): string {
  const words = chartWords(env.locale);
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value !== 'number') return shortText(value);
  const number = numberOf(value);
  return number === null ? '' : formatExact(number, env.locale);
}
