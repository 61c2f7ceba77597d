import type { Locale } from '../definition/definition.ts';
import type { Unit } from '../period/units.ts';
import { addUnits, startOfUnit } from '../period/units.ts';
import { instantOf, localTime } from '../period/zone.ts';
import type { AxisPlan } from './content.ts';
import {
  formatClock,
  formatDate,
  formatDay,
  formatInstant,
  formatMonth,
  formatMonthName,
  formatYear,
} from './dates.ts';
import { estimateWidth } from './label-width.ts';
import type { Ticks } from './value-axis.ts';

type TimeAxis = Extract<AxisPlan, { type: 'time' }>;

/** A distance between ticks that people count in, and the room in points that one label of it takes. */
interface Step {
  readonly unit: Unit;
  readonly count: number;
  readonly room: number;
  readonly isQuarter?: boolean;
}

const HOUR = 3_600_000;
const LENGTHS: Readonly<Record<Unit, number>> = {
  s: 1000,
  m: 60_000,
  h: HOUR,
  d: 24 * HOUR,
  w: 7 * 24 * HOUR,
  M: 30.4 * 24 * HOUR,
  y: 365.2 * 24 * HOUR,
};

const steps = (unit: Unit, room: number, ...counts: readonly number[]): readonly Step[] =>
  counts.map((count) => ({ unit, count, room }));

const STEPS: readonly Step[] = [
  ...steps('s', 42, 1, 5, 10, 15, 30),
  ...steps('m', 32, 1, 5, 10, 15, 30),
  ...steps('h', 32, 1, 2, 3, 6, 12),
  ...steps('d', 24, 1, 2),
  ...steps('w', 34, 1, 2),
  ...steps('M', 36, 1, 3, 6),
  ...steps('y', 36, 1, 2, 5, 10, 20, 50, 100),
];

/** Bars of quarters are named as such. */
const QUARTERS: readonly Step[] = [{ unit: 'M', count: 3, room: 26, isQuarter: true }, ...STEPS];
const isQuarter = (bucket: number): boolean => bucket > 85 * 24 * HOUR && bucket < 95 * 24 * HOUR;

const MOST_TICKS = 200;
const SHORTEST_DAY = 22 * HOUR;

/**
 * Ticks on the boundaries of the zone's own clock and calendar: whole hours, midnights, Mondays, firsts of the month,
 * also where a day has 23 or 25 hours. The second line of a label names the day, month or year, where it changes.
 */
export function timeTicks(axis: TimeAxis, length: number): Ticks {
  const from = axis.from;
  const to = axis.to > from ? axis.to : from + 1;
  const step = (isQuarter(axis.bucket) ? QUARTERS : STEPS).find(
    ({ unit, count, room }) => ((to - from) / (LENGTHS[unit] * count)) * room <= length,
  );
  const chosen: Step = step ?? { unit: 'y', count: 1000, room: 36 };
  const starts = boundaries(from, to, chosen, axis.zone);
  const labels = labelsOf(starts, chosen, axis);
  // Whole days, months and years of bars are named below the middle of their bar, and only where there is one; hours
  // stay in their place.
  const shift = axis.bucket >= SHORTEST_DAY && LENGTHS[chosen.unit] >= LENGTHS.d ? axis.bucket / 2 : 0;
  const shown = starts.filter((start) => start + shift < to || shift === 0);
  const values = shown.map((start) => start + shift);
  const perPoint = (to - from) / length;
  const longWords = (index: number): string | null =>
    firstContext(chosen.unit, shown[index] ?? from, axis.zone, axis.locale);
  return { domain: [from, to], values, labels: parted(labels.slice(0, shown.length), values, perPoint, longWords) };
}

function boundaries(from: number, to: number, { unit, count }: Step, zone: string): readonly number[] {
  const values: number[] = [];
  let at = startOfCount(new Date(from), unit, count, zone);
  for (let index = 0; index < MOST_TICKS && at.getTime() <= to; index++) {
    if (at.getTime() >= from && at.getTime() !== values.at(-1)) values.push(at.getTime());
    const next = nextBoundary(at, unit, count, zone);
    at = next.getTime() > at.getTime() ? next : addUnits(at, count, unit, zone);
  }
  return values;
}

function startOfCount(instant: Date, unit: Unit, count: number, zone: string): Date {
  if (unit === 'd' || unit === 'w') return startOfUnit(instant, unit, zone);
  const local = localTime(startOfUnit(instant, unit, zone), zone);
  const down = (value: number): number => Math.floor(value / count) * count;
  switch (unit) {
    case 's':
      return instantOf({ ...local, second: down(local.second) }, zone);
    case 'm':
      return instantOf({ ...local, minute: down(local.minute) }, zone);
    case 'h':
      return instantOf({ ...local, hour: down(local.hour) }, zone);
    case 'M':
      return instantOf({ ...local, month: down(local.month - 1) + 1 }, zone);
    case 'y':
      return instantOf({ ...local, year: down(local.year) }, zone);
  }
}

/** Hours count by the wall clock, so that 00:00, 06:00, 12:00 stay so on the day a clock is changed. */
function nextBoundary(at: Date, unit: Unit, count: number, zone: string): Date {
  if (unit !== 'h' || count === 1) return addUnits(at, count, unit, zone);
  const local = localTime(at, zone);
  return instantOf({ ...local, hour: Math.floor(local.hour / count) * count + count }, zone);
}

const LABEL_SIZE = 7.5;

/** Where the second lines of two neighbours would touch, the later one says it for both. */
function parted(
  labels: Ticks['labels'],
  values: readonly number[],
  perPoint: number,
  longWords: (index: number) => string | null,
): Ticks['labels'] {
  const lines = labels.map((label) => [...label]);
  let before = -1;
  for (const [index, [, context = '']] of lines.entries()) {
    if (context === '') continue;
    const [, earlier = ''] = lines[before] ?? [];
    const room = ((values[index] ?? 0) - (values[before] ?? 0)) / perPoint;
    const needed = (estimateWidth(earlier, LABEL_SIZE) + estimateWidth(context, LABEL_SIZE)) / 2 + 4;
    if (earlier !== '' && room < needed) {
      lines[before] = [lines[before]?.[0] ?? '', ''];
      // What said the year is gone.
      if (before === 0) lines[index] = [lines[index]?.[0] ?? '', longWords(index) ?? context];
    }
    before = index;
  }
  return lines;
}

function labelsOf(values: readonly number[], step: Step, { zone, locale }: TimeAxis): Ticks['labels'] {
  const { unit } = step;
  const [fine, coarse]: readonly [Wording, Wording | null] = step.isQuarter ? [quarter, formatYear] : wordsOf(unit);
  let shown = '';
  return values.map((value) => {
    const line = fine(value, zone, locale);
    const context = coarse?.(value, zone, locale) ?? '';
    if (context === shown) return [line, ''];
    const long = shown === '' ? firstContext(unit, value, zone, locale) : null;
    shown = context;
    return [line, long ?? context];
  });
}

type Wording = (instant: number, zone: string, locale: Locale) => string;

function wordsOf(unit: Unit): readonly [Wording, Wording | null] {
  switch (unit) {
    case 's':
      return [(at, zone, locale) => formatClock(at, zone, locale, true), formatDay];
    case 'm':
    case 'h':
      return [formatClock, formatDay];
    case 'd':
    case 'w':
      return [dayNumber, formatMonthName];
    case 'M':
      return [formatMonthName, formatYear];
    case 'y':
      return [formatYear, null];
  }
}

const QUARTER_WORDS: Readonly<Record<Locale, (quarter: number) => string>> = {
  en: (number) => `Q${number}`,
  ru: (number) => `${number} кв.`,
  zh: (number) => `${number}季度`,
};

const quarter: Wording = (at, zone, locale) =>
  QUARTER_WORDS[locale](Math.floor((localTime(new Date(at), zone).month - 1) / 3) + 1);

const dayNumber: Wording = (at, zone, locale) =>
  formatInstant(at, zone, locale === 'zh' ? 'en' : locale, { day: 'numeric' });

/** The first label says the year too, for a report is read long after it was printed. */
function firstContext(unit: Unit, at: number, zone: string, locale: Locale): string | null {
  if (unit === 's' || unit === 'm' || unit === 'h') return formatDate(at, zone, locale);
  return unit === 'd' || unit === 'w' ? formatMonth(at, zone, locale) : null;
}
