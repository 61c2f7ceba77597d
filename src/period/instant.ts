import { badRequest } from '../errors.ts';
import { addUnits, startOfUnit, UNIT_MS, UNITS, type Unit } from './units.ts';
import { instantOf, type LocalTime, localMs, localOfMs } from './zone.ts';

/** An instant, and the end of the whole unit that its text names: of `2024-05` the first of June, else null. */
export interface ParsedInstant {
  readonly instant: Date;
  readonly unitEnd: Date | null;
}

const RELATIVE = /^now((?:[+-]\d{1,9}[smhdwMy]?|\/[smhdwMy])*)$/;
const STEP = /([+-])(\d{1,9})([smhdwMy]?)|\/([smhdwMy])/g;
const ABSOLUTE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/i;
/** Instants outside the years 1 to 9999 are refused: no source has such data, and four-digit years print everywhere. */
const EARLIEST = Date.parse('0001-01-02T00:00:00Z');
const LATEST = Date.parse('9999-12-30T00:00:00Z');

/**
 * One end of a period. Relative: `now`, then any number of steps in order: `±n` with a unit (`s m h d w M y`; without
 * a unit n counts days, as in the cruddy v2 sample `now-1`) or `/unit` (back to the start of that unit). Absolute: an
 * ISO 8601 year, month, day or time; without an offset it is wall-clock time of `zone`.
 * @throws BroadsheetError `bad_request`
 */
export function parseInstant(text: string, now: Date, zone: string): ParsedInstant {
  const relative = RELATIVE.exec(text.trim());
  const parsed = relative === null ? parseAbsolute(text, zone) : parseRelative(relative[1] ?? '', now, zone);
  if (parsed === null) throw badRequest(`invalid period: ${quoted(text)} is not an instant`);
  const { instant, unitEnd } = parsed;
  if (!inRange(instant) || (unitEnd !== null && !inRange(unitEnd))) {
    throw badRequest(`invalid period: ${quoted(text)} is outside the years 1 to 9999`);
  }
  return parsed;
}

const inRange = (instant: Date): boolean => instant.getTime() >= EARLIEST && instant.getTime() <= LATEST;

/** User text for an error message: short, on one line. */
export const quoted = (text: string): string => JSON.stringify(text.slice(0, 64));

function parseRelative(text: string, now: Date, zone: string): ParsedInstant {
  let instant = now;
  let unit: Unit | null = null;
  for (const [, sign, count, given, rounding] of text.matchAll(STEP)) {
    unit = UNITS.find((name) => name === rounding) ?? null;
    if (unit !== null) instant = startOfUnit(instant, unit, zone);
    else {
      const by = UNITS.find((name) => name === given) ?? 'd';
      const steps = sign === '-' ? -Number(count) : Number(count);
      // Calendar arithmetic works on dates that exist: a step out of their range must not be taken.
      const roughly = new Date(instant.getTime() + steps * UNIT_MS[by]);
      instant = inRange(roughly) ? addUnits(instant, steps, by, zone) : roughly;
    }
    if (!inRange(instant)) return { instant, unitEnd: null };
  }
  return { instant, unitEnd: unit === null ? null : addUnits(instant, 1, unit, zone) };
}

function parseAbsolute(text: string, zone: string): ParsedInstant | null {
  const match = ABSOLUTE.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const local: LocalTime = {
    year: Number(year),
    month: Number(month ?? 1),
    day: Number(day ?? 1),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Number((fraction ?? '').padEnd(3, '0').slice(0, 3)),
  };
  if (!isReal(local)) return null;
  if (offset !== undefined) {
    const ahead = offsetOf(offset);
    return ahead === null ? null : { instant: new Date(localMs(local) - ahead), unitEnd: null };
  }
  const instant = instantOf(local, zone);
  if (hour !== undefined) return { instant, unitEnd: null };
  const unit: Unit = day !== undefined ? 'd' : month !== undefined ? 'M' : 'y';
  return { instant, unitEnd: addUnits(instant, 1, unit, zone) };
}

/** False for 30 February, 25:00 and the like, which would carry over into the next unit. */
function isReal(local: LocalTime): boolean {
  const carried = localOfMs(localMs(local));
  return (Object.keys(local) as (keyof LocalTime)[]).every((part) => carried[part] === local[part]);
}

function offsetOf(text: string): number | null {
  if (text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || 0);
  if (hours > 18 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
