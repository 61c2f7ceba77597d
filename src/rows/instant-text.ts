/** Offsets change on quarters of an hour at the finest, in every zone since 1900. */
const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const MAX_KNOWN = 100_000;

/** Milliseconds that a zone's wall clock is ahead of UTC at an instant. */
export type OffsetAt = (instant: number) => number;

/**
 * The offsets of a zone, each asked for once per quarter of an hour: tables hold a hundred thousand instants.
 * @param timeZone IANA name.
 */
export function zoneOffsets(timeZone: string): OffsetAt {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (instant) => {
    const quarter = Math.floor(instant / QUARTER_MS);
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = offsetOf(parts, quarter * QUARTER_MS);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(quarter, offset);
    }
    return offset;
  };
}

/** `longOffset` says `GMT`, `GMT+03:00` or, for old local times, `GMT+02:30:17`. */
function offsetOf(parts: Intl.DateTimeFormat, instant: number): number {
  const name = parts.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds = '0'] = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name) ?? [];
  if (sign === undefined) return 0;
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}

/** An instant as RFC 3339 says it in a zone, `2026-05-03T09:00:00+03:00`; milliseconds only where there are some. */
export function instantText(instant: number, offsetAt: OffsetAt): string {
  const offset = Math.round(offsetAt(instant) / MINUTE_MS) * MINUTE_MS;
  const wall = new Date(instant + offset).toISOString();
  const bare = wall.endsWith('.000Z') ? wall.slice(0, -5) : wall.slice(0, -1);
  if (offset === 0) return `${bare}Z`;
  const minutes = Math.abs(offset) / MINUTE_MS;
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${bare}${offset < 0 ? '-' : '+'}${hour}:${minute}`;
}

/** A calendar day, `2026-05-03`, of its midnight UTC. */
export const dayText = (midnight: number): string => new Date(midnight).toISOString().replace(/T.*$/, '');

/** Whether JavaScript has a date at this number of milliseconds. */
export const isInstant = (value: number): boolean => Math.abs(value) <= 8.64e15;
