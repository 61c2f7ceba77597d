import { badRequest } from '../errors.ts';

/** Wall-clock time of some zone, proleptic Gregorian. `month` is 1–12; out-of-range parts carry over as in Date.UTC. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The canonical spelling of an IANA zone name (`europe/berlin` → `Europe/Berlin`).
 * @throws BroadsheetError `bad_request` when the runtime's zone data has no such zone.
 */
export function canonicalZone(name: string): string {
  return formatOf(name).resolvedOptions().timeZone;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
    return format;
  } catch (error) {
    throw badRequest(`unknown time zone: ${zone.slice(0, 64)}`, { cause: String(error) });
  }
}

/** What a wall clock in `zone` shows at `instant`. */
export function localTime(instant: Date, zone: string): LocalTime {
  const parts: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(instant)) parts[part.type] = part.value;
  const year = Number(parts.year);
  return {
    year: parts.era === 'BC' ? 1 - year : year,
    month: Number(parts.month),
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    second: Number(parts.second),
    millisecond: ((instant.getTime() % 1000) + 1000) % 1000,
  };
}

/** The parts read as if they were UTC, in epoch milliseconds: lets wall-clock time be computed with. */
export function localMs(local: LocalTime): number {
  const date = new Date(0);
  date.setUTCFullYear(local.year, local.month - 1, local.day);
  date.setUTCHours(local.hour, local.minute, local.second, local.millisecond);
  return date.getTime();
}

/** The wall-clock parts of a time made by {@link localMs}. */
export function localOfMs(milliseconds: number): LocalTime {
  const date = new Date(milliseconds);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Milliseconds that `zone` is ahead of UTC at `instant`. */
export function offsetMs(instant: Date, zone: string): number {
  return localMs(localTime(instant, zone)) - instant.getTime();
}

/**
 * The instant at which a wall clock in `zone` shows `local`. A time that a clock change skips moves forward by the
 * length of the gap; a time that comes twice means the first (`compatible` of RFC 9557 and of Temporal).
 */
export function instantOf(local: LocalTime, zone: string): Date {
  const wall = localMs(local);
  const before = offsetMs(new Date(wall - DAY_MS), zone);
  const after = offsetMs(new Date(wall + DAY_MS), zone);
  const candidates = [wall - before, wall - after].filter(
    (candidate) => candidate + offsetMs(new Date(candidate), zone) === wall,
  );
  return new Date(candidates.length > 0 ? Math.min(...candidates) : wall - before);
}
