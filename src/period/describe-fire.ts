import { nextFire } from './cron.ts';
import { localMs, localTime, offsetMs } from './zone.ts';

/**
 * How a clock change bears on a fire time: `gap` — the wall clock skips the time asked for, so it fires at the first
 * instant after; `overlap` — the wall clock shows this time twice; null — an ordinary one.
 */
export type ClockChange = 'gap' | 'overlap' | null;

const HOUR_MS = 3_600_000;

/** A fire time as the wall clock of its zone shows it (RFC 3339 with offset), and what a clock change does to it. */
export function describeFire(
  interval: string,
  timeZone: string,
  at: Date,
): { local: string; clockChange: ClockChange } {
  const wall = localMs(localTime(at, timeZone));
  return { local: withOffset(wall, offsetMs(at, timeZone)), clockChange: clockChangeOf(interval, timeZone, at, wall) };
}

function clockChangeOf(interval: string, timeZone: string, at: Date, wall: number): ClockChange {
  const asked = nextFire(interval, 'UTC', new Date(wall - 1));
  if (asked?.getTime() !== wall) return 'gap';
  const offset = offsetMs(at, timeZone);
  const shifts = [-3, 3].map((hours) => offsetMs(new Date(at.getTime() + hours * HOUR_MS), timeZone) - offset);
  const twice = shifts.some((shift) => {
    const other = new Date(at.getTime() - shift);
    return shift !== 0 && localMs(localTime(other, timeZone)) === wall;
  });
  return twice ? 'overlap' : null;
}

function withOffset(wall: number, offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  return `${new Date(wall).toISOString().slice(0, 19)}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
