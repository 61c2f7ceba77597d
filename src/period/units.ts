import { instantOf, type LocalTime, localMs, localOfMs, localTime, offsetMs } from './zone.ts';

/** Units of the period grammar and of bucket widths: second, minute, hour, day, week, month, year. */
export type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'y';

export const UNITS: readonly Unit[] = ['s', 'm', 'h', 'd', 'w', 'M', 'y'];

/** Length of a unit in milliseconds; of months and years their Gregorian average. */
export const UNIT_MS: Readonly<Record<Unit, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_629_746_000,
  y: 31_556_952_000,
};

const MIDNIGHT = { hour: 0, minute: 0, second: 0, millisecond: 0 } as const;

/**
 * `instant` moved by `count` units. Seconds to hours are elapsed time; days to years keep the wall-clock time of the
 * zone, and a day that the month does not have becomes its last day (31 January + 1 M = 28 or 29 February).
 */
export function addUnits(instant: Date, count: number, unit: Unit, zone: string): Date {
  if (unit === 's' || unit === 'm' || unit === 'h') return new Date(instant.getTime() + count * UNIT_MS[unit]);
  const local = localTime(instant, zone);
  if (unit === 'd' || unit === 'w') {
    return instantOf({ ...local, day: local.day + count * (unit === 'w' ? 7 : 1) }, zone);
  }
  return instantOf(addMonths(local, count * (unit === 'y' ? 12 : 1)), zone);
}

function addMonths(local: LocalTime, count: number): LocalTime {
  const months = local.year * 12 + (local.month - 1) + count;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  const first = localMs({ year, month: month + 1, day: 0, ...MIDNIGHT });
  return { ...local, year, month, day: Math.min(local.day, localOfMs(first).day) };
}

/** The first instant of the unit that `instant` lies in, by the clock of `zone`. Weeks begin on Monday (ISO 8601). */
export function startOfUnit(instant: Date, unit: Unit, zone: string): Date {
  if (unit === 's' || unit === 'm' || unit === 'h') {
    const offset = offsetMs(instant, zone);
    const wall = instant.getTime() + offset;
    return new Date(wall - modulo(wall, UNIT_MS[unit]) - offset);
  }
  const local = localTime(instant, zone);
  if (unit === 'd') return instantOf({ ...local, ...MIDNIGHT }, zone);
  if (unit === 'w') {
    const weekday = modulo(new Date(localMs(local)).getUTCDay() - 1, 7);
    return instantOf({ ...local, day: local.day - weekday, ...MIDNIGHT }, zone);
  }
  const month = unit === 'M' ? local.month : 1;
  return instantOf({ ...local, month, day: 1, ...MIDNIGHT }, zone);
}

/** The first instant of the quarter (January, April, July, October) that `instant` lies in. */
export function startOfQuarter(instant: Date, zone: string): Date {
  const local = localTime(instant, zone);
  return instantOf({ ...local, month: local.month - ((local.month - 1) % 3), day: 1, ...MIDNIGHT }, zone);
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
